# A rule on a bus of its own, by the bus's name.
resource "eventbridge_bus" "test" {
  name = "orders"
}

resource "eventbridge_rule" "test" {
  name           = "placed"
  event_bus_name = eventbridge_bus.test.name
  description    = "Order placed"
  event_pattern  = jsonencode({ source = ["shop.orders"] })
}
