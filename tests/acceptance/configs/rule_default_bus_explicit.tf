# "default" written out is the default.
resource "eventbridge_rule" "test" {
  name           = "explicit"
  event_bus_name = "default"
  event_pattern  = jsonencode({ source = ["shop.orders"] })
}

resource "eventbridge_target" "test" {
  rule           = eventbridge_rule.test.name
  event_bus_name = "default"
  target_id      = "queue"
  arn            = "arn:aws:sqs:${var.region}:${var.account}:orders"
}
