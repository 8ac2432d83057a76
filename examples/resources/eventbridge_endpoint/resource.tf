# Events published to the endpoint reach both buses; when the health check
# fails, publishing goes to the second region.
resource "eventbridge_endpoint" "orders" {
  name     = "orders"
  role_arn = "arn:aws:iam::123456789012:role/replicate-events"

  event_bus {
    event_bus_arn = "arn:aws:events:eu-west-1:123456789012:event-bus/orders"
  }

  event_bus {
    event_bus_arn = "arn:aws:events:eu-central-1:123456789012:event-bus/orders"
  }

  routing_config {
    failover_config {
      primary {
        health_check = "arn:aws:route53:::healthcheck/0a1b2c3d-0000-4000-8000-000000000000"
      }

      secondary {
        route = "eu-central-1"
      }
    }
  }
}
