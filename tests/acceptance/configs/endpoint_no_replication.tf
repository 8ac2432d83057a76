# emulators: ministack
resource "eventbridge_bus" "test" {
  name = "global"
}

resource "eventbridge_endpoint" "test" {
  name = "global"

  event_bus {
    event_bus_arn = eventbridge_bus.test.arn
  }
  event_bus {
    event_bus_arn = "arn:aws:events:us-east-1:${var.account}:event-bus/global"
  }

  replication_config {
    state = "DISABLED"
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
