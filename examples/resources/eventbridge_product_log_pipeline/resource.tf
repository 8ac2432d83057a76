# Publish an event with the source "log.addProduct" to the pipeline's bus, and a
# row is in the table.
resource "eventbridge_product_log_pipeline" "products" {
  name = "products"

  tests = {
    "a product was added" = {
      event = jsonencode({
        source      = "log.addProduct"
        detail-type = "add-product"
        detail      = { userId = "user-123", name = "My First Book", insertedId = 1 }
      })
    }
  }
}
