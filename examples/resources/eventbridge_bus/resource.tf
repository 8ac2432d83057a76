resource "eventbridge_bus" "orders" {
  name        = "orders"
  description = "Everything that happens to an order"
}
