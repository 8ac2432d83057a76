resource "eventbridge_connection" "test" {
  name               = "basic"
  authorization_type = "BASIC"

  auth_parameters {
    basic {
      username = "user"
      password = "Pass1234!"
    }
  }
}
