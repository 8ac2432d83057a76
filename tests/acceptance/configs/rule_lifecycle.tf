# Arguments that say nothing are as good as absent.
resource "eventbridge_rule" "test" {
  name                = "lifecycle"
  description         = ""
  schedule_expression = "rate(1 hour)"
  role_arn            = null
  state               = null
  tags                = null
  force_destroy       = true

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [tags]
  }
}
