# As many targets as AWS allows on one rule.
resource "eventbridge_rule" "test" {
  name          = "fan-out"
  event_pattern = jsonencode({ source = ["shop.orders"] })
}

resource "eventbridge_target" "test" {
  count     = 5
  rule      = eventbridge_rule.test.name
  target_id = "queue-${count.index}"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue-${count.index}"
}
