# As most published examples write a pattern.
resource "eventbridge_rule" "console" {
  name        = "capture-aws-sign-in"
  description = "Capture each AWS Console Sign In"

  event_pattern = <<EOF
{
  "detail-type": [
    "AWS Console Sign In via CloudTrail"
  ]
}
EOF
}

resource "eventbridge_rule" "indented" {
  name = "capture-ec2-state"

  event_pattern = <<-PATTERN
    {
      "source":      ["aws.ec2"],
      "detail-type": ["EC2 Instance State-change Notification"],
      "detail":      { "state": ["terminated", "stopped"] }
    }
  PATTERN
}
