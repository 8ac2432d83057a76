resource "eventbridge_rule" "test" {
  name          = "inputs"
  event_pattern = jsonencode({ source = ["shop.orders"] })
}

resource "eventbridge_target" "encoded" {
  rule      = eventbridge_rule.test.name
  target_id = "encoded"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue"
  input     = jsonencode({ hello = "world", number = 12.5, none = null })
}

resource "eventbridge_target" "heredoc" {
  rule      = eventbridge_rule.test.name
  target_id = "heredoc"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue"
  input     = <<EOF
{ "commands": ["halt"],
  "when":     { "at": "once" } }
EOF
}

resource "eventbridge_target" "text" {
  rule      = eventbridge_rule.test.name
  target_id = "text"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue"
  input     = "\"just a string\""
}

resource "eventbridge_target" "path" {
  rule       = eventbridge_rule.test.name
  target_id  = "path"
  arn        = "arn:aws:sqs:${var.region}:${var.account}:queue"
  input_path = "$.detail"
}
