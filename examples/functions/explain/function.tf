output "why_not" {
  value = provider::eventbridge::explain(
    { source = ["shop.orders"], detail = { total = [{ numeric = [">", 100] }] } },
    { source = "shop.orders", detail-type = "Order Placed", detail = { total = 10 } },
  )
}
