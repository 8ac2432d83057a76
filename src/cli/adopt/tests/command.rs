//! The command: arguments, what it prints, a dry run.

use super::*;

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

/// Runs the command on a directory: its status, what it printed, and what it complained of.
fn run_on(directory: &Path, options: &[&str]) -> (Status, String, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let streams = Streams {
        input: &mut io::empty(),
        output: &mut output,
        errors: &mut errors,
    };
    let paths = [directory.as_os_str().to_owned()];
    let status = run(options.iter().map(OsString::from).chain(paths), streams);
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (status, text(output), text(errors))
}

#[test]
fn what_is_left_alone_is_found_at_its_line() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("main.tf");
    let before = r#"provider "aws" {
  region = "eu-west-1"
}
resource "aws_cloudwatch_event_bus" "a" {}
locals {
  text = "aws_cloudwatch_event_bus.a"
}
"#;
    fs::write(&file, before).expect("a file");
    let place = |output: &str| {
        let line = output.lines().find(|line| line.contains("main.tf:"));
        let line = line.expect("a place").split(':').nth(1).expect("a line");
        line.parse::<usize>().expect("a number")
    };
    let line_of = |text: &str| {
        1 + text
            .lines()
            .position(|line| line.contains("text ="))
            .expect("a line")
    };
    // Before: where it stands. After: where it stands then, below our provider block.
    let (_, output, _) = run_on(directory.path(), &["--dry-run"]);
    assert_eq!(
        place(&output[output.find("Left alone").expect("a list")..]),
        line_of(before),
        "{output}"
    );
    let (_, output, _) = run_on(directory.path(), &[]);
    let after = fs::read_to_string(&file).expect("a file");
    assert_ne!(line_of(&after), line_of(before), "{after}");
    assert_eq!(place(&output), line_of(&after), "{output}");
    // A second run has nothing to say of the moves that the first wrote.
    let (_, output, _) = run_on(directory.path(), &[]);
    assert_eq!(place(&output), line_of(&after), "{output}");
    assert!(!output.contains(moved::FILE_NAME), "{output}");
}

#[test]
fn a_dry_run_prints_a_diff_and_writes_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("main.tf");
    fs::write(&file, "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n").expect("a file");
    let run_with = |options: &[&str]| run_on(directory.path(), options);
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
