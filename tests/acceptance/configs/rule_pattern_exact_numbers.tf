# Numbers stay as they are written, also those that a double cannot hold (of which a warning speaks).
# warnings: compared as text
resource "eventbridge_rule" "test" {
  name = "exact"

  event_pattern = <<EOF
{ "source": ["shop"],
  "detail": { "severity": [7.0, 3.0e2, 98765432109876543210], "rate": [{ "numeric": [">", 0.10] }] } }
EOF
}
