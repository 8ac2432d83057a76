# One account may publish:
resource "eventbridge_permission" "shop" {
  statement_id = "shop"
  principal    = "123456789012"
}
