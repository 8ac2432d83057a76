resource "eventbridge_rule" "test" {
  name                = "stop-instances"
  schedule_expression = "cron(0 0 * * ? *)"
}

resource "eventbridge_target" "test" {
  rule      = eventbridge_rule.test.name
  target_id = "stop"
  arn       = "arn:aws:ssm:${var.region}::document/AWS-RunShellScript"
  role_arn  = "arn:aws:iam::${var.account}:role/events"
  input     = jsonencode({ commands = ["halt"] })

  run_command_targets {
    key    = "tag:Terminate"
    values = ["midnight", "noon"]
  }
}
