resource "eventbridge_rule" "test" {
  name                = "http"
  schedule_expression = "rate(5 minutes)"
}

resource "eventbridge_target" "full" {
  rule      = eventbridge_rule.test.name
  target_id = "full"
  arn       = "arn:aws:execute-api:${var.region}:${var.account}:abcdef/live/GET/orders/*/items/*"

  http_target {
    path_parameter_values = ["some-order", "some-item"]
    query_string_parameters = {
      Env  = "test"
      Path = "$.detail.path"
    }
    header_parameters = {
      X-Test = "test"
    }
  }
}

resource "eventbridge_target" "headers" {
  rule      = eventbridge_rule.test.name
  target_id = "headers"
  arn       = "arn:aws:execute-api:${var.region}:${var.account}:abcdef/live/POST/"

  http_target {
    header_parameters = { Content-Type = "application/json" }
  }
}
