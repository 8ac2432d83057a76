# A module that can be switched off, called with count and for_each.
terraform {
  required_version = ">= 1.3"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 4.0" # any
    }
  }
}

provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { team = "shop" }
  }
}

module "hourly" {
  source  = "./modules/scheduled_function"
  count   = 1
  enabled = true
  name    = "hourly"
}

module "jobs" {
  source   = "./modules/scheduled_function"
  for_each = { nightly = "cron(0 3 * * ? *)", weekly = "rate(7 days)" }
  name     = each.key
  schedule = each.value
}

output "rules" {
  value = concat(module.hourly[*].rule_arn, values(module.jobs)[*].rule_arn)
}
