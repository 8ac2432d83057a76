resource "eventbridge_rule" "test" {
  name                = "fifo"
  schedule_expression = "rate(1 hour)"
}

resource "eventbridge_target" "fifo" {
  rule      = eventbridge_rule.test.name
  target_id = "fifo"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:orders.fifo"

  sqs_target {
    message_group_id = "event_group"
  }
}

# Standard queues take a group too: fair queues.
resource "eventbridge_target" "fair" {
  rule      = eventbridge_rule.test.name
  target_id = "fair"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:orders"

  sqs_target {
    message_group_id = "tenant"
  }
}
