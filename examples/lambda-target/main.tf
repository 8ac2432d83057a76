# A bus, a rule and a function behind it: what is published on the bus as
# `log.addProduct` reaches the function.
#
# On AWS the function's policy must also let EventBridge invoke it: principal
# events.amazonaws.com, source ARN the rule's (output rule_arn).

terraform {
  required_providers {
    eventbridge = {
      source = "eventbridge-rs/eventbridge"
    }
  }
}

# Region, credentials and endpoint come from the environment, as for any AWS tool.
provider "eventbridge" {}

variable "function_arn" {
  description = "ARN of the Lambda function that logs the event."
  type        = string
}

resource "eventbridge_bus" "shop" {
  name        = "shop"
  description = "What happens in the shop"
}

resource "eventbridge_rule" "add_product" {
  name           = "add-product"
  description    = "Products that were added"
  event_bus_name = eventbridge_bus.shop.name
  event_pattern  = jsonencode({ source = ["log.addProduct"] })
}

resource "eventbridge_target" "log" {
  rule      = eventbridge_rule.add_product.id
  target_id = "log"
  arn       = var.function_arn
}

output "event_bus_name" {
  value = eventbridge_bus.shop.name
}

output "rule_arn" {
  value = eventbridge_rule.add_product.arn
}
