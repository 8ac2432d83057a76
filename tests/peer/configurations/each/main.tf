# One map in, everything out: rules and targets by for_each, blocks by dynamic.
terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}

provider "aws" { region = "eu-west-1" }

variable "bus" {
  type    = string
  default = "shop"
}

variable "rules" {
  type = map(object({
    pattern  = optional(any)
    schedule = optional(string)
    targets = optional(list(object({
      id         = string
      arn        = string
      retry      = optional(object({ age = optional(number), attempts = optional(number) }))
      dead       = optional(string)
      paths      = optional(map(string))
      template   = optional(string)
      ecs        = optional(any)
      parameters = optional(map(string), {})
    })), [])
  }))
  default = {
    orders = {
      pattern = { source = ["shop.orders"] }
      targets = [{ id = "queue", arn = "arn:aws:sqs:eu-west-1:123456789012:orders", retry = { attempts = 3 } }]
    }
  }
}

locals {
  targets = flatten([
    for name, rule in var.rules : [
      for target in rule.targets : merge(target, {
        key  = "${name}/${target.id}"
        rule = aws_cloudwatch_event_rule.this[name].name
      })
    ]
  ])
}

data "aws_cloudwatch_event_bus" "this" {
  count = var.bus == "default" ? 1 : 0
  name  = "default"
}

resource "aws_cloudwatch_event_bus" "this" {
  for_each = toset(var.bus == "default" ? [] : [var.bus])
  name     = each.value
}

resource "aws_cloudwatch_event_rule" "this" {
  for_each = { for name, rule in var.rules : name => rule if rule.pattern != null || rule.schedule != null }

  name                = each.key
  event_bus_name      = try(aws_cloudwatch_event_bus.this[var.bus].name, data.aws_cloudwatch_event_bus.this[0].name)
  event_pattern       = each.value.pattern == null ? null : jsonencode(each.value.pattern)
  schedule_expression = each.value.schedule
}

resource "aws_cloudwatch_event_target" "this" {
  for_each = { for target in local.targets : target.key => target }

  event_bus_name = aws_cloudwatch_event_rule.this[split("/", each.key)[0]].event_bus_name
  rule           = each.value.rule
  target_id      = each.value.id
  arn            = each.value.arn

  dynamic "retry_policy" {
    for_each = each.value.retry[*]
    content {
      maximum_event_age_in_seconds = retry_policy.value.age
      maximum_retry_attempts       = retry_policy.value.attempts
    }
  }

  dynamic "dead_letter_config" {
    for_each = compact([each.value.dead])
    content { arn = dead_letter_config.value }
  }

  dynamic "input_transformer" {
    for_each = each.value.template == null ? [] : [1]
    content {
      input_paths    = each.value.paths
      input_template = chomp(each.value.template)
    }
  }

  dynamic "ecs_target" {
    for_each = each.value.ecs == null ? [] : [each.value.ecs]
    iterator = task
    content {
      task_definition_arn = task.value.definition
      task_count          = try(task.value.count, 1)
      dynamic "network_configuration" {
        for_each = try([task.value.network], [])
        content {
          subnets          = network_configuration.value.subnets
          assign_public_ip = try(network_configuration.value.public, false)
        }
      }
    }
  }
}

output "rules" {
  value = { for name, rule in aws_cloudwatch_event_rule.this : name => merge(rule, { bus = rule.event_bus_name })... }
}
