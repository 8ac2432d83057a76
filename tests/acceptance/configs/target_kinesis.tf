resource "eventbridge_rule" "test" {
  name                = "stream"
  schedule_expression = "rate(1 hour)"
}

resource "eventbridge_target" "test" {
  rule      = eventbridge_rule.test.name
  target_id = "stream"
  arn       = "arn:aws:kinesis:${var.region}:${var.account}:stream/orders"
  role_arn  = "arn:aws:iam::${var.account}:role/events"

  kinesis_target {
    partition_key_path = "$.detail"
  }
}
