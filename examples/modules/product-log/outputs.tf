output "event_bus_name" {
  description = "Where producers publish."
  value       = eventbridge_product_log_pipeline.this.event_bus_name
}

output "put_events_policy" {
  description = "What a producer's role needs: an IAM policy document."
  value       = eventbridge_product_log_pipeline.this.put_events_policy
}

output "log_table_name" {
  description = "The table that holds the log."
  value       = eventbridge_product_log_pipeline.this.log_table_name
}

output "log_table_arn" {
  description = "The same, as an ARN."
  value       = eventbridge_product_log_pipeline.this.log_table_arn
}

output "queue_arn" {
  description = "Where events go that could not be logged."
  value       = eventbridge_product_log_pipeline.this.queue_arn
}
