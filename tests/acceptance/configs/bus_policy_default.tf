# The policy of the default bus, written by hand with another layout than AWS's.
# emulators: moto
resource "eventbridge_bus_policy" "test" {
  policy = <<EOF
{
  "Statement": [
    {
      "Resource": "arn:aws:events:${var.region}:${var.account}:event-bus/default",
      "Action": "events:PutEvents",
      "Principal": { "AWS": "999988887777" },
      "Effect": "Allow",
      "Sid": "DevAccount"
    }
  ],
  "Version": "2012-10-17"
}
EOF
}
