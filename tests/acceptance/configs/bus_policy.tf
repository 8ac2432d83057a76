# ministack keeps an open statement instead of the policy that it was given.
# emulators: moto
resource "eventbridge_bus" "test" {
  name = "shared"
}

resource "eventbridge_bus_policy" "test" {
  event_bus_name = eventbridge_bus.test.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OrganizationAccess"
        Effect    = "Allow"
        Principal = "*"
        Action    = ["events:DescribeRule", "events:ListRules", "events:PutEvents"]
        Resource  = [eventbridge_bus.test.arn, "${replace(eventbridge_bus.test.arn, ":event-bus/", ":rule/")}/*"]
        Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1234567890" } }
      },
      {
        Sid       = "AccountAccess"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::999988887777:root" }
        Action    = "events:PutEvents"
        Resource  = eventbridge_bus.test.arn
      },
    ]
  })
}
