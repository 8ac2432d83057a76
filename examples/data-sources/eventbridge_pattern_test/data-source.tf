terraform {
  required_providers {
    eventbridge = { source = "eventbridge-rs/eventbridge" }
  }
}

# Runs at plan, with no credentials: a pattern of another stack, held to events.
data "eventbridge_pattern_test" "orders" {
  event_pattern = jsonencode({
    source = ["shop.orders"]
    detail = { total = [{ numeric = [">", 100] }] }
  })

  tests = {
    "a big order" = {
      event = jsonencode({
        source      = "shop.orders"
        detail-type = "Order Placed"
        detail      = { total = 250 }
      })
    }
    "another service" = {
      matches = false
      event   = jsonencode({ source = "shop.stock", detail-type = "Stock Low", detail = {} })
    }
  }
}
