# Every account of an organization may:
resource "eventbridge_permission" "organization" {
  statement_id = "organization"
  principal    = "*"

  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = "o-1234567890"
  }
}
