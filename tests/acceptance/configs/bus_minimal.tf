resource "eventbridge_bus" "test" {
  name = "orders"
}
