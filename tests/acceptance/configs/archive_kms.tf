# moto drops the key.
# emulators: ministack
locals {
  keys = {
    id    = "0a1b2c3d-0000-4000-8000-000000000000"
    arn   = "arn:aws:kms:${var.region}:${var.account}:key/0a1b2c3d-0000-4000-8000-000000000000"
    alias = "alias/events"
    aarn  = "arn:aws:kms:${var.region}:${var.account}:alias/events"
  }
}

resource "eventbridge_bus" "test" {
  name = "orders"
}

resource "eventbridge_archive" "test" {
  for_each           = local.keys
  name               = "by-${each.key}"
  event_source_arn   = eventbridge_bus.test.arn
  kms_key_identifier = each.value
}
