# `rule` takes the rule's id too: the bus comes with it.
resource "eventbridge_bus" "test" {
  name = "orders"
}

resource "eventbridge_rule" "test" {
  name           = "placed"
  event_bus_name = eventbridge_bus.test.name
  event_pattern  = jsonencode({ source = ["shop.orders"] })
}

resource "eventbridge_target" "by_id" {
  rule      = eventbridge_rule.test.id
  target_id = "by-id"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:one"
}

resource "eventbridge_target" "by_arn" {
  rule      = eventbridge_rule.test.arn
  target_id = "by-arn"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:two"
}
