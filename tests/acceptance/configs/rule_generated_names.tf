resource "eventbridge_rule" "prefixed" {
  name_prefix         = "nightly-"
  schedule_expression = "cron(0 0 * * ? *)"
}

resource "eventbridge_rule" "generated" {
  schedule_expression = "rate(5 minutes)"
}
