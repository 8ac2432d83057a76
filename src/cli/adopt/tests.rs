//! Whole directories before and after.

use super::*;
use std::path::Path;

/// Adopts a directory with these files; returns the files after it, and what was left alone.
fn adopt(files: &[(&str, &str)]) -> (Vec<(String, String)>, Vec<String>) {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }
    let plan = plan_of(directory.path()).expect("a plan");
    write(&plan.changes).expect("written");
    let again = plan_of(directory.path()).expect("a plan");
    assert_eq!(
        again.changes.len(),
        0,
        "a second run changes nothing: {:?}",
        again.changes
    );
    let relative = |path: &Path| {
        path.strip_prefix(directory.path())
            .expect("inside")
            .display()
            .to_string()
    };
    let after = plan
        .changes
        .iter()
        .map(|change| (relative(&change.path), change.after.clone()))
        .collect();
    let left = plan.left.iter().map(|left| {
        Left {
            path: relative(&left.path).into(),
            ..left.clone()
        }
        .to_string()
    });
    (after, left.collect())
}

fn plan_of(directory: &Path) -> Result<Plan, plan::PlanError> {
    plan::plan(
        directory,
        &Requirement {
            source: "acme.test/acme/eventbridge",
            version: ">= 1.0",
        },
    )
}

/// The one file that changes beside the moves.
fn adopt_one(before: &str) -> (String, String, Vec<String>) {
    let (mut after, left) = adopt(&[("main.tf", before)]);
    let moves = after.iter().position(|(name, _)| name == moved::FILE_NAME);
    let moves = moves.map_or(String::new(), |index| after.remove(index).1);
    assert!(after.len() <= 1, "{after:?}");
    (
        after.pop().map_or(before.to_owned(), |(_, text)| text),
        moves,
        left,
    )
}

const TERRAFORM: &str = r#"terraform {
  required_providers {
    eventbridge = {
      source  = "acme.test/acme/eventbridge"
      version = ">= 1.0"
    }
  }
}
"#;

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
        ]
    );
}

#[test]
fn used_provider_blocks_are_copied() {
    let (after, _, left) = adopt_one(
        r#"terraform {
  required_version = ">= 1.8"
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
provider "aws" {
  region = var.region # here
  version = "~> 3.0"
  endpoints {
    s3     = "http://localhost:4566"
    events = "http://localhost:4566"
  }
}
provider "aws" {
  alias  = "east"
  region = "us-east-1"
}
provider "aws" {
  alias = "unused"
}
resource "aws_cloudwatch_event_bus" "here" {}
resource "aws_cloudwatch_event_bus" "east" {
  provider = aws.east
}
"#,
    );
    assert_eq!(
        after,
        r#"terraform {
  required_version = ">= 1.8"
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
    eventbridge = {
      source  = "acme.test/acme/eventbridge"
      version = ">= 1.0"
    }
  }
}
provider "aws" {
  region = var.region # here
  version = "~> 3.0"
  endpoints {
    s3     = "http://localhost:4566"
    events = "http://localhost:4566"
  }
}

provider "eventbridge" {
  region = var.region # here
  endpoints {
    events = "http://localhost:4566"
  }
}
provider "aws" {
  alias  = "east"
  region = "us-east-1"
}

provider "eventbridge" {
  alias  = "east"
  region = "us-east-1"
}
provider "aws" {
  alias = "unused"
}
resource "eventbridge_bus" "here" {}
resource "eventbridge_bus" "east" {
  provider = eventbridge.east
}
"#
    );
    assert_eq!(
        left,
        [
            "main.tf:11: provider argument version has no counterpart",
            "main.tf:13: provider argument endpoints.s3 has no counterpart",
        ]
    );
}

#[test]
fn modules_get_what_they_were_given() {
    let (after, left) = adopt(&[
        (
            "main.tf",
            r#"provider "aws" {}
provider "aws" {
  alias = "east"
}
module "events" {
  source = "./modules/events"
  providers = {
    aws      = aws.east
    aws.both = aws
  }
}
module "other" {
  source = "./modules/other"
}
"#,
        ),
        (
            "modules/events/main.tf",
            r#"terraform {
  required_providers { aws = { source = "hashicorp/aws", configuration_aliases = [aws.both] } }
}
resource "aws_cloudwatch_event_bus" "a" {}
resource "aws_cloudwatch_event_bus" "b" {
  provider = aws.both
}
"#,
        ),
        (
            "modules/other/main.tf",
            "resource \"aws_sns_topic\" \"a\" {}\n",
        ),
        (
            ".terraform/modules/x/main.tf",
            "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n",
        ),
    ]);
    let text = |name: &str| {
        let found = after.iter().find(|(path, _)| path == name);
        found.map_or("", |(_, text)| text.as_str())
    };
    assert_eq!(
        text("main.tf"),
        r#"provider "aws" {}

provider "eventbridge" {}
provider "aws" {
  alias = "east"
}

provider "eventbridge" {
  alias = "east"
}
module "events" {
  source = "./modules/events"
  providers = {
    aws              = aws.east
    aws.both         = aws
    eventbridge      = eventbridge.east
    eventbridge.both = eventbridge
  }
}
module "other" {
  source = "./modules/other"
}

"#
        .to_owned()
            + TERRAFORM
    );
    assert_eq!(
        text("modules/events/main.tf"),
        r#"terraform {
  required_providers {
    aws = { source = "hashicorp/aws", configuration_aliases = [aws.both] }
    eventbridge = {
      source                = "acme.test/acme/eventbridge"
      version               = ">= 1.0"
      configuration_aliases = [eventbridge.both]
    }
  }
}
resource "eventbridge_bus" "a" {}
resource "eventbridge_bus" "b" {
  provider = eventbridge.both
}
"#
    );
    assert_eq!(
        text("modules/events/eventbridge_moved.tf")
            .matches("moved {")
            .count(),
        2
    );
    assert_eq!(after.len(), 3);
    assert_eq!(left, [""; 0]);
}

