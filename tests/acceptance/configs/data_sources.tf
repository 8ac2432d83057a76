# Every look-up over objects that are made in the same run.
# emulators: ministack
resource "eventbridge_bus" "test" {
  name        = "orders"
  description = "Orders"
}

resource "eventbridge_rule" "test" {
  count          = 2
  name           = "placed-${count.index}"
  event_bus_name = eventbridge_bus.test.name
  event_pattern  = jsonencode({ source = ["shop.orders"] })
}

resource "eventbridge_target" "test" {
  rule      = eventbridge_rule.test[0].id
  target_id = "queue"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue"
  input     = jsonencode({ a = 1 })
}

resource "eventbridge_connection" "test" {
  name               = "hook"
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key   = "k"
      value = "v"
    }
  }
}

data "eventbridge_bus" "test" {
  name = eventbridge_bus.test.name
}

data "eventbridge_buses" "test" {
  name_prefix = "ord"
  depends_on  = [eventbridge_bus.test]
}

data "eventbridge_connection" "test" {
  name = eventbridge_connection.test.name
}

data "eventbridge_rule" "test" {
  name           = eventbridge_rule.test[0].name
  event_bus_name = eventbridge_bus.test.name
  depends_on     = [eventbridge_target.test]
}

data "eventbridge_rules" "test" {
  event_bus_name = eventbridge_bus.test.name
  name_prefix    = "placed"
  depends_on     = [eventbridge_rule.test]
}

output "found" {
  value = {
    bus        = data.eventbridge_bus.test.arn
    buses      = [for bus in data.eventbridge_buses.test.event_buses : bus.name]
    connection = data.eventbridge_connection.test.authorization_type
    pattern    = jsondecode(data.eventbridge_rule.test.event_pattern)
    targets    = [for target in data.eventbridge_rule.test.targets : target.target_id]
    rules      = data.eventbridge_rules.test.names
  }
}
