# Templates, heredocs, policies: names inside of texts.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

resource "aws_cloudwatch_event_bus" "shop" {
  name = "shop"
}

resource "aws_cloudwatch_event_rule" "alarm" {
  name           = "alarm"
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  event_pattern  = <<PATTERN
{
  "source": ["aws.cloudwatch"], "detail": {"alarmName": [{"prefix": "${aws_cloudwatch_event_bus.shop.name}-"}]},
  "account": ["$${not_a_reference}", "%%{neither}"]
}
PATTERN
}

resource "aws_cloudwatch_event_target" "alarm" {
  rule           = aws_cloudwatch_event_rule.alarm.name
  event_bus_name = aws_cloudwatch_event_bus.shop.name
  arn            = "arn:aws:sns:eu-west-1:123456789012:alarms"

  input_transformer {
    input_paths = {
      name  = "$.detail.alarmName"
      "why" = "$.detail.reason"
    }
    input_template = <<-EOF
      "Alarm <name> on bus ${aws_cloudwatch_event_bus.shop.name}: <why>"
      %{~for tag, value in aws_cloudwatch_event_bus.shop.tags_all~}
      "${tag} is %{if value == ""}nothing%{else}${upper(value)}%{endif}"
      %{~endfor~}
    EOF
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn = "arn:aws:sns:eu-west-1:123456789012:alarms"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for rule in [aws_cloudwatch_event_rule.alarm] : {
        Sid       = replace("${rule.name}-${"on-${aws_cloudwatch_event_bus.shop.name}"}", "/[^a-z]/", "")
        Effect    = "Allow"
        Principal = { Service = "events.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = "*"
        Condition = { ArnEquals = { "aws:SourceArn" : rule.arn } }
      }
    ]
  })
}

resource "aws_cloudwatch_log_resource_policy" "events" {
  policy_name     = "events"
  policy_document = <<-JSON
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
     "Action": "logs:PutLogEvents", "Resource": "*",
     "Condition": {"ArnLike": {"aws:SourceArn": "${replace(aws_cloudwatch_event_rule.alarm.arn, "alarm", "*")}"}}}]}
  JSON
}

resource "terraform_data" "note" {
  input = {
    "bus-${aws_cloudwatch_event_bus.shop.name}" = aws_cloudwatch_event_bus.shop
    (aws_cloudwatch_event_rule.alarm.name)      = "${aws_cloudwatch_event_rule.alarm.id}"

    text = "see aws_cloudwatch_event_rule.alarm"
  }
  triggers_replace = [aws_cloudwatch_event_rule.alarm.tags_all["team"], !true, -1, 1e3]

  provisioner "local-exec" {
    command     = "echo ${self.id} ${aws_cloudwatch_event_bus.shop.arn}"
    environment = { BUS = aws_cloudwatch_event_bus.shop.name }
  }
}
