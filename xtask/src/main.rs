//! Chores of this repository that are more than a line of shell: `cargo xtask --help`.
//!
//! In reading order: `key` (OpenPGP), `package` (one zip), `release` (the files of a
//! version), `registry` (the static tree that Terraform installs from, of `documents`),
//! `verify` (reads that tree as Terraform would).

mod arguments;
mod baseline;
mod compile;
mod documents;
mod files;
mod key;
mod package;
mod registry;
mod release;
mod verify;

use std::process::ExitCode;

/// A chore that failed says why in one text.
type Outcome<T = ()> = Result<T, String>;

const HELP: &str = "\
Usage: cargo xtask COMMAND [options]

  key       make an OpenPGP key that signs releases
  release   build, package, sum and sign a version
  registry  add a release to a registry of static files, and verify the whole of it
  docs      write docs/ from the provider's schema

`cargo xtask COMMAND --help` tells the options.
";

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let command = arguments.next().unwrap_or_default();
    let parser = lexopt::Parser::from_args(arguments);
    let outcome = match command.to_str() {
        Some("key") => key::command(parser),
        Some("release") => release::command(parser),
        Some("registry") => registry::command(parser),
        Some("docs") => compile::docs(parser),
        Some("" | "help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(format!("no such command: {}\n\n{HELP}", command.display())),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests;
