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
