resource "eventbridge_bus" "orders" {
  name = "orders"
}

resource "eventbridge_bus_policy" "orders" {
  event_bus_name = eventbridge_bus.orders.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ShopMayPublish"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = "events:PutEvents"
      Resource  = eventbridge_bus.orders.arn
    }]
  })
}
