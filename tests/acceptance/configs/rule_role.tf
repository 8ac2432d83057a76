resource "eventbridge_rule" "test" {
  name                = "with-role"
  schedule_expression = "rate(1 hour)"
  role_arn            = "arn:aws:iam::${var.account}:role/events"
}
