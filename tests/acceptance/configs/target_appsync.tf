resource "eventbridge_rule" "test" {
  name                = "appsync"
  schedule_expression = "rate(5 minutes)"
}

resource "eventbridge_target" "test" {
  rule      = eventbridge_rule.test.name
  target_id = "graphql"
  arn       = "arn:aws:appsync:${var.region}:${var.account}:endpoints/graphql-api/abcdefghijklmnopqrstuvwxyz"
  role_arn  = "arn:aws:iam::${var.account}:role/events"

  input_transformer {
    input_paths    = { input = "$.detail.input" }
    input_template = jsonencode({ input = "<input>" })
  }

  appsync_target {
    graphql_operation = "mutation TestMutation($input:MutationInput!){testMutation(input:$input) {id}}"
  }
}
