resource "eventbridge_connection" "test" {
  name               = "hook"
  authorization_type = "BASIC"
  auth_parameters {
    basic {
      username = "user"
      password = "Pass1234!"
    }
  }
}

resource "eventbridge_api_destination" "minimal" {
  name                = "minimal"
  invocation_endpoint = "https://hooks.example.com"
  http_method         = "GET"
  connection_arn      = eventbridge_connection.test.arn
}

resource "eventbridge_api_destination" "full" {
  name                             = "full"
  description                      = "Posts orders"
  invocation_endpoint              = "https://hooks.example.com/orders/*"
  http_method                      = "POST"
  invocation_rate_limit_per_second = 20
  connection_arn                   = eventbridge_connection.test.arn
}
