# The commonest of all: a cron job.
variable "name" {
  default = "cleanup"
}

variable "enabled" {
  type    = bool
  default = true
}

resource "eventbridge_rule" "schedule" {
  name                = "${var.name}-schedule"
  description         = "Runs ${var.name} every night"
  schedule_expression = "cron(0 3 * * ? *)"
  state               = var.enabled ? "ENABLED" : "DISABLED"
}

resource "eventbridge_target" "function" {
  rule      = eventbridge_rule.schedule.name
  target_id = var.name
  arn       = "arn:aws:lambda:${var.region}:${var.account}:function:${var.name}"
  input     = jsonencode({ dryRun = false })
}

output "source_arn_for_the_permission" {
  value = eventbridge_rule.schedule.arn
}
