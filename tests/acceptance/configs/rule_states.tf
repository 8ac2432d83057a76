resource "eventbridge_rule" "disabled" {
  name                = "disabled"
  schedule_expression = "rate(1 hour)"
  state               = "DISABLED"
}

resource "eventbridge_rule" "trail" {
  name          = "trail"
  event_pattern = jsonencode({ source = ["aws.s3"], detail-type = ["AWS API Call via CloudTrail"] })
  state         = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
}
