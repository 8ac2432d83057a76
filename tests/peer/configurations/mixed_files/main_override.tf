resource "aws_cloudwatch_event_bus" "shop" {
  tags = { from = "override" }
}
