resource "eventbridge_rule" "test" {
  name          = "hundred"
  event_pattern = jsonencode({ source = ["shop"] })
}

resource "eventbridge_target" "test" {
  rule      = eventbridge_rule.test.name
  target_id = "hundred"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue"

  input_transformer {
    input_paths    = { for n in range(100) : "key${n}" => "$.detail.key${n}" }
    input_template = jsonencode({ for n in range(100) : "key${n}" => "<key${n}>" })
  }
}
