terraform {
  required_providers {
    eventbridge = {
      source  = "eventbridge-rs/eventbridge"
      version = "~> 0.1"
    }
  }
}

# Credentials and region are found as the AWS CLI finds them.
provider "eventbridge" {
  region = "eu-west-1"

  default_tags {
    tags = {
      team = "orders"
    }
  }
}
