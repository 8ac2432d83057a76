# Modules pass "" and empty blocks for what is not set; the id is generated.
resource "eventbridge_rule" "test" {
  name                = "empty"
  event_bus_name      = ""
  name_prefix         = ""
  schedule_expression = "rate(1 hour)"
  event_pattern       = ""
  role_arn            = ""
  description         = ""
}

resource "eventbridge_target" "test" {
  rule           = eventbridge_rule.test.id
  event_bus_name = ""
  target_id      = ""
  arn            = "arn:aws:sns:${var.region}:${var.account}:topic"
  role_arn       = ""
  input          = ""
  input_path     = ""

  dead_letter_config {}

  retry_policy {}

  sqs_target {
    message_group_id = ""
  }
}

resource "eventbridge_target" "beside" {
  rule      = eventbridge_rule.test.name
  target_id = ""
  arn       = "arn:aws:sns:${var.region}:${var.account}:other"
}

output "id" {
  value = eventbridge_target.test.id
}
