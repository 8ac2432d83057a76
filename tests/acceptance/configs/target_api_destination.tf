resource "eventbridge_connection" "test" {
  name               = "hook"
  authorization_type = "API_KEY"
  auth_parameters {
    api_key {
      key   = "x-signature"
      value = "1234"
    }
  }
}

resource "eventbridge_api_destination" "test" {
  name                = "hook"
  invocation_endpoint = "https://hooks.example.com/orders/*"
  http_method         = "POST"
  connection_arn      = eventbridge_connection.test.arn
}

resource "eventbridge_rule" "test" {
  name          = "hook"
  event_pattern = jsonencode({ source = ["shop"] })
}

resource "eventbridge_target" "test" {
  rule      = eventbridge_rule.test.name
  target_id = "hook"
  arn       = eventbridge_api_destination.test.arn
  role_arn  = "arn:aws:iam::${var.account}:role/events"

  http_target {
    path_parameter_values = ["placed"]
    header_parameters     = { X-From = "eventbridge" }
  }
}
