# ministack keeps principals and conditions in a shape of its own.
# emulators: moto
resource "eventbridge_permission" "account" {
  principal    = "111122223333"
  statement_id = "DevAccountAccess"
}

resource "eventbridge_permission" "organization" {
  principal    = "*"
  statement_id = "OrganizationAccess"
  action       = "events:PutEvents"

  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = "o-1234567890"
  }
}
