# A rule that fires by the clock: once a minute it lets add_product, in its Lambda
# form, publish what is left in its outbox. Schedules work on the default bus only.

terraform {
  required_providers {
    eventbridge = {
      source = "eventbridge-rs/eventbridge"
    }
  }
}

provider "eventbridge" {}

variable "function_arn" {
  description = "ARN of the add_product function."
  type        = string
}

resource "eventbridge_rule" "drain_outbox" {
  name                = "drain-add-product-outbox"
  description         = "Publishes the events that the bus did not take at once"
  schedule_expression = "rate(1 minute)"
}

resource "eventbridge_target" "add_product" {
  rule      = eventbridge_rule.drain_outbox.id
  target_id = "add-product"
  arn       = var.function_arn

  retry_policy {
    # The next minute brings the next attempt anyway.
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 0
  }
}

output "rule_arn" {
  description = "The function's policy must let events.amazonaws.com invoke it for this source ARN."
  value       = eventbridge_rule.drain_outbox.arn
}
