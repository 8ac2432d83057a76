//! Whole directories before and after.

mod blocks;
mod command;
mod files;
mod links;
mod modules;

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
