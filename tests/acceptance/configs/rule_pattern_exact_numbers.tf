# Numbers stay as they are written, also those that a double cannot hold.
# warnings: detail.severity holds a number that is compared as text
resource "eventbridge_rule" "test" {
  name = "exact"

  event_pattern = <<EOF
{ "source": ["shop"],
  "detail": { "severity": [7.0, 3.0e2, 12345678901234567890], "rate": [{ "numeric": [">", 0.10] }] } }
EOF
}
