output "sample" {
  value = provider::eventbridge::event("shop.orders", "Order Placed", { id = "o-1", total = 250 })
}
