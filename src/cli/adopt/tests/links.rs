//! Modules and files that stand in more than one place.
#![cfg(unix)]

use super::*;
use std::os::unix::fs::symlink;

const PROVIDERS: &str = r#"provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "far"
  region = "us-east-1"
}
"#;
const REQUIRED: &str = "terraform {\n  required_providers {}\n}\n";

/// A directory with these files and links.
fn directory(files: &[(&str, &str)], links: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let place = |name: &str| {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        path
    };
    for (name, text) in files {
        fs::write(place(name), text).expect("a file");
    }
    for (name, to) in links {
        symlink(to, place(name)).expect("a link");
    }
    directory
}

#[test]
fn a_module_behind_a_link_is_the_module_itself() {
    let bus = "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n";
    let call = "module \"m\" { source = \"./modules/m\" }\n";
    let root = format!("{PROVIDERS}{call}");
    let outside = tempfile::tempdir().expect("a directory");
    let away = outside.path().display().to_string();
    let directory = directory(
        &[
            ("shared/m/main.tf", bus),
            ("root/main.tf", &root),
            ("other/main.tf", call),
        ],
        &[("root/modules", "../shared"), ("other/modules/m", &away)],
    );
    let plan = plan_of(directory.path()).expect("a plan");
    let whys: Vec<_> = plan.left.iter().map(|left| left.why.as_str()).collect();
    assert_eq!(
        whys,
        ["module source \"./modules/m\" is outside of the directory: adopt one that holds both"]
    );
    let root = plan
        .changes
        .iter()
        .find(|it| it.path.ends_with("root/main.tf"));
    let root = root.expect("it changes").after.as_str();
    assert!(
        root.contains("provider \"eventbridge\" {\n  region = \"eu-west-1\""),
        "{root}"
    );
}

#[test]
fn a_file_of_several_modules_gets_what_each_needs() {
    let near = "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n";
    let far = "resource \"aws_cloudwatch_event_bus\" \"a\" {\n  provider = aws.far\n}\n";
    let directory = directory(
        &[
            ("common/providers.tf", PROVIDERS),
            ("near/main.tf", near),
            ("near/versions.tf", REQUIRED),
            ("far/main.tf", far),
            ("far/versions.tf", REQUIRED),
        ],
        &[
            ("near/providers.tf", "../common/providers.tf"),
            ("far/providers.tf", "../common/providers.tf"),
        ],
    );
    let plan = plan_of(directory.path()).expect("a plan");
    write(&plan.changes).expect("written");
    let providers = directory.path().join("common/providers.tf");
    let providers = fs::read_to_string(providers).expect("a file");
    assert_eq!(
        providers.matches("provider \"eventbridge\"").count(),
        2,
        "{providers}"
    );
    let [left] = &plan.left[..] else {
        panic!(
            "one directory has the file and no need of it: {:?}",
            plan.left
        )
    };
    assert!(left.path.ends_with("common/providers.tf"), "{left}");
    assert!(left.why.contains("require eventbridge here too"), "{left}");
    assert_eq!(plan_of(directory.path()).expect("a plan").changes.len(), 0);
}

#[test]
fn a_file_that_two_modules_need_differently_is_told() {
    let near = "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n";
    let handed = "terraform {\n  required_providers {\n    aws = { source = \"hashicorp/aws\", \
                  configuration_aliases = [aws.far] }\n  }\n}\n";
    let far = "resource \"aws_cloudwatch_event_bus\" \"a\" {\n  provider = aws.far\n}\n";
    let directory = directory(
        &[
            ("near/main.tf", near),
            ("near/versions.tf", handed),
            ("far/main.tf", far),
        ],
        &[("far/versions.tf", "../near/versions.tf")],
    );
    let error = plan_of(directory.path()).expect_err("no plan").to_string();
    assert!(error.contains("are one file"), "{error}");
}
