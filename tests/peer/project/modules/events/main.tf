variable "target" {
  type = string
}

resource "aws_cloudwatch_event_rule" "all" {
  name          = "audit"
  event_pattern = jsonencode({ account = [{ exists = true }] })
}

resource "aws_cloudwatch_event_target" "all" {
  rule      = aws_cloudwatch_event_rule.all.name
  target_id = "audit"
  arn       = var.target
}

output "rule" {
  value = aws_cloudwatch_event_rule.all.arn
}
