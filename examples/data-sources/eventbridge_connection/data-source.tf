data "eventbridge_connection" "shop" {
  name = "shop"
}

resource "eventbridge_api_destination" "orders" {
  name                = "orders"
  connection_arn      = data.eventbridge_connection.shop.arn
  http_method         = "POST"
  invocation_endpoint = "https://shop.example.com/orders"
}
