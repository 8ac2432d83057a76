variable "bus_arn" { type = string }

resource "aws_cloudwatch_event_rule" "forward" {
  provider      = aws.from
  name          = "forward"
  event_pattern = jsonencode({ source = [{ prefix = "" }] })
}

resource "aws_cloudwatch_event_target" "forward" {
  provider = aws.from
  rule     = aws_cloudwatch_event_rule.forward.name
  arn      = var.bus_arn
  role_arn = aws_iam_role.forward.arn
}

resource "aws_iam_role" "forward" {
  provider           = aws.to
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "assume" {
  provider = aws.to
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_cloudwatch_event_rule.forward.arn]
    }
  }
}
