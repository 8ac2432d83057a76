# A pattern, and events that it is held to at every plan, offline:
resource "eventbridge_rule" "big_orders" {
  name        = "big-orders"
  description = "Orders of more than 100"

  event_pattern = jsonencode({
    source      = ["shop.orders"]
    detail-type = ["Order Placed"]
    detail      = { total = [{ numeric = [">", 100] }] }
  })

  tests = {
    "a big order" = {
      event = jsonencode({
        source      = "shop.orders"
        detail-type = "Order Placed"
        detail      = { total = 250 }
      })
    }
    "a small order" = {
      matches = false
      event = jsonencode({
        source      = "shop.orders"
        detail-type = "Order Placed"
        detail      = { total = 10 }
      })
    }
  }
}
