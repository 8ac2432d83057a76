resource "eventbridge_bus" "test" {
  name = "orders"
}

resource "eventbridge_archive" "all" {
  name             = "orders-all"
  event_source_arn = eventbridge_bus.test.arn
}

resource "eventbridge_archive" "some" {
  name             = "orders-some"
  description      = "Archived events from order service"
  event_source_arn = eventbridge_bus.test.arn
  retention_days   = 7

  event_pattern = <<PATTERN
{
  "source": ["company.team.order"]
}
PATTERN
}
