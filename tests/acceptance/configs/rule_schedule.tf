# A schedule on the default bus, all else left to its default.
resource "eventbridge_rule" "test" {
  name                = "hourly"
  schedule_expression = "rate(1 hour)"
}
