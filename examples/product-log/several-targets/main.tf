# One rule, several targets: each gets every event that the rule matches, on its
# own, with its own input, retries and dead letters. A rule has at most five.

terraform {
  required_providers {
    eventbridge = {
      source = "eventbridge-rs/eventbridge"
    }
  }
}

provider "eventbridge" {}

variable "function_arn" {
  description = "ARN of a Lambda function that sees every product."
  type        = string
}

variable "queue_arn" {
  description = "ARN of an SQS queue that the accounting department reads."
  type        = string
}

variable "dead_letter_queue_arn" {
  description = "ARN of an SQS queue for what could not be handed over."
  type        = string
}

resource "eventbridge_bus" "shop" {
  name = "shop"
}

resource "eventbridge_rule" "products" {
  name           = "products"
  event_bus_name = eventbridge_bus.shop.name
  event_pattern  = jsonencode({ source = ["log.addProduct"] })
}

# The whole event.
resource "eventbridge_target" "function" {
  rule      = eventbridge_rule.products.id
  target_id = "function"
  arn       = var.function_arn

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 10
  }

  dead_letter_config {
    arn = var.dead_letter_queue_arn
  }
}

# A part of it, reworded.
resource "eventbridge_target" "queue" {
  rule      = eventbridge_rule.products.id
  target_id = "queue"
  arn       = var.queue_arn

  input_transformer {
    input_paths = {
      id    = "$.detail.insertedId"
      name  = "$.detail.name"
      price = "$.detail.price"
    }
    input_template = <<-JSON
      {"product": <id>, "text": "<name> costs <price>"}
    JSON
  }
}
