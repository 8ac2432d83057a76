//! Blocks and references of one file: what is renamed, what is left and told.

use super::*;

#[test]
fn blocks_and_references_keep_comments_and_layout() {
    let (after, moves, left) = adopt_one(
        r#"# the bus
resource "aws_cloudwatch_event_bus" "orders" { // ours
  name="orders"   /* odd layout */
}

data "aws_cloudwatch_event_bus" "default" { name = "default" }

resource aws_cloudwatch_event_rule "big" {
  count          = 2
  event_bus_name = aws_cloudwatch_event_bus.orders.name # the same
  description    = "on ${data.aws_cloudwatch_event_bus.default.arn}"
  event_pattern  = <<-EOT
    {"source": ["${aws_cloudwatch_event_bus.orders.name}"]}
    %{ for rule in aws_cloudwatch_event_rule.other[*] ~}
    ${rule.name} %{ if aws_cloudwatch_event_bus.orders.name == "x" }y%{ endif }
    %{ endfor ~}
  EOT
  depends_on     = ["aws_cloudwatch_event_bus.orders", aws_sns_topic.t]
  lifecycle { replace_triggered_by = [aws_cloudwatch_event_bus.orders] }
}
output "long" { value = resource.aws_cloudwatch_event_bus.orders.arn }
output "ids" {
  value = { for rule in aws_cloudwatch_event_rule.big : (aws_cloudwatch_event_bus.orders.id) => rule.id... }
}
"#,
    );
    assert_eq!(
        after,
        r#"# the bus
resource "eventbridge_bus" "orders" { // ours
  name="orders"   /* odd layout */
}

data "eventbridge_bus" "default" { name = "default" }

resource eventbridge_rule "big" {
  count          = 2
  event_bus_name = eventbridge_bus.orders.name # the same
  description    = "on ${data.eventbridge_bus.default.arn}"
  event_pattern  = <<-EOT
    {"source": ["${eventbridge_bus.orders.name}"]}
    %{ for rule in eventbridge_rule.other[*] ~}
    ${rule.name} %{ if eventbridge_bus.orders.name == "x" }y%{ endif }
    %{ endfor ~}
  EOT
  depends_on     = ["eventbridge_bus.orders", aws_sns_topic.t]
  lifecycle { replace_triggered_by = [eventbridge_bus.orders] }
}
output "long" { value = resource.eventbridge_bus.orders.arn }
output "ids" {
  value = { for rule in eventbridge_rule.big : (eventbridge_bus.orders.id) => rule.id... }
}
"#
        .to_owned()
            + "\n"
            + TERRAFORM
    );
    assert!(moves.ends_with(
        r#"
moved {
  from = aws_cloudwatch_event_bus.orders
  to   = eventbridge_bus.orders
}

moved {
  from = aws_cloudwatch_event_rule.big
  to   = eventbridge_rule.big
}
"#
    ));
    assert_eq!(left, [""; 0]);
}

#[test]
fn what_cannot_be_rewritten_is_left_and_told() {
    let before = r#"moved {
  from = aws_cloudwatch_event_rule.a
  to   = aws_cloudwatch_event_rule.b
}
removed {
  from = aws_cloudwatch_event_target.gone
}
import {
  to = aws_cloudwatch_event_rule.b
  id = "b"
}
data "aws_cloudwatch_event_rule" "b" { name = "b" }
locals {
  text   = "aws_cloudwatch_event_rule.b"
  group  = aws_cloudwatch_log_group.b.name
  nested = var.aws_cloudwatch_event_rule.b
}
module "remote" { source = "terraform-aws-modules/eventbridge/aws" }
module "outside" { source = "../elsewhere" }
module "json" { source = "./json" }
resource "aws_cloudwatch_event_rule" "b" {}
"#;
    let (after, _, left) = adopt_one(before);
    let wanted = before
        .replace(
            "to = aws_cloudwatch_event_rule.b\n",
            "to = eventbridge_rule.b\n",
        )
        .replace(
            "resource \"aws_cloudwatch_event_rule\"",
            "resource \"eventbridge_rule\"",
        );
    assert_eq!(after, wanted + "\n" + TERRAFORM);
    assert_eq!(
        left,
        [
            "main.tf:1: a moved block tells what was before, and stays as it is",
            "main.tf:5: a removed block tells what was before, and stays as it is",
            "main.tf:12: aws_cloudwatch_event_rule has no counterpart",
            "main.tf:14: text between quotes names aws_cloudwatch_event_*",
            "main.tf:18: module source \"terraform-aws-modules/eventbridge/aws\" \
             is not in this directory",
            "main.tf:19: module source \"../elsewhere\" is outside of the directory: \
             adopt one that holds both",
            "main.tf:20: module source \"./json\" has no .tf file: \
             what it needs of `providers` is yours to pass",
        ]
    );
}

#[test]
fn a_check_has_a_data_source_of_its_own() {
    let (after, moves, left) = adopt_one(
        r#"check "bus" {
  data "aws_cloudwatch_event_bus" "orders" {
    provider = aws.east
    name     = "orders"
  }
  assert {
    condition     = data.aws_cloudwatch_event_bus.orders.arn != ""
    error_message = "No bus."
  }
}
"#,
    );
    assert!(
        after.contains(
            r#"  data "eventbridge_bus" "orders" {
    provider = eventbridge.east
    name     = "orders"
  }
  assert {
    condition     = data.eventbridge_bus.orders.arn != """#
        ),
        "{after}"
    );
    assert_eq!((moves.as_str(), left), ("", vec![]));
}
