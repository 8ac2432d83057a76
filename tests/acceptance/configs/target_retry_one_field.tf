# One field of the two: the other is AWS's default (hashicorp/aws sends 0, issue 38265).
resource "eventbridge_rule" "test" {
  name          = "retry"
  event_pattern = jsonencode({ source = ["shop"] })
}

resource "eventbridge_target" "attempts" {
  rule      = eventbridge_rule.test.name
  target_id = "attempts"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue"

  retry_policy {
    maximum_retry_attempts = 3
  }
}

resource "eventbridge_target" "age" {
  rule      = eventbridge_rule.test.name
  target_id = "age"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue"

  retry_policy {
    maximum_event_age_in_seconds = 3600
  }
}
