# A project as people write them: every kind of aws_cloudwatch_event_* resource, thirty
# objects, count, for_each, a module, two regions, references of all sorts.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true # an emulator
  skip_metadata_api_check     = true
}

provider "aws" {
  alias                       = "far"
  region                      = "us-east-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}

variable "account" {
  type = string
}

locals {
  lambda = "arn:aws:lambda:eu-west-1:${var.account}:function:handler"
  queue  = "arn:aws:sqs:eu-west-1:${var.account}:queue"
  role   = "arn:aws:iam::${var.account}:role/delivery"
}

# --- buses: 4 ---

resource "aws_cloudwatch_event_bus" "orders" {
  name        = "orders"
  description = "Orders" # said once

  dead_letter_config {
    arn = local.queue
  }

  tags = {
    team = "orders"
  }
}

resource "aws_cloudwatch_event_bus" "teams" {
  for_each = toset(["red", "blue"])
  name     = "team-${each.key}"
}

resource "aws_cloudwatch_event_bus" "far" {
  provider = aws.far
  name     = "orders"
}

# --- who may publish: 3 ---

resource "aws_cloudwatch_event_bus_policy" "orders" {
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "publish"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::210987654321:root" }
      Action    = "events:PutEvents"
      Resource  = aws_cloudwatch_event_bus.orders.arn
    }]
  })
}

resource "aws_cloudwatch_event_permission" "one" {
  statement_id = "one"
  principal    = "210987654321"
}

resource "aws_cloudwatch_event_permission" "team" {
  statement_id   = "two"
  principal      = "210987654321"
  event_bus_name = aws_cloudwatch_event_bus.teams["red"].name
}

# --- rules: 6 ---

resource "aws_cloudwatch_event_rule" "orders" {
  name           = "new-order"
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  event_pattern  = <<-JSON
    {
      "source": ["shop.orders"],
      "detail": { "total": [{ "numeric": [">", 100] }] }
    }
  JSON
  tags = {
    team = "orders"
  }
}

resource "aws_cloudwatch_event_rule" "stock" {
  name           = "stock"
  description    = "What is in stock"
  event_bus_name = aws_cloudwatch_event_bus.orders.name
  event_pattern  = jsonencode({ source = ["shop.stock"] })
  role_arn       = local.role
  state          = "DISABLED"
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name_prefix         = "nightly-"
  schedule_expression = "cron(0 3 * * ? *)"
  is_enabled          = false
}

resource "aws_cloudwatch_event_rule" "team" {
  for_each       = aws_cloudwatch_event_bus.teams
  name           = "team-${each.key}"
  event_bus_name = each.value.name
  event_pattern  = jsonencode({ detail-type = ["Hello"] })
}

resource "aws_cloudwatch_event_rule" "far" {
  provider       = aws.far
  name           = "far"
  event_bus_name = aws_cloudwatch_event_bus.far.name
  event_pattern  = jsonencode({ source = ["shop.orders"] })
}

# --- targets: 9 ---

resource "aws_cloudwatch_event_target" "lambda" {
  count          = 2
  rule           = aws_cloudwatch_event_rule.orders.name
  event_bus_name = aws_cloudwatch_event_rule.orders.event_bus_name
  target_id      = "lambda-${count.index}"
  arn            = local.lambda

  input_transformer {
    input_paths    = { id = "$.detail.id" }
    input_template = <<-JSON
      {"order": <id>}
    JSON
  }

  retry_policy {
    maximum_event_age_in_seconds = 3600
    maximum_retry_attempts       = 3
  }

  dead_letter_config {
    arn = local.queue
  }
}

resource "aws_cloudwatch_event_target" "generated" {
  rule           = aws_cloudwatch_event_rule.orders.name
  event_bus_name = aws_cloudwatch_event_rule.orders.event_bus_name
  arn            = local.queue

  sqs_target {
    message_group_id = "orders"
  }
}

resource "aws_cloudwatch_event_target" "stock" {
  rule           = aws_cloudwatch_event_rule.stock.name
  event_bus_name = aws_cloudwatch_event_rule.stock.event_bus_name
  target_id      = "stream"
  arn            = "arn:aws:kinesis:eu-west-1:${var.account}:stream/stock"
  role_arn       = local.role
  input_path     = "$.detail"

  kinesis_target {
    partition_key_path = "$.detail.id"
  }
}

