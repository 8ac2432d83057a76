# Modules pass null for an entry of a map that is not set: it counts as left out.
variable "unset" {
  type    = string
  default = null
}

resource "eventbridge_bus" "test" {
  name = "tagged"
  tags = { Team = "shop", Cost = var.unset }
}

resource "eventbridge_rule" "test" {
  name          = "nulls"
  event_pattern = jsonencode({ source = ["shop"] })
  tags          = { Cost = var.unset }
}

resource "eventbridge_target" "http" {
  rule      = eventbridge_rule.test.name
  target_id = "http"
  arn       = "arn:aws:execute-api:${var.region}:${var.account}:abc/prod/GET/orders"

  http_target {
    header_parameters       = { Env = "test", Trace = var.unset }
    query_string_parameters = { Env = "test", Trace = var.unset }
  }
}

resource "eventbridge_target" "tasks" {
  rule      = eventbridge_rule.test.name
  target_id = "tasks"
  arn       = "arn:aws:ecs:${var.region}:${var.account}:cluster/main"
  role_arn  = "arn:aws:iam::${var.account}:role/events"

  ecs_target {
    task_definition_arn = "arn:aws:ecs:${var.region}:${var.account}:task-definition/task:3"
    tags                = { Env = "test", Cost = var.unset }
  }
}

resource "eventbridge_target" "transformed" {
  rule      = eventbridge_rule.test.name
  target_id = "transformed"
  arn       = "arn:aws:lambda:${var.region}:${var.account}:function:f"

  input_transformer {
    input_paths    = { id = "$.detail.id", time = var.unset }
    input_template = "{\"id\": <id>}"
  }
}
