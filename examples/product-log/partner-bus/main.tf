# Events of a SaaS partner. The partner makes the event source, in the partner's
# own console; the bus for it has the source's name, and rules on it are as on
# any other bus.

terraform {
  required_providers {
    eventbridge = {
      source = "eventbridge-rs/eventbridge"
    }
  }
}

provider "eventbridge" {}

variable "event_source" {
  description = "Name of the partner's event source, as EventBridge shows it under partner event sources."
  type        = string
  default     = "aws.partner/example.com/shop/products"

  validation {
    condition     = startswith(var.event_source, "aws.partner/")
    error_message = "The name of a partner's event source begins with aws.partner/."
  }
}

variable "function_arn" {
  description = "ARN of the Lambda function that handles the partner's products."
  type        = string
}

resource "eventbridge_bus" "partner" {
  name              = var.event_source
  event_source_name = var.event_source
}

resource "eventbridge_rule" "products" {
  name           = "partner-products"
  event_bus_name = eventbridge_bus.partner.name
  event_pattern = jsonencode({
    source      = [{ prefix = "aws.partner/example.com/" }]
    detail-type = ["Product Added"]
  })

  tests = {
    "a product of the partner" = {
      event = jsonencode({
        source      = "aws.partner/example.com/shop/products"
        detail-type = "Product Added"
        detail      = { sku = "B-1" }
      })
    }
  }
}

resource "eventbridge_target" "function" {
  rule      = eventbridge_rule.products.id
  target_id = "function"
  arn       = var.function_arn
}