#[test]
fn json_is_told_and_broken_files_stop_everything() {
    let (after, left) = adopt(&[
        (
            "a.tf.json",
            r#"{"resource": {"aws_cloudwatch_event_bus": {"a": {}}}}"#,
        ),
        ("b.tf", "this is { not HCL"),
        (
            "c.tf",
            "resource \"aws_cloudwatch_event_bus\" \"c\" {}\r\n# é\r\n",
        ),
    ]);
    assert_eq!(left.len(), 2, "{left:?}");
    assert_eq!(after.len(), 2);
    assert_eq!(
        after[0].1.matches("\r\n").count(),
        after[0].1.matches('\n').count()
    );

    let directory = tempfile::tempdir().expect("a directory");
    fs::write(
        directory.path().join("a.tf"),
        "resource \"aws_cloudwatch_event_bus\" {",
    )
    .expect("a file");
    let error = plan_of(directory.path()).expect_err("broken").to_string();
    assert!(error.contains("a.tf:1: does not parse"), "{error}");
}

#[test]
fn a_later_adoption_adds_to_the_moves() {
    let (after, _) = adopt(&[
        (
            "eventbridge_moved.tf",
            "moved {\n  from = aws_cloudwatch_event_bus.a\n  to   = eventbridge_bus.a\n}\n",
        ),
        (
            "main.tf",
            "resource \"aws_cloudwatch_event_bus\" \"b\" {}\n",
        ),
        ("versions.tf", "terraform {\n  required_providers {}\n}\n"),
        (
            "tests/a.tftest.hcl",
            "run \"a\" {\n  assert {\n    condition = aws_cloudwatch_event_bus.b.name == \"b\"\n  }\n}\n",
        ),
    ]);
    let names: Vec<_> = after.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "main.tf",
            "versions.tf",
            "eventbridge_moved.tf",
            "tests/a.tftest.hcl"
        ]
    );
    assert_eq!(after[1].1, TERRAFORM);
    assert_eq!(after[2].1.matches("moved {").count(), 2);
    assert!(after[3].1.contains("condition = eventbridge_bus.b.name"));
}

#[test]
fn a_directory_has_one_spelling() {
    let directory = tempfile::tempdir().expect("a directory");
    let module = directory.path().join("m");
    fs::create_dir(&module).expect("a directory");
    fs::write(
        module.join("main.tf"),
        "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n",
    )
    .expect("a file");
    let call = "module \"m\" { source = \"./m\" }\n";
    fs::write(directory.path().join("main.tf"), call).expect("a file");
    let plan = plan_of(&module.join("./..")).expect("a plan");
    assert!(plan.left.is_empty(), "{:?}", plan.left);
    assert_eq!(plan.changes.len(), 2);
}

#[test]
fn arguments() {
    let read = |arguments: &[&str]| {
        read_arguments(lexopt::Parser::from_args(
            arguments.iter().map(OsString::from),
        ))
    };
    assert_eq!(read(&["--help"]).expect("help"), None);
    let request = read(&["--dry-run", "--source", "a/b", "."])
        .expect("valid")
        .expect("a request");
    assert_eq!((request.dry_run, request.source.as_str()), (true, "a/b"));
    assert_eq!(request.version, default_version());
    assert!(read(&[]).is_err());
    assert!(read(&["a", "b"]).is_err());
}

#[test]
fn a_dry_run_prints_a_diff_and_writes_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("main.tf");
    fs::write(&file, "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n").expect("a file");
    let run_with = |options: &[&str]| {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let streams = Streams {
            input: &mut io::empty(),
            output: &mut output,
            errors: &mut errors,
        };
        let paths = [directory.path().as_os_str().to_owned()];
        let status = run(options.iter().map(OsString::from).chain(paths), streams);
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (status, text(output), text(errors))
    };
    let (status, output, _) = run_with(&["--dry-run"]);
    assert_eq!(status, Status::Success);
    assert!(
        output.contains("-resource \"aws_cloudwatch_event_bus\" \"a\" {}"),
        "{output}"
    );
    assert!(
        output.contains("Would adopt 1 resource, 0 data sources"),
        "{output}"
    );
    assert_eq!(
        fs::read_dir(directory.path()).expect("a directory").count(),
        1
    );

    let (status, _, errors) = run_with(&["--no-such-option"]);
    assert_eq!(status, Status::Wrong);
    assert!(errors.contains("adopt --help"), "{errors}");

    assert!(run_with(&[]).1.contains("Adopted 1 resource"));
    assert!(
        fs::read_to_string(&file)
            .expect("a file")
            .contains("eventbridge_bus")
    );
}
