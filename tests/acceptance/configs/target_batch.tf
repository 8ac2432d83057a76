resource "eventbridge_rule" "test" {
  name                = "batch"
  schedule_expression = "rate(5 minutes)"
}

resource "eventbridge_target" "plain" {
  rule      = eventbridge_rule.test.name
  target_id = "plain"
  arn       = "arn:aws:batch:${var.region}:${var.account}:job-queue/queue"
  role_arn  = "arn:aws:iam::${var.account}:role/events"

  batch_target {
    job_definition = "arn:aws:batch:${var.region}:${var.account}:job-definition/job:1"
    job_name       = "job"
  }
}

resource "eventbridge_target" "array" {
  rule      = eventbridge_rule.test.name
  target_id = "array"
  arn       = "arn:aws:batch:${var.region}:${var.account}:job-queue/queue"
  role_arn  = "arn:aws:iam::${var.account}:role/events"

  batch_target {
    job_definition = "job"
    job_name       = "job"
    array_size     = 10
    job_attempts   = 3
  }
}
