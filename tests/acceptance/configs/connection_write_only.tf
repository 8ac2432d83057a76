# Secrets that never reach the state.
# since: 1.11
resource "eventbridge_connection" "api_key" {
  name               = "api-key"
  authorization_type = "API_KEY"

  auth_parameters {
    api_key {
      key              = "x-signature"
      value_wo         = "1234"
      value_wo_version = 1
    }
  }
}

resource "eventbridge_connection" "basic" {
  name               = "basic"
  authorization_type = "BASIC"

  auth_parameters {
    basic {
      username            = "user"
      password_wo         = "Pass1234!"
      password_wo_version = 1
    }
  }
}
