# The product log pipeline as a module: few typed variables, checked before
# anything is planned.

resource "eventbridge_product_log_pipeline" "this" {
  name            = var.name
  event_bus_name  = var.event_bus_name
  event_pattern   = var.event_pattern
  log_item        = var.log_item
  idempotency_key = var.idempotency_key
  force_destroy   = var.force_destroy
  tags            = var.tags

  log_table = {
    ttl_days = var.row_ttl_days
  }

  log_function = {
    log_events = var.log_events
  }
}
