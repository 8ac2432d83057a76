resource "eventbridge_rule" "test" {
  name          = "lambda"
  event_pattern = jsonencode({ source = ["log.addProduct"] })
}

resource "eventbridge_target" "function" {
  rule      = eventbridge_rule.test.name
  target_id = "function"
  arn       = "arn:aws:lambda:${var.region}:${var.account}:function:writer"
}

resource "eventbridge_target" "alias" {
  rule      = eventbridge_rule.test.name
  target_id = "alias"
  arn       = "arn:aws:lambda:${var.region}:${var.account}:function:writer:live"
}
