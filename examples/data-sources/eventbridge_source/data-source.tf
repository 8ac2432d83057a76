data "eventbridge_source" "partner" {
  name_prefix = "aws.partner/example.com"
}

resource "eventbridge_bus" "partner" {
  name              = data.eventbridge_source.partner.name
  event_source_name = data.eventbridge_source.partner.name
}
