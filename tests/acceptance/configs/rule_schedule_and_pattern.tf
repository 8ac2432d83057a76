# One rule may carry both.
resource "eventbridge_rule" "test" {
  name                = "both"
  schedule_expression = "rate(5 minutes)"
  event_pattern       = jsonencode({ source = ["aws.ec2"] })
}
