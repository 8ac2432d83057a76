resource "eventbridge_rule" "test" {
  name                = "sagemaker"
  schedule_expression = "rate(5 minutes)"
}

resource "eventbridge_target" "test" {
  rule      = eventbridge_rule.test.name
  target_id = "pipeline"
  arn       = "arn:aws:sagemaker:${var.region}:${var.account}:pipeline/mypipeline"
  role_arn  = "arn:aws:iam::${var.account}:role/events"

  sagemaker_pipeline_target {
    pipeline_parameter_list {
      name  = "key"
      value = "value"
    }
    pipeline_parameter_list {
      name  = "another"
      value = "thing"
    }
  }
}
