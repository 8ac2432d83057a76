# The answer is `true`:
output "matches" {
  value = provider::eventbridge::matches(
    { source = ["shop.orders"] },
    { source = "shop.orders", detail-type = "Order Placed", detail = {} },
  )
}
