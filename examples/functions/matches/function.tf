terraform {
  required_version = ">= 1.8" # functions of providers

  required_providers {
    eventbridge = { source = "eventbridge-rs/eventbridge" }
  }
}

# The answer is `true`:
output "matches" {
  value = provider::eventbridge::matches(
    { source = ["shop.orders"] },
    { source = "shop.orders", detail-type = "Order Placed", detail = {} },
  )
}
