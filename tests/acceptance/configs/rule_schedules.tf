# The forms of schedules found in published projects.
locals {
  schedules = {
    minute        = "rate(1 minute)"
    five          = "rate(5 minutes)"
    day           = "rate(1 day)"
    week          = "rate(7 days)"
    noon          = "cron(0 12 * * ? *)"
    weekdays      = "cron(15 10 ? * MON-FRI *)"
    office        = "cron(0/15 8-17 ? * 2-6 *)"
    first         = "cron(0 8 1 * ? *)"
    last_day      = "cron(0 0 L * ? *)"
    last_friday   = "cron(0 18 ? * 6L *)"
    nearest       = "cron(0 9 15W * ? *)"
    second_monday = "cron(0 9 ? * 2#2 *)"
    years         = "cron(0 0 1 JAN ? 2027-2030)"
    night         = "cron(30 20-2 * * ? *)"
    list          = "cron(0 6,12,18 * * ? *)"
  }
}

resource "eventbridge_rule" "test" {
  for_each            = local.schedules
  name                = "at-${each.key}"
  description         = "Runs ${each.value}"
  schedule_expression = each.value
}
