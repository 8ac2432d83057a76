data "eventbridge_rule" "orders" {
  name           = "new-order"
  event_bus_name = "orders"
}

output "targets" {
  value = data.eventbridge_rule.orders.targets[*].arn
}
