resource "eventbridge_bus" "test" {
  name               = "orders.eu-west-1_main"
  description        = "Everything that happens to an order"
  kms_key_identifier = "arn:aws:kms:${var.region}:${var.account}:key/0a1b2c3d-0000-4000-8000-000000000000"

  dead_letter_config {
    arn = "arn:aws:sqs:${var.region}:${var.account}:dead"
  }

  tags = { Name = "orders" }
}
