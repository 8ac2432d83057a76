# On a schedule, in UTC, on the default bus:
resource "eventbridge_rule" "every_morning" {
  name                = "every-morning"
  schedule_expression = "cron(0 6 ? * MON-FRI *)"
}
