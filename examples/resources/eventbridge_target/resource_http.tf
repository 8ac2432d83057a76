# An API destination:
variable "api_destination_arn" {
  type = string
}

variable "role_arn" {
  type = string
}

resource "eventbridge_target" "webhook" {
  rule     = eventbridge_rule.orders.id
  arn      = var.api_destination_arn
  role_arn = var.role_arn

  http_target {
    path_parameter_values = ["orders"]
    header_parameters     = { "X-Source" = "eventbridge" }
  }
}
