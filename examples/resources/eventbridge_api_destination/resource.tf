variable "connection_arn" {
  type = string
}

resource "eventbridge_api_destination" "orders" {
  name                             = "orders"
  invocation_endpoint              = "https://hooks.example.com/orders/*"
  http_method                      = "POST"
  invocation_rate_limit_per_second = 20
  connection_arn                   = var.connection_arn
}
