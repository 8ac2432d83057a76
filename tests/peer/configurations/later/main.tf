# Blocks that newer versions of Terraform brought.
terraform {
  required_version = ">= 1.8"
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "bus" { default = "orders" }

resource "aws_cloudwatch_event_bus" "orders" {
  name = var.bus

  lifecycle {
    precondition {
      condition     = length(trimspace(var.bus)) > 0
      error_message = "The bus needs a name."
    }
    postcondition {
      condition     = self.name == var.bus
      error_message = "The bus ${self.name} is another one."
    }
  }
}

resource "aws_cloudwatch_event_archive" "orders" {
  name             = "orders"
  event_source_arn = aws_cloudwatch_event_bus.orders.arn
  retention_days   = 7

  lifecycle {
    replace_triggered_by = [aws_cloudwatch_event_bus.orders.id]
  }
}

resource "aws_cloudwatch_event_rule" "imported" {
  for_each       = toset(["a", "b"])
  name           = each.key
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  event_pattern  = "{\"source\":[\"${each.key}\"]}"
}

import {
  for_each = toset(["a", "b"])
  to       = aws_cloudwatch_event_rule.imported[each.key]
  id       = "orders/${each.key}"
}

moved {
  from = aws_cloudwatch_event_bus.old
  to   = aws_cloudwatch_event_bus.orders
}

removed {
  from = aws_cloudwatch_event_target.gone
  lifecycle { destroy = false }
}

check "bus" {
  data "aws_cloudwatch_event_bus" "orders" {
    name = aws_cloudwatch_event_bus.orders.name
  }
  assert {
    condition     = data.aws_cloudwatch_event_bus.orders.arn == aws_cloudwatch_event_bus.orders.arn
    error_message = "${data.aws_cloudwatch_event_bus.orders.arn} is another bus."
  }
}

locals {
  account = provider::aws::arn_parse(aws_cloudwatch_event_bus.orders.arn).account_id
  parts   = (
    # A comment in parentheses.
    provider::aws::arn_build("aws", "events", "eu-west-1", local.account, "rule/${aws_cloudwatch_event_bus.orders.name}/a")
  )
}

output "rules" {
  value       = local.parts
  depends_on  = [aws_cloudwatch_event_rule.imported]
  sensitive   = true
}
