# As in published security baselines: patterns from a map, a dynamic transformer.
variable "alerts" {
  default = {
    root = {
      description = "Root user signs in"
      pattern     = { "detail-type" = ["AWS Console Sign In via CloudTrail"], detail = { userIdentity = { type = ["Root"] } } }
      message     = "Root signed in at <time>"
      paths       = { time = "$.time" }
    }
    findings = {
      description = "GuardDuty findings of severity 7 and more"
      pattern     = { source = ["aws.guardduty"], detail = { severity = [{ numeric = [">=", 7] }] } }
      message     = null
      paths       = {}
    }
  }
}

resource "eventbridge_rule" "alert" {
  for_each      = var.alerts
  name          = "alert-${each.key}"
  description   = each.value.description
  event_pattern = jsonencode(each.value.pattern)
  state         = "ENABLED"
  tags          = { alert = each.key }
}

resource "eventbridge_target" "topic" {
  for_each  = eventbridge_rule.alert
  rule      = each.value.name
  target_id = "SendToSNS"
  arn       = "arn:aws:sns:${var.region}:${var.account}:alerts"

  dynamic "input_transformer" {
    for_each = var.alerts[each.key].message == null ? [] : [var.alerts[each.key]]
    content {
      input_paths    = input_transformer.value.paths
      input_template = "\"${input_transformer.value.message}\""
    }
  }
}
