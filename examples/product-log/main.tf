# The article's system: a product is added, and who added it stands in a log.
#
#   POST /product -> add_product -> MySQL
#                         |
#                         v
#                     event bus -> rule -> log writer (Lambda) -> DynamoDB
#
# Everything right of add_product is the one block below. add_product itself is
# the service in add_product/, which runs as a server or as a Lambda function.

terraform {
  required_providers {
    eventbridge = {
      source = "eventbridge-rs/eventbridge"
    }
  }
}

# Region, credentials and endpoint come from the environment, as for any AWS tool.
provider "eventbridge" {}

resource "eventbridge_product_log_pipeline" "products" {
  name = "product-log"

  # What add_product publishes; also the default.
  event_pattern = jsonencode({ source = ["log.addProduct"] })

  # Checked at every plan, with no AWS: a rule that no longer matches is an error here.
  tests = {
    "a product was added" = {
      event = jsonencode({
        source      = "log.addProduct"
        detail-type = "add-product"
        detail      = { userId = "user-123", name = "My First Book", category = "Finance", price = 100, insertedId = 1 }
      })
    }
    "something else happened" = {
      event   = jsonencode({ source = "log.removeProduct", detail-type = "remove-product", detail = {} })
      matches = false
    }
  }

  log_function = {
    # Writes every event into the function's log; leave it out where events hold personal data.
    log_events = true
  }

  # A demonstration: destroying it takes the rows along. Without this line destroy refuses.
  force_destroy = true
}

output "event_bus_name" {
  description = "Where add_product publishes: its EVENT_BUS_NAME."
  value       = eventbridge_product_log_pipeline.products.event_bus_name
}

output "log_table_name" {
  description = "The table that holds the log."
  value       = eventbridge_product_log_pipeline.products.log_table_name
}

output "log_function_arn" {
  description = "The function that writes the log."
  value       = eventbridge_product_log_pipeline.products.log_function_arn
}

output "put_events_policy" {
  description = "What add_product's role needs: an IAM policy document."
  value       = eventbridge_product_log_pipeline.products.put_events_policy
}
