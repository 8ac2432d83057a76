resource "eventbridge_rule" "test" {
  name                = "tagged"
  schedule_expression = "rate(1 hour)"
  tags = {
    Name        = "tagged"
    Environment = "test"
    empty       = ""
  }
}

resource "eventbridge_rule" "none" {
  name                = "untagged"
  schedule_expression = "rate(1 hour)"
  tags                = {}
}
