# `<`, `>` and `&` come out of jsonencode escaped; they are the same characters.
resource "eventbridge_rule" "test" {
  name = "escaped"
  event_pattern = jsonencode({
    source = ["aws.ec2", "<b> & </b>"]
    detail = { size = [{ numeric = [">", 0, "<=", 5] }] }
  })
}
