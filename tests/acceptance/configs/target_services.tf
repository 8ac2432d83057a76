# Targets that need nothing but an ARN, and a role where the service wants one.
locals {
  role = "arn:aws:iam::${var.account}:role/events"
  targets = {
    sns      = { arn = "arn:aws:sns:${var.region}:${var.account}:topic", role = null }
    sqs      = { arn = "arn:aws:sqs:${var.region}:${var.account}:queue", role = null }
    logs     = { arn = "arn:aws:logs:${var.region}:${var.account}:log-group:/aws/events/all", role = null }
    states   = { arn = "arn:aws:states:${var.region}:${var.account}:stateMachine:order", role = local.role }
    firehose = { arn = "arn:aws:firehose:${var.region}:${var.account}:deliverystream/out", role = local.role }
    pipeline = { arn = "arn:aws:codepipeline:${var.region}:${var.account}:release", role = local.role }
    build    = { arn = "arn:aws:codebuild:${var.region}:${var.account}:project/site", role = local.role }
  }
}

resource "eventbridge_rule" "test" {
  for_each      = local.targets
  name          = "to-${each.key}"
  event_pattern = jsonencode({ source = ["shop.${each.key}"] })
}

resource "eventbridge_target" "test" {
  for_each  = local.targets
  rule      = eventbridge_rule.test[each.key].name
  target_id = each.key
  arn       = each.value.arn
  role_arn  = each.value.role
}
