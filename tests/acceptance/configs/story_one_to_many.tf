# A small system as sample projects write it: one bus, rules by service, targets by product.
locals {
  services = {
    order   = { source = "shop.order", types = ["Order Placed", "Order Cancelled"] }
    payment = { source = "shop.payment", types = ["Payment Taken"] }
    parcel  = { source = "shop.parcel", types = [] }
  }
  consumers = ["mail", "stock"]
  targets = {
    for pair in setproduct(keys(local.services), local.consumers) :
    "${pair[0]}-${pair[1]}" => { service = pair[0], consumer = pair[1] }
  }
}

resource "eventbridge_bus" "shop" {
  name = "shop"
  tags = { team = "shop" }
}

resource "eventbridge_archive" "shop" {
  name             = "shop"
  event_source_arn = eventbridge_bus.shop.arn
  retention_days   = 30
}

resource "eventbridge_rule" "service" {
  for_each       = local.services
  name           = "${eventbridge_bus.shop.name}-${each.key}"
  event_bus_name = eventbridge_bus.shop.name
  description    = "Events of ${each.key}"
  event_pattern = jsonencode(merge(
    { source = [each.value.source] },
    length(each.value.types) == 0 ? {} : { "detail-type" = each.value.types },
  ))
}

resource "eventbridge_target" "consumer" {
  for_each       = local.targets
  rule           = eventbridge_rule.service[each.value.service].name
  event_bus_name = eventbridge_bus.shop.name
  target_id      = each.value.consumer
  arn            = "arn:aws:sqs:${var.region}:${var.account}:${each.value.consumer}"

  dead_letter_config {
    arn = "arn:aws:sqs:${var.region}:${var.account}:${each.value.consumer}-dead"
  }

  depends_on = [eventbridge_archive.shop]
}

output "rules" {
  value = { for key, rule in eventbridge_rule.service : key => rule.arn }
}
