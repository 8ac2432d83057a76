# Modules pass "" for what is not set.
resource "eventbridge_bus" "test" {
  name               = "empty"
  event_source_name  = ""
  description        = ""
  kms_key_identifier = ""

  dead_letter_config {}
}

resource "eventbridge_archive" "test" {
  name               = "empty"
  event_source_arn   = eventbridge_bus.test.arn
  description        = ""
  event_pattern      = ""
  kms_key_identifier = ""
}

resource "eventbridge_permission" "test" {
  event_bus_name = ""
  principal      = "111122223333"
  statement_id   = "test"
}
