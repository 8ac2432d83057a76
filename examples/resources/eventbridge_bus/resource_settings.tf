# With a key of its own, undeliverable events kept, and logs:
variable "key_arn" {
  type = string
}

variable "queue_arn" {
  type = string
}

resource "eventbridge_bus" "payments" {
  name               = "payments"
  kms_key_identifier = var.key_arn

  dead_letter_config {
    arn = var.queue_arn
  }

  log_config {
    level          = "ERROR"
    include_detail = "NONE"
  }
}
