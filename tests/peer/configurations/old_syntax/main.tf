# Written for Terraform 0.11 and never touched since.
provider "aws" {
  region = "eu-west-1"
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "nightly"
  schedule_expression = "cron(0 3 * * ? *)"
  is_enabled          = "true"
  depends_on          = ["aws_sqs_queue.nightly"]

  tags = {
    Name = "${"nightly"}"
  }
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule       = "${aws_cloudwatch_event_rule.nightly.name}"
  target_id  = "${format("%s-%s", aws_cloudwatch_event_rule.nightly.name, "queue")}"
  arn        = "${element(aws_sqs_queue.nightly.*.arn, 0)}"
  depends_on = ["aws_cloudwatch_event_rule.nightly"]

  lifecycle {
    ignore_changes = ["target_id"]
  }
}

resource "aws_sqs_queue" "nightly" {
  count = 1
  name  = "nightly"
}

output "rule" {
  value = "${aws_cloudwatch_event_rule.nightly.arn}"
}
