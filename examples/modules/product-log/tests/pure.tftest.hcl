# Checks that need no AWS and no credentials: terraform test -filter=tests/pure.tftest.hcl

variables {
  name = "product-log"
}

run "the_defaults_are_a_plan" {
  command = plan

  variables {
    sample_events = {
      "a product" = jsonencode({
        source      = "log.addProduct"
        detail-type = "add-product"
        detail      = { userId = "user-123", name = "My First Book", insertedId = 1 }
      })
    }
  }

  assert {
    condition     = eventbridge_product_log_pipeline.this.idempotency_key == "$.id"
    error_message = "the event's own id makes a row unique"
  }

  assert {
    condition     = eventbridge_product_log_pipeline.this.log_item["SK"] == "Product#Log"
    error_message = "rows have the article's sort key"
  }
}

run "a_name_that_aws_refuses" {
  command = plan

  variables {
    name = "product log"
  }

  expect_failures = [var.name]
}

run "a_pattern_that_is_none" {
  command = plan

  variables {
    event_pattern = jsonencode({ source = "log.addProduct" })
  }

  expect_failures = [var.event_pattern]
}

run "a_pattern_that_breaks_the_promise" {
  command = plan

  variables {
    event_pattern = jsonencode({ source = ["log.removeProduct"] })
    sample_events = {
      "a product" = jsonencode({ source = "log.addProduct", detail-type = "add-product", detail = {} })
    }
  }

  expect_failures = [var.sample_events]
}

run "half_a_day" {
  command = plan

  variables {
    row_ttl_days = 0.5
  }

  expect_failures = [var.row_ttl_days]
}

run "a_key_that_is_no_path" {
  command = plan

  variables {
    idempotency_key = "id"
  }

  expect_failures = [var.idempotency_key]
}
