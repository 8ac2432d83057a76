terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    eventbridge = { source = "eventbridge-rs/eventbridge" }
  }
}

output "sample" {
  value = provider::eventbridge::event("shop.orders", "Order Placed", { id = "o-1", total = 250 })
}
