terraform {
  # Validation that looks at other variables, and functions of providers.
  required_version = ">= 1.9"

  required_providers {
    eventbridge = {
      source = "eventbridge-rs/eventbridge"
    }
  }
}
