# Only what is required: the id is generated.
resource "eventbridge_rule" "test" {
  name                = "minimal"
  schedule_expression = "rate(1 hour)"
}

resource "eventbridge_target" "test" {
  rule = eventbridge_rule.test.name
  arn  = "arn:aws:sns:${var.region}:${var.account}:topic"
}
