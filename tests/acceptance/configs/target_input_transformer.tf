# Templates are kept byte for byte: JSON, a quoted string, several lines.
resource "eventbridge_rule" "test" {
  name          = "transform"
  event_pattern = jsonencode({ source = ["aws.autoscaling"] })
}

resource "eventbridge_target" "json" {
  rule      = eventbridge_rule.test.name
  target_id = "json"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue"

  input_transformer {
    input_paths = {
      instance = "$.detail.instance",
      status   = "$.detail.status",
    }
    input_template = <<EOF
{
  "instance_id": <instance>,
  "instance_status": <status>
}
EOF
  }
}

resource "eventbridge_target" "string" {
  rule      = eventbridge_rule.test.name
  target_id = "string"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue"

  input_transformer {
    input_paths    = { instance = "$.detail.instance" }
    input_template = "\"<instance> is in state <aws.events.rule-name>\""
  }
}

resource "eventbridge_target" "lines" {
  rule      = eventbridge_rule.test.name
  target_id = "lines"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue"

  input_transformer {
    input_paths    = { time = "$.time", id = "$.detail.id" }
    input_template = <<EOF
"At <time>"
"object <id>"
EOF
  }
}

resource "eventbridge_target" "reserved" {
  rule      = eventbridge_rule.test.name
  target_id = "reserved"
  arn       = "arn:aws:sqs:${var.region}:${var.account}:queue"

  input_transformer {
    input_template = <<-EOF
      { "rule": "<aws.events.rule-arn>", "at": "<aws.events.event.ingestion-time>", "event": <aws.events.event.json> }
    EOF
  }
}
