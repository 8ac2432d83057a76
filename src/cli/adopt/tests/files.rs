//! Which files are read and written, and by which names.

use super::*;

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
fn hidden_files_are_not_terraforms() {
    let (after, left) = adopt(&[
        (".#main.tf", "resource \"aws_cloudwatch_event_bus\" {"),
        (
            ".old.tf",
            "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n",
        ),
    ]);
    assert_eq!((after.len(), left.len()), (0, 0), "{after:?} {left:?}");
}

#[test]
fn a_byte_order_mark_stays() {
    let (after, moves, left) =
        adopt_one("\u{feff}resource \"aws_cloudwatch_event_bus\" \"a\" {}\n");
    assert!(
        after.starts_with("\u{feff}resource \"eventbridge_bus\" \"a\" {}\n"),
        "{after:?}"
    );
    assert_eq!(moves.matches("moved {").count(), 1);
    assert_eq!(left, [""; 0]);
}

#[test]
fn all_is_written_or_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("main.tf");
    let before = "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n";
    fs::write(&file, before).expect("a file");
    // The moves cannot be written.
    fs::create_dir(directory.path().join(moved::FILE_NAME)).expect("a directory");
    let plan = plan_of(directory.path()).expect("a plan");
    let error = write(&plan.changes).expect_err("a directory is no file");
    assert!(error.ends_with("; nothing was changed"), "{error}");
    assert_eq!(fs::read_to_string(&file).expect("a file"), before);
}

#[test]
fn an_override_file_is_of_the_same_resource() {
    let directory = tempfile::tempdir().expect("a directory");
    for name in ["main.tf", "main_override.tf"] {
        let text = "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n";
        fs::write(directory.path().join(name), text).expect("a file");
    }
    let plan = plan_of(directory.path()).expect("a plan");
    assert_eq!((plan.resources, plan.changes.len()), (1, 3));
}

#[test]
fn a_tests_own_providers_are_told() {
    let test = |more: &str| {
        let main = "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n";
        let test = format!(
            "mock_provider \"aws\" {{\n  mock_resource \"aws_cloudwatch_event_bus\" {{}}\n}}\n\
             mock_provider \"random\" {{}}\n{more}"
        );
        adopt(&[("main.tf", main), ("tests/a.tftest.hcl", &test)]).1
    };
    let told = "tests/a.tftest.hcl:1: mock_provider \"aws\" needs a mock_provider \"eventbridge\" beside it";
    assert_eq!(test(""), [told]);
    let ours = "mock_provider \"eventbridge\" {}\n";
    assert_eq!(test(ours), [""; 0]);
    // Each alias needs its own.
    let far = "mock_provider \"aws\" {\n  alias = \"far\"\n}\n";
    assert_eq!(
        test(&format!("{ours}{far}")),
        [
            "tests/a.tftest.hcl:6: mock_provider \"aws\" needs a mock_provider \"eventbridge\" \
             beside it, with alias = \"far\""
        ]
    );
}

#[test]
fn a_run_that_is_handed_providers_is_told() {
    let test = |handed: &str| {
        let main = "resource \"aws_cloudwatch_event_bus\" \"a\" {}\n";
        let test = format!("run \"a\" {{\n  providers = {{\n{handed}\n  }}\n}}\n");
        adopt(&[("main.tf", main), ("tests/a.tftest.hcl", &test)]).1
    };
    let told = "tests/a.tftest.hcl:1: `providers` of a run needs `eventbridge = eventbridge.east` beside hashicorp/aws";
    assert_eq!(test("aws = aws.east"), [told]);
    assert_eq!(test("aws = aws\neventbridge = eventbridge"), [""; 0]);
    assert_eq!(test("random = random"), [""; 0]);
}
