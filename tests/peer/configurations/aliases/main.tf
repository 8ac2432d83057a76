terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "region" { default = "eu-west-1" }

provider "aws" {
  region = var.region

  assume_role {
    role_arn     = "arn:aws:iam::123456789012:role/deploy" # by CI
    session_name = "deploy"
  }
}

provider "aws" {
  alias                       = "central" # all events end here
  region                      = "us-east-1"
  skip_region_validation      = true
  s3_use_path_style           = true
  shared_config_files         = ["~/.aws/config"]
}

provider "aws" {
  alias  = "other"
  region = "eu-central-1"
}

resource "aws_cloudwatch_event_bus" "central" {
  provider = aws.central
  name     = "central"
}

resource "aws_sqs_queue" "other" {
  provider = aws.other
  name     = "other"
}

module "forwarder" {
  source    = "./modules/forwarder"
  providers = { aws.from = aws, aws.to = aws.central }
  bus_arn   = aws_cloudwatch_event_bus.central.arn
}

module "forwarder_again" {
  source = "./modules/forwarder"
  providers = {
    aws.from = aws.central # the other way round
    aws.to   = aws
  }
  bus_arn = "arn:aws:events:eu-west-1:123456789012:event-bus/default"
}
