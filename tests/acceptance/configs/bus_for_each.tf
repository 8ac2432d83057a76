variable "buses" {
  type = map(object({ description = optional(string), dead_letter_arn = optional(string) }))
  default = {
    orders  = { description = "Orders" }
    returns = { dead_letter_arn = "arn:aws:sqs:eu-west-1:123456789012:dead" }
    audit   = {}
  }
}

resource "eventbridge_bus" "test" {
  for_each    = var.buses
  name        = each.key
  description = each.value.description

  dynamic "dead_letter_config" {
    for_each = each.value.dead_letter_arn == null ? [] : [each.value.dead_letter_arn]
    content {
      arn = dead_letter_config.value
    }
  }
}
