data "eventbridge_buses" "shop" {
  name_prefix = "shop-"
}

output "names" {
  value = data.eventbridge_buses.shop.event_buses[*].name
}
