# On a bus that exists, with rows of its own shape that expire, and producers that
# may publish the same order twice:
resource "eventbridge_product_log_pipeline" "orders" {
  name            = "orders-log"
  event_bus_name  = "orders"
  idempotency_key = "$.detail.orderId"

  event_pattern = jsonencode({
    source      = ["shop.orders"]
    detail-type = ["Order Placed"]
  })

  log_item = {
    SK      = "Order#Log"
    OrderId = "$.detail.orderId:S"
    Total   = "$.detail.total:N"
    Coupon  = "$.detail.coupon:S?"
  }

  log_table = {
    ttl_days               = 90
    point_in_time_recovery = true
  }
}
