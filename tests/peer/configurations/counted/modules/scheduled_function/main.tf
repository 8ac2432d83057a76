variable "name" { type = string }
variable "enabled" {
  type    = bool
  default = true
}
variable "schedule" {
  type    = string
  default = "rate(1 hour)"
}

locals {
  count = var.enabled ? 1 : 0
  // The rule's name, or nothing.
  rule_name = var.enabled ? aws_cloudwatch_event_rule.this[0].name : null
}

resource "aws_cloudwatch_event_rule" "this" {
  count = local.count # all or nothing

  name                = "${var.name}-schedule"
  schedule_expression = var.schedule
  is_enabled          = var.enabled

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [is_enabled, tags["touched"]]
  }
}

resource "aws_cloudwatch_event_target" "this" {
  count = local.count

  rule      = aws_cloudwatch_event_rule.this[count.index].name
  target_id = coalesce("function", one(aws_cloudwatch_event_rule.this[*].id))
  arn       = "arn:aws:lambda:eu-west-1:123456789012:function:${var.name}"

  depends_on = [aws_lambda_permission.events, /* and of course */ aws_cloudwatch_event_rule.this]
}

resource "aws_lambda_permission" "events" {
  count = local.count

  function_name = var.name
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.this[0].arn
}

output "rule_arn" {
  description = "ARN of the aws_cloudwatch_event_rule."
  value       = try(aws_cloudwatch_event_rule.this[0].arn, "")
}
output "rule_ids" { value = join(",", aws_cloudwatch_event_rule.this.*.id) }
output "legacy" { value = var.enabled ? aws_cloudwatch_event_rule.this.0.name : "" }
output "target" { value = { for k, t in aws_cloudwatch_event_target.this : k => t.target_id if t.rule == local.rule_name } }
