mock_provider "awsprovider" {}

run "names" {
  command = plan
  assert {
    condition     = aws_cloudwatch_event_rule.finding["high"].name == "finding-high"
    error_message = "It is called ${aws_cloudwatch_event_rule.finding["high"].name}."
  }
}
