# emulators: moto
resource "eventbridge_bus" "test" {
  name = "shared"
}

resource "eventbridge_permission" "test" {
  for_each       = toset(["111122223333", "444455556666", "777788889999"])
  event_bus_name = eventbridge_bus.test.name
  principal      = each.value
  statement_id   = "account-${each.value}"
}
