data "eventbridge_rules" "orders" {
  event_bus_name = "orders"
  name_prefix    = "shop-"
}

output "disabled_rules" {
  value = [for rule in data.eventbridge_rules.orders.rules : rule.name if rule.state == "DISABLED"]
}
