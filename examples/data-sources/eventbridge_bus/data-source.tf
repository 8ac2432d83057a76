data "eventbridge_bus" "default" {
  name = "default"
}

output "bus_arn" {
  value = data.eventbridge_bus.default.arn
}
