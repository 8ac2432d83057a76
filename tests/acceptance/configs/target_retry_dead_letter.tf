resource "eventbridge_rule" "test" {
  name          = "retry"
  event_pattern = jsonencode({ source = ["shop"] })
}

resource "eventbridge_target" "both" {
  rule      = eventbridge_rule.test.name
  target_id = "both"
  arn       = "arn:aws:kinesis:${var.region}:${var.account}:stream/orders"
  role_arn  = "arn:aws:iam::${var.account}:role/events"
  input     = jsonencode({ queue = "q" })

  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 5
  }

  dead_letter_config {
    arn = "arn:aws:sqs:${var.region}:${var.account}:dead"
  }
}

resource "eventbridge_target" "zero_attempts" {
  rule      = eventbridge_rule.test.name
  target_id = "zero"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue"

  retry_policy {
    maximum_event_age_in_seconds = 86400
    maximum_retry_attempts       = 0
  }
}
