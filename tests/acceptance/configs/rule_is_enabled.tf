# The deprecated flag still works, and says that it is deprecated.
# warnings: deprecated
resource "eventbridge_rule" "off" {
  name                = "off"
  schedule_expression = "rate(1 hour)"
  is_enabled          = false
}

resource "eventbridge_rule" "on" {
  name                = "on"
  schedule_expression = "rate(1 hour)"
  is_enabled          = true
}
