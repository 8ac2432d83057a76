resource "eventbridge_connection" "test" {
  name               = "invocation"
  authorization_type = "BASIC"

  auth_parameters {
    basic {
      username = "user"
      password = "Pass1234!"
    }

    invocation_http_parameters {
      body {
        key             = "body-parameter-key"
        value           = "body-parameter-value"
        is_value_secret = false
      }
      body {
        key             = "second"
        value           = "secret"
        is_value_secret = true
      }
      header {
        key             = "header-parameter-key"
        value           = "header-parameter-value"
        is_value_secret = false
      }
      query_string {
        key             = "query-string-parameter-key"
        value           = "query-string-parameter-value"
        is_value_secret = false
      }
    }
  }
}
