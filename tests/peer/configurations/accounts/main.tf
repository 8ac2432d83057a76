# Buses that other accounts use.
terraform {
  required_providers {
    aws    = { source = "hashicorp/aws", version = ">= 5" }
  }
}

provider "aws" {
  region              = "eu-west-1"
  allowed_account_ids = ["123456789012"]
  ignore_tags { keys = ["touched"] }
}

variable "accounts" {
  type    = map(string)
  default = { dev = "111111111111", test = "222222222222" }
}

resource "aws_cloudwatch_event_bus" "shared" {
  name = "shared"
  dead_letter_config { arn = "arn:aws:sqs:eu-west-1:123456789012:dead" }
}

data "aws_iam_policy_document" "shared" {
  dynamic "statement" {
    for_each = var.accounts
    content {
      sid       = statement.key
      actions   = ["events:PutEvents"]
      resources = [aws_cloudwatch_event_bus.shared.arn]
      principals {
        type        = "AWS"
        identifiers = [statement.value]
      }
    }
  }
  statement {
    sid       = "rules"
    actions   = ["events:PutRule", "events:PutTargets"]
    resources = ["${replace(aws_cloudwatch_event_bus.shared.arn, "event-bus", "rule")}/*"]
    principals {
      type        = "AWS"
      identifiers = [for name, id in var.accounts : "arn:aws:iam::${id}:root" if name != "prod"]
    }
  }
}

resource "aws_cloudwatch_event_bus_policy" "shared" {
  event_bus_name = aws_cloudwatch_event_bus.shared.name
  policy         = data.aws_iam_policy_document.shared.json
}

resource "aws_cloudwatch_event_permission" "default" {
  for_each     = var.accounts
  principal    = each.value
  statement_id = "account-${each.key}"
}

resource "aws_cloudwatch_event_permission" "organization" {
  principal    = "*"
  statement_id = "organization"
  action       = "events:PutEvents"
  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = "o-1234567890"
  }
}

data "aws_cloudwatch_event_buses" "all" {
  name_prefix = "sh"
  depends_on  = [aws_cloudwatch_event_bus.shared]
}

output "buses" { value = data.aws_cloudwatch_event_buses.all.event_buses[*].name }
output "statements" { value = [for it in aws_cloudwatch_event_permission.default : it.id] }
