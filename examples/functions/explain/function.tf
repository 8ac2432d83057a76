terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    eventbridge = { source = "eventbridge-rs/eventbridge" }
  }
}

output "why_not" {
  value = provider::eventbridge::explain(
    { source = ["shop.orders"], detail = { total = [{ numeric = [">", 100] }] } },
    { source = "shop.orders", detail-type = "Order Placed", detail = { total = 10 } },
  )
}
