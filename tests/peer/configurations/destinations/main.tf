# Webhooks, with their secrets.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "token" {
  type      = string
  sensitive = true
  default   = "t"
}

variable "oauth" {
  type    = object({ endpoint = string, id = string, secret = string })
  default = null
}

resource "aws_cloudwatch_event_connection" "webhook" {
  name               = "webhook"
  authorization_type = var.oauth == null ? "API_KEY" : "OAUTH_CLIENT_CREDENTIALS"

  auth_parameters {
    dynamic "api_key" {
      for_each = var.oauth == null ? [var.token] : []
      content {
        key   = "x-token"
        value = api_key.value
      }
    }

    dynamic "oauth" {
      for_each = var.oauth[*]
      content {
        authorization_endpoint = oauth.value.endpoint
        http_method            = "POST"
        client_parameters {
          client_id     = oauth.value.id
          client_secret = oauth.value.secret
        }
        oauth_http_parameters {
          body {
            key             = "grant_type"
            value           = "client_credentials"
            is_value_secret = false
          }
        }
      }
    }
  }
}

resource "aws_cloudwatch_event_api_destination" "webhook" {
  name                             = "webhook"
  connection_arn                   = aws_cloudwatch_event_connection.webhook.arn
  http_method                      = "POST"
  invocation_endpoint              = "https://hooks.acme.test/*"
  invocation_rate_limit_per_second = 20
}

resource "aws_cloudwatch_event_rule" "webhook" {
  name_prefix   = "webhook-"
  event_pattern = jsonencode({ "detail-type" : ["Order placed"], detail = { total = [{ numeric = [">", 100] }] } })
}

resource "aws_cloudwatch_event_target" "webhook" {
  rule     = aws_cloudwatch_event_rule.webhook.id
  arn      = aws_cloudwatch_event_api_destination.webhook.arn
  role_arn = "arn:aws:iam::123456789012:role/webhook"

  http_target {
    path_parameter_values   = ["orders"]
    header_parameters       = { "X-Connection" = aws_cloudwatch_event_connection.webhook.name }
    query_string_parameters = {}
  }
}

data "aws_cloudwatch_event_connection" "webhook" {
  name = aws_cloudwatch_event_connection.webhook.name
}

output "secret" {
  value = data.aws_cloudwatch_event_connection.webhook.secret_arn
}
