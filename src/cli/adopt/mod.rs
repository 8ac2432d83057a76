//! `adopt DIR`: rewrites a configuration from hashicorp/aws's aws_cloudwatch_event_* to
//! ours, with the `moved` blocks that hand the objects over. Comments and layout stay: only
//! the words that change are replaced. Knows no provider and calls no AWS.

mod diff;
mod edit;
mod links;
mod moved;
mod plan;
mod provider_blocks;
mod providers;
mod references;
mod required_providers;
mod test_files;
mod tree;
mod types;

use self::plan::{Change, Plan};
use self::required_providers::Requirement;
use super::{Status, Streams};
use lexopt::prelude::*;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

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

/// Runs the command.
pub(super) fn run(arguments: impl IntoIterator<Item = OsString>, streams: Streams<'_>) -> Status {
    let Streams { output, errors, .. } = streams;
    let outcome = read_arguments(lexopt::Parser::from_args(arguments))
        .map_err(|error| format!("{error}\nsee adopt --help"))
        .and_then(|request| match request {
            Some(request) => adopt(&request, output),
            None => {
                let help = HELP.replace(">= CURRENT", &default_version());
                output
                    .write_all(help.as_bytes())
                    .map_err(|error| error.to_string())
            }
        });
    match outcome {
        Ok(()) => Status::Success,
        Err(message) => {
            // If even standard error is gone nobody can be told.
            let _ = writeln!(errors, "{message}");
            Status::Wrong
        }
    }
}

fn adopt(request: &Request, output: &mut dyn Write) -> Result<(), String> {
    let requirement = Requirement {
        source: &request.source,
        version: &request.version,
    };
    let mut plan =
        plan::plan(&request.directory, &requirement).map_err(|error| error.to_string())?;
    if !request.dry_run {
        write(&plan.changes)?;
        plan.left = plan.left_after();
    }
    print(&plan, request.dry_run, output).map_err(|error| error.to_string())
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

/// Makes all changes or none: a resource renamed without its move would be destroyed.
fn write(changes: &[Change]) -> Result<(), String> {
    for (index, Change { path, after, .. }) in changes.iter().enumerate() {
        let Err(error) = fs::write(path, after) else {
            continue;
        };
        let mut message = format!("cannot write {}: {error}", path.display());
        match &put_back(&changes[..=index])[..] {
            [] => message += "; nothing was changed",
            lost => message += &format!("; these are changed already: {}", lost.join(", ")),
        }
        return Err(message);
    }
    Ok(())
}

/// Takes changes back; returns the files that are not as they were.
fn put_back(changes: &[Change]) -> Vec<String> {
    let mut lost = Vec::new();
    for Change { path, before, .. } in changes {
        // What it comes to is looked at below.
        let _ = match before {
            Some(before) => fs::write(path, before),
            None => fs::remove_file(path),
        };
        if fs::read_to_string(path).ok() != *before {
            lost.push(path.display().to_string());
        }
    }
    lost
}

/// The changes as a diff, if they were not made, and what came of them in numbers.
fn print(plan: &Plan, dry_run: bool, output: &mut dyn Write) -> io::Result<()> {
    if dry_run {
        for Change {
            path,
            before,
            after,
            ..
        } in &plan.changes
        {
            let path = path.display().to_string();
            write!(output, "{}", diff::unified(&path, before.as_deref(), after))?;
        }
    }
    writeln!(
        output,
        "{} {}, {} and {} in {}.",
        if dry_run { "Would adopt" } else { "Adopted" },
        count(plan.resources, "resource"),
        count(plan.data_sources, "data source"),
        count(plan.references, "reference"),
        count(plan.changes.len(), "file"),
    )?;
    if !plan.left.is_empty() {
        writeln!(output, "\nLeft alone:")?;
        for left in &plan.left {
            writeln!(output, "  {left}")?;
        }
    }
    if plan.resources > 0 && !dry_run {
        writeln!(
            output,
            "\nNext: `terraform init`, then `terraform plan`: it should move {} and say\n\
             0 to add, 0 to change, 0 to destroy. After the apply in every workspace, delete\n\
             the {} files, and the aws provider where nothing else needs it.",
            count(plan.resources, "resource"),
            moved::FILE_NAME,
        )?;
    }
    Ok(())
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests;
