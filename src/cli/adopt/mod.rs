//! `adopt DIR`: rewrites a configuration from hashicorp/aws's aws_cloudwatch_event_* to
//! ours, with the `moved` blocks that hand the objects over. Comments and layout stay: only
//! the words that change are replaced. Knows no provider and calls no AWS.

mod diff;
mod edit;
mod moved;
mod plan;
mod provider_blocks;
mod providers;
mod references;
mod required_providers;
mod tree;
mod types;

use self::plan::{Change, Plan};
use self::required_providers::Requirement;
use lexopt::prelude::*;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
Rewrites aws_cloudwatch_event_* resources and data sources to eventbridge_*.

Usage: terraform-provider-eventbridge adopt [options] DIR

All modules at and below DIR are rewritten: blocks, every reference to them, provider
arguments, required_providers; `provider \"aws\"` blocks that were used get a copy for
eventbridge. A file eventbridge_moved.tf hands the objects over in the state: the next
apply changes nothing in AWS. Comments and layout stay. What is left alone is listed.

Options:
  --dry-run          print what would change as a diff, write nothing
  --source ADDRESS   where `terraform init` finds this provider
                     [default: eventbridge-rs/eventbridge]
  --version RANGE    versions of it that will do [default: >= CURRENT]
  -h, --help         print this

Outputs keep their names, so other configurations that read them through
terraform_remote_state need no change.
";

const DEFAULT_SOURCE: &str = "eventbridge-rs/eventbridge";
/// At least the major and minor version that this is.
fn default_version() -> String {
    let minor = env!("PROVIDER_VERSION")
        .splitn(3, '.')
        .take(2)
        .collect::<Vec<_>>();
    format!(">= {}", minor.join("."))
}

/// A place that was left as it is, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Left {
    path: PathBuf,
    line: Option<usize>,
    why: String,
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path.display(), self.why),
            None => write!(f, "{}: {}", self.path.display(), self.why),
        }
    }
}

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    directory: PathBuf,
    source: String,
    version: String,
    dry_run: bool,
}

/// Runs the command with the arguments after its name. A fault is told on standard error.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let request = match read_arguments(lexopt::Parser::from_args(arguments)) {
        Ok(Some(request)) => request,
        Ok(None) => {
            print!("{}", HELP.replace(">= CURRENT", &default_version()));
            return ExitCode::SUCCESS;
        }
        Err(error) => return fail(format!("{error}; see `adopt --help`")),
    };
    let requirement = Requirement {
        source: &request.source,
        version: &request.version,
    };
    let plan = match plan::plan(&request.directory, &requirement) {
        Ok(plan) => plan,
        Err(error) => return fail(error),
    };
    if request.dry_run {
        print_diff(&plan);
    } else if let Err(error) = write(&plan.changes) {
        return fail(error);
    }
    print_summary(&plan, request.dry_run);
    ExitCode::SUCCESS
}

fn fail(error: impl fmt::Display) -> ExitCode {
    eprintln!("adopt: {error}");
    ExitCode::FAILURE
}

fn read_arguments(mut parser: lexopt::Parser) -> Result<Option<Request>, lexopt::Error> {
    let mut directory = None;
    let (mut source, mut version) = (DEFAULT_SOURCE.to_owned(), default_version());
    let mut dry_run = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long("dry-run") => dry_run = true,
            Long("source") => source = parser.value()?.string()?,
            Long("version") => version = parser.value()?.string()?,
            Value(value) if directory.is_none() => directory = Some(PathBuf::from(value)),
            other => return Err(other.unexpected()),
        }
    }
    match directory {
        Some(directory) => Ok(Some(Request {
            directory,
            source,
            version,
            dry_run,
        })),
        None => Err("a directory is missing".into()),
    }
}

fn write(changes: &[Change]) -> Result<(), String> {
    for Change { path, after, .. } in changes {
        let written = fs::write(path, after);
        written.map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(())
}

fn print_diff(plan: &Plan) {
    for Change {
        path,
        before,
        after,
    } in &plan.changes
    {
        print!(
            "{}",
            diff::unified(&path.display().to_string(), before.as_deref(), after)
        );
    }
}

fn print_summary(plan: &Plan, dry_run: bool) {
    let verb = if dry_run { "Would adopt" } else { "Adopted" };
    println!(
        "{verb} {}, {} and {} in {}.",
        count(plan.resources, "resource"),
        count(plan.data_sources, "data source"),
        count(plan.references, "reference"),
        count(plan.changes.len(), "file"),
    );
    if !plan.left.is_empty() {
        println!("\nLeft alone:");
        plan.left.iter().for_each(|left| println!("  {left}"));
    }
    if plan.resources > 0 && !dry_run {
        println!(
            "\nNext: `terraform init`, then `terraform plan`: it should move {} and say\n\
             0 to add, 0 to change, 0 to destroy. After the apply in every workspace, delete\n\
             the {} files, and the aws provider where nothing else needs it.",
            count(plan.resources, "resource"),
            moved::FILE_NAME,
        );
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
