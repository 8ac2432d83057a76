# Lines end as on Windows.
resource "aws_cloudwatch_event_bus" "shop" {
  name = "shop" # é
}

resource "aws_cloudwatch_event_permission" "shop" {
  principal      = "123456789012"
  statement_id   = "shop"
  event_bus_name = aws_cloudwatch_event_bus.shop.name
}
