# Buses as targets: the same account, another account, another region.
resource "eventbridge_bus" "other" {
  name = "other"
}

resource "eventbridge_rule" "test" {
  name          = "forward"
  event_pattern = jsonencode({ source = [{ prefix = "" }] })
}

resource "eventbridge_target" "own" {
  rule      = eventbridge_rule.test.name
  target_id = "own"
  arn       = eventbridge_bus.other.arn
  role_arn  = "arn:aws:iam::${var.account}:role/events"
}

resource "eventbridge_target" "account" {
  rule      = eventbridge_rule.test.name
  target_id = "account"
  arn       = "arn:aws:events:${var.region}:999988887777:event-bus/central"
  role_arn  = "arn:aws:iam::${var.account}:role/events"
}

resource "eventbridge_target" "region" {
  rule      = eventbridge_rule.test.name
  target_id = "region"
  arn       = "arn:aws:events:us-east-1:${var.account}:event-bus/default"
  role_arn  = "arn:aws:iam::${var.account}:role/events"
}
