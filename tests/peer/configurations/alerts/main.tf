/*
 * Findings of GuardDuty go to a topic and a log group.
 */
terraform {
  required_providers {
    awsprovider = {
      # hashicorp/aws by another name.
      source = "hashicorp/aws"
    }
  }
}

provider "awsprovider" {
  region = "eu-west-1"
}

locals {
  severities = { for level in ["low", "high"] : level => level == "high" ? [{ numeric = [">=", 7] }] : [{ numeric = ["<", 7] }] }
}

resource "aws_cloudwatch_event_rule" "finding" {
  provider = awsprovider
  for_each = local.severities

  name          = "finding-${each.key}"
  description   = "Findings of severity ${each.key}"
  event_pattern = jsonencode({ source = ["aws.guardduty"], detail = { severity = each.value } })
}

resource "aws_cloudwatch_event_target" "log" {
  provider = awsprovider
  for_each = aws_cloudwatch_event_rule.finding

  rule = each.value.name
  arn  = aws_cloudwatch_log_group.finding.arn
}

resource "aws_cloudwatch_log_group" "finding" {
  provider = awsprovider
  name     = "/aws/events/finding"
}

resource "aws_cloudwatch_metric_alarm" "silent" {
  provider            = awsprovider
  for_each            = toset(keys(aws_cloudwatch_event_rule.finding))
  alarm_name          = "no-events-${each.key}"
  comparison_operator = "LessThanThreshold"
  evaluation_periods  = 1
  namespace           = "AWS/Events"
  metric_name         = "Invocations"
  period              = 300
  statistic           = "Sum"
  threshold           = 1
  dimensions          = { RuleName = aws_cloudwatch_event_rule.finding[each.key].name }
}
