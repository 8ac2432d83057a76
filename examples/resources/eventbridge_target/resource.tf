# A Lambda function, and what it is given:
resource "eventbridge_rule" "orders" {
  name          = "orders"
  event_pattern = jsonencode({ source = ["shop.orders"] })
}

variable "function_arn" {
  type = string
}

variable "dead_letter_arn" {
  type = string
}

resource "eventbridge_target" "mailer" {
  rule = eventbridge_rule.orders.id
  arn  = var.function_arn

  input_transformer {
    input_paths = {
      order = "$.detail.id"
      total = "$.detail.total"
    }
    input_template = <<-JSON
      {"text": "Order <order> of <total>", "at": "<aws.events.event.ingestion-time>"}
    JSON
  }

  retry_policy {
    maximum_retry_attempts = 5
  }

  dead_letter_config {
    arn = var.dead_letter_arn
  }
}
