terraform {
  required_providers {
    eventbridge = { source = "eventbridge-rs/eventbridge" }
  }
}

variable "create" { default = true }
variable "create_bus" { default = true }
variable "bus_name" { default = "default" }
variable "rules" {
  type    = any
  default = {}
}
variable "targets" {
  type    = any
  default = {}
}
variable "archives" {
  type    = any
  default = {}
}
variable "tags" {
  type    = map(string)
  default = {}
}

locals {
  rules = flatten([
    for index, rule in var.rules : merge(rule, { "name" = index, "Name" = "${replace(index, "_", "-")}-rule" })
  ])
  targets = flatten([
    for index, rule in var.rules : [
      for target in var.targets[index] : merge(target, { "rule" = index, "Name" = "${replace(index, "_", "-")}-rule" })
    ] if length(lookup(var.targets, index, [])) != 0
  ])
}

resource "eventbridge_bus" "this" {
  count = var.create && var.create_bus ? 1 : 0
  name  = var.bus_name
  tags  = var.tags
}

resource "eventbridge_rule" "this" {
  for_each = { for k, v in local.rules : v.name => v if var.create }

  name                = each.value.Name
  name_prefix         = lookup(each.value, "name_prefix", null)
  event_bus_name      = var.create_bus ? eventbridge_bus.this[0].name : var.bus_name
  description         = lookup(each.value, "description", null)
  event_pattern       = lookup(each.value, "event_pattern", null)
  schedule_expression = lookup(each.value, "schedule_expression", null)
  role_arn            = lookup(each.value, "role_arn", null)
  state               = try(tobool(each.value.enabled) ? "ENABLED" : "DISABLED", tostring(each.value.state), null)
  tags                = merge(var.tags, { Name = each.value.Name })
}

resource "eventbridge_target" "this" {
  for_each = { for k, v in local.targets : v.name => v if var.create }

  event_bus_name = var.create_bus ? eventbridge_bus.this[0].name : var.bus_name
  rule           = each.value.Name
  arn            = each.value.arn
  role_arn       = lookup(each.value, "role_arn", null)
  target_id      = lookup(each.value, "target_id", null)
  input          = lookup(each.value, "input", null)
  input_path     = lookup(each.value, "input_path", null)

  dynamic "sqs_target" {
    for_each = lookup(each.value, "message_group_id", null) != null ? [true] : []
    content {
      message_group_id = each.value.message_group_id
    }
  }

  dynamic "kinesis_target" {
    for_each = lookup(each.value, "partition_key_path", null) != null ? [true] : []
    content {
      partition_key_path = lookup(each.value, "partition_key_path", null)
    }
  }

  dynamic "input_transformer" {
    for_each = lookup(each.value, "input_transformer", null) != null ? [each.value.input_transformer] : []
    content {
      input_paths    = input_transformer.value.input_paths
      input_template = chomp(input_transformer.value.input_template)
    }
  }

  dynamic "dead_letter_config" {
    for_each = lookup(each.value, "dead_letter_arn", null) != null ? [true] : []
    content {
      arn = each.value.dead_letter_arn
    }
  }

  dynamic "retry_policy" {
    for_each = lookup(each.value, "retry_policy", null) != null ? [each.value.retry_policy] : []
    content {
      maximum_event_age_in_seconds = retry_policy.value.maximum_event_age_in_seconds
      maximum_retry_attempts       = retry_policy.value.maximum_retry_attempts
    }
  }

  depends_on = [eventbridge_rule.this]
}

resource "eventbridge_archive" "this" {
  for_each         = var.create ? var.archives : {}
  name             = lookup(each.value, "name", each.key)
  event_source_arn = try(each.value["event_source_arn"], eventbridge_bus.this[0].arn)
  description      = lookup(each.value, "description", null)
  event_pattern    = lookup(each.value, "event_pattern", null)
  retention_days   = lookup(each.value, "retention_days", null)
}

output "bus_arn" {
  value = try(eventbridge_bus.this[0].arn, "")
}

output "rules" {
  value = eventbridge_rule.this
}