resource "aws_cloudwatch_event_target" "task" {
  rule      = aws_cloudwatch_event_rule.nightly.name
  target_id = "task"
  arn       = "arn:aws:ecs:eu-west-1:${var.account}:cluster/jobs"
  role_arn  = local.role
  input     = jsonencode({ containerOverrides = [] })

  ecs_target {
    task_definition_arn = "arn:aws:ecs:eu-west-1:${var.account}:task-definition/report:1"
    launch_type         = "FARGATE"
    task_count          = 1

    network_configuration {
      subnets = ["subnet-0a1b2c3d"]
    }
  }
}

resource "aws_cloudwatch_event_target" "batch" {
  rule      = aws_cloudwatch_event_rule.nightly.name
  target_id = "batch"
  arn       = "arn:aws:batch:eu-west-1:${var.account}:job-queue/jobs"
  role_arn  = local.role

  batch_target {
    job_definition = "report"
    job_name       = "nightly"
  }
}

resource "aws_cloudwatch_event_target" "webhook" {
  rule      = aws_cloudwatch_event_rule.nightly.name
  target_id = "webhook"
  arn       = aws_cloudwatch_event_api_destination.hook.arn
  role_arn  = local.role

  http_target {
    header_parameters       = { "X-Source" = "shop" }
    query_string_parameters = { "kind" = "nightly" }
  }
}

resource "aws_cloudwatch_event_target" "command" {
  rule      = aws_cloudwatch_event_rule.nightly.name
  target_id = "command"
  arn       = "arn:aws:ssm:eu-west-1:${var.account}:document/report"
  role_arn  = local.role

  run_command_targets {
    key    = "tag:role"
    values = ["worker"]
  }
}

resource "aws_cloudwatch_event_target" "far" {
  provider       = aws.far
  rule           = aws_cloudwatch_event_rule.far.name
  event_bus_name = aws_cloudwatch_event_bus.far.name
  target_id      = "home"
  arn            = aws_cloudwatch_event_bus.orders.arn
  role_arn       = local.role
}

# --- archives, connections, API destination, endpoint: 6 ---

resource "aws_cloudwatch_event_archive" "orders" {
  name             = "orders"
  event_source_arn = aws_cloudwatch_event_bus.orders.arn
  retention_days   = 7
  event_pattern    = jsonencode({ source = ["shop.orders"] })
}

resource "aws_cloudwatch_event_archive" "everything" {
  name             = "everything"
  description      = "kept for ever"
  event_source_arn = aws_cloudwatch_event_bus.teams["blue"].arn
}

resource "aws_cloudwatch_event_connection" "hook" {
  name               = "hook"
  authorization_type = "API_KEY"

  auth_parameters {
    api_key {
      key   = "X-Api-Key"
      value = "secret"
    }

    invocation_http_parameters {
      header {
        key             = "X-Tenant"
        value           = "shop"
        is_value_secret = false
      }
    }
  }
}

resource "aws_cloudwatch_event_connection" "crm" {
  name               = "crm"
  authorization_type = "OAUTH_CLIENT_CREDENTIALS"

  auth_parameters {
    oauth {
      authorization_endpoint = "https://login.example.com/token"
      http_method            = "POST"

      client_parameters {
        client_id     = "shop"
        client_secret = "secret"
      }

      oauth_http_parameters {
        body {
          key   = "grant_type"
          value = "client_credentials"
        }
      }
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "hook" {
  name                = "hook"
  invocation_endpoint = "https://hooks.example.com/orders"
  http_method         = "POST"
  connection_arn      = aws_cloudwatch_event_connection.hook.arn
}

resource "aws_cloudwatch_event_endpoint" "orders" {
  name     = "orders"
  role_arn = local.role

  event_bus {
    event_bus_arn = aws_cloudwatch_event_bus.orders.arn
  }

  event_bus {
    event_bus_arn = aws_cloudwatch_event_bus.far.arn
  }

  replication_config {
    state = "ENABLED"
  }

  routing_config {
    failover_config {
      primary {
        health_check = "arn:aws:route53:::healthcheck/0a1b2c3d-0000-4000-8000-000000000000"
      }
      secondary {
        route = "us-east-1"
      }
    }
  }
}

# --- a module, a data source, and what reads them: 2 ---

module "audit" {
  source = "./modules/events"
  target = local.lambda
}


output "rules" {
  value = concat(
    [aws_cloudwatch_event_rule.orders.arn, module.audit.rule],
    [for rule in aws_cloudwatch_event_rule.team : rule.arn],
  )
}

output "default_bus" {
  value = "${aws_cloudwatch_event_bus.teams["red"].name}"
}
