variable "api_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

# The key is sent and stored nowhere; raise the version to send another.
resource "eventbridge_connection" "shop" {
  name               = "shop"
  authorization_type = "API_KEY"

  auth_parameters {
    api_key {
      key              = "x-api-key"
      value_wo         = var.api_key
      value_wo_version = 1
    }
  }
}
