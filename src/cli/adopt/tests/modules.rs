//! Provider blocks, and modules that hand providers on.

use super::*;

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
  version = "~> 3.0" // old
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
  version = "~> 3.0" // old
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
fn a_module_that_only_passes_on_what_it_is_given_declares_it() {
    let (after, left) = adopt(&[
        (
            "main.tf",
            r#"provider "aws" {
  alias = "west"
}
module "x" {
  source    = "./x"
  providers = { aws = aws.west }
}
"#,
        ),
        ("x/main.tf", "module \"inner\" { source = \"./inner\" }\n"),
        (
            "x/inner/main.tf",
            "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n",
        ),
    ]);
    assert_eq!(left, [""; 0]);
    let requires = |name: &str| {
        let inside = after.iter().filter(|(path, _)| path.starts_with(name));
        inside
            .filter(|(_, text)| text.contains("required_providers"))
            .count()
    };
    assert_eq!(requires("x/"), 2, "{after:?}");
    assert_eq!(requires("x/inner/"), 1, "{after:?}");
}

#[test]
fn a_brace_may_stand_behind_the_last_entry() {
    let child = r#"terraform {
  required_providers { aws = { source = "hashicorp/aws", configuration_aliases = [aws.x] } }
}
resource "aws_cloudwatch_event_bus" "a" {
  provider = aws.x
}
"#;
    let call = r#"module "m" {
  source    = "./m"
  providers = { aws = aws,
                aws.x = aws.b }
}
"#;
    let (after, left) = adopt(&[("main.tf", call), ("m/main.tf", child)]);
    assert_eq!(left, [""; 0]);
    let root = after.iter().find(|(name, _)| name == "main.tf");
    let (_, root) = root.expect("it changes");
    assert!(
        root.contains("aws.x = aws.b, eventbridge.x = eventbridge.b }"),
        "{root}"
    );
}

#[test]
fn a_file_may_end_with_a_provider_and_no_newline() {
    let (after, _, left) =
        adopt_one("resource \"aws_cloudwatch_event_bus\" \"a\" {}\nprovider \"aws\" {\n}");
    assert_eq!(left, [""; 0]);
    assert!(
        after.ends_with(&format!(
            "provider \"aws\" {{\n}}\n\nprovider \"eventbridge\" {{\n}}\n\n{TERRAFORM}"
        )),
        "{after}"
    );
}
