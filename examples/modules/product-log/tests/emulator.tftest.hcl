# Makes a pipeline, changes it and destroys it, wherever the environment leads:
#
#   tools/emulators.py run --ministack -- terraform -chdir=examples/modules/product-log test

variables {
  name          = "module-test"
  force_destroy = true
}

run "create" {
  assert {
    condition     = output.event_bus_name == "module-test"
    error_message = "the pipeline makes a bus of its own name"
  }

  assert {
    condition     = jsondecode(output.put_events_policy).Statement[0].Action == "events:PutEvents"
    error_message = "producers are given the right to publish, and nothing else"
  }
}

run "rows_that_expire" {
  variables {
    row_ttl_days = 30
  }

  assert {
    condition     = output.log_table_arn == run.create.log_table_arn
    error_message = "the table is changed in place"
  }
}

run "a_bus_of_somebody_else" {
  variables {
    event_bus_name = "default"
  }

  assert {
    condition     = output.event_bus_name == "default"
    error_message = "the pipeline listens on the bus it is given"
  }

  assert {
    condition     = output.log_table_arn == run.create.log_table_arn
    error_message = "the table stays"
  }
}
