resource "eventbridge_bus" "orders" {
  name = "orders"
}

resource "eventbridge_archive" "orders" {
  name             = "orders"
  event_source_arn = eventbridge_bus.orders.arn
  retention_days   = 30

  event_pattern = jsonencode({
    source = [{ prefix = "shop." }]
  })
}
