# Patterns put together from variables, as modules do.
variable "sources" {
  type    = list(string)
  default = ["shop.orders", "shop.returns"]
}

variable "bucket" {
  type    = string
  default = "uploads"
}

locals {
  pattern = {
    source      = var.sources
    detail-type = ["Object Created"]
    detail      = merge({ bucket = { name = [var.bucket] } }, { object = { key = [{ prefix = "in/" }] } })
  }
}

resource "eventbridge_rule" "encoded" {
  name          = "from-${var.bucket}"
  event_pattern = jsonencode(local.pattern)
}

resource "eventbridge_rule" "template" {
  name          = "template-${var.bucket}"
  event_pattern = <<EOF
{
  "source": ${jsonencode(var.sources)},
  "detail": { "bucket": { "name": ["${var.bucket}"] } }
}
EOF
}
