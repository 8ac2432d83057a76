# A module in the style of the most used public one: maps of anything, lookups, dynamic blocks.
module "eventbridge" {
  source = "./eventbridge"

  bus_name = "module-bus"

  rules = {
    orders = {
      description   = "Capture all order data"
      event_pattern = jsonencode({ source = ["myapp.orders"] })
      enabled       = true
    }
    emails = {
      description   = "Capture all mail data"
      event_pattern = jsonencode({ source = ["myapp.emails"] })
      enabled       = false
    }
  }

  targets = {
    orders = [
      {
        name            = "send-orders-to-sqs"
        arn             = "arn:aws:sqs:${var.region}:${var.account}:orders"
        dead_letter_arn = "arn:aws:sqs:${var.region}:${var.account}:dead"
      },
      {
        name              = "send-orders-to-fifo-sqs"
        arn               = "arn:aws:sqs:${var.region}:${var.account}:orders.fifo"
        dead_letter_arn   = "arn:aws:sqs:${var.region}:${var.account}:dead"
        message_group_id  = "send-orders-to-fifo-sqs"
        input_transformer = { input_paths = { id = "$.detail.id" }, input_template = "\"order <id>\"\n" }
      },
      {
        name     = "send-orders-to-kinesis"
        arn      = "arn:aws:kinesis:${var.region}:${var.account}:stream/orders"
        role_arn = "arn:aws:iam::${var.account}:role/events"
        retry_policy = {
          maximum_retry_attempts       = 10
          maximum_event_age_in_seconds = 300
        }
        partition_key_path = "$.id"
      },
    ]
    emails = [
      { name = "mail", arn = "arn:aws:lambda:${var.region}:${var.account}:function:mail", input = jsonencode({ a = 1 }) },
    ]
  }

  archives = {
    "module-archive" = {
      description    = "Orders"
      retention_days = 1
      event_pattern  = jsonencode({ source = ["myapp.orders"] })
    }
  }

  tags = { Name = "module" }
}

output "bus_arn" {
  value = module.eventbridge.bus_arn
}
