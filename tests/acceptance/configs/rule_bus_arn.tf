# The bus given by its ARN: the configuration's spelling stays.
resource "eventbridge_bus" "test" {
  name = "orders"
}

resource "eventbridge_rule" "test" {
  name           = "placed"
  event_bus_name = eventbridge_bus.test.arn
  event_pattern  = jsonencode({ source = ["shop.orders"] })
}

resource "eventbridge_target" "test" {
  rule           = eventbridge_rule.test.name
  event_bus_name = eventbridge_bus.test.arn
  arn            = "arn:aws:sqs:${var.region}:${var.account}:orders"
}
