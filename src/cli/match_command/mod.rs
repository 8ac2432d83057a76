//! `match`: tests events against a pattern, without a plan at hand.

mod cases;
mod report;

use std::ffi::OsString;
use std::io::{self, Write};

use lexopt::{Arg, Parser, ValueExt};

use self::report::{Report, broken};
use super::{Status, Streams};
use crate::pattern::Pattern;

const HELP: &str = "\
Test events against an EventBridge event pattern, offline.

Usage: terraform-provider-eventbridge match --pattern FILE|JSON [--explain] [--json] [EVENT...]
       terraform-provider-eventbridge match --cases FILE|-

  --pattern FILE|JSON  the pattern
  EVENT...             the events, each a file or JSON text; without any, one
                       event a line on standard input
  --explain            say for each field what was wanted and what was found
  --json               one JSON object a line: {\"event\", \"match\", \"error\"},
                       with --explain also \"rows\"; where there is nothing to
                       test, one whose \"event\" is null
  --cases FILE|-       one JSON object a line, {\"id\", \"pattern\", \"event\"}, to
                       {\"id\", \"valid\", \"match\", \"error\", \"findings\"}, in order

A pattern or event is JSON text if its first non-blank character is {, else a
file. Events are taken as they are: nothing is filled in.

Exit status: 0 if all events match, 1 if some do not, 2 if anything is invalid.
With --cases: 0 if every line was read, else 2.
";

/// What was asked for.
#[derive(Default)]
struct Options {
    pattern: Option<String>,
    cases: Option<String>,
    events: Vec<String>,
    explain: bool,
    json: bool,
    help: bool,
}

/// Runs the command.
pub fn run(args: impl Iterator<Item = OsString>, streams: Streams<'_>) -> Status {
    let Streams {
        input,
        output,
        errors,
    } = streams;
    let result = match parse(args) {
        Err(message) => Err(format!("{message}\nsee match --help")),
        Ok(options) if options.help => output
            .write_all(HELP.as_bytes())
            .map(|()| Status::Success)
            .map_err(|error| error.to_string()),
        Ok(options) => match (&options.pattern, &options.cases) {
            (Some(_), Some(_)) => Err("--pattern and --cases exclude each other".to_owned()),
            (None, None) => Err("--pattern or --cases is needed\nsee match --help".to_owned()),
            (None, Some(_)) if !options.events.is_empty() || options.explain || options.json => {
                Err("--cases stands alone".to_owned())
            }
            (None, Some(file)) => cases::run(file, input, output),
            (Some(text), None) => {
                let streams = Streams {
                    input,
                    output,
                    errors: &mut *errors,
                };
                match_events(text, &options, streams)
            }
        },
    };
    result.unwrap_or_else(|message| {
        // If even standard error is gone nobody can be told.
        let _ = writeln!(errors, "{message}");
        Status::Wrong
    })
}

fn parse(args: impl Iterator<Item = OsString>) -> Result<Options, String> {
    let mut options = Options::default();
    let mut parser = Parser::from_args(args);
    let text = |value: Result<OsString, lexopt::Error>| {
        value
            .and_then(|value| value.string())
            .map_err(|error| error.to_string())
    };
    while let Some(arg) = parser.next().map_err(|error| error.to_string())? {
        match arg {
            Arg::Long("pattern") => options.pattern = Some(text(parser.value())?),
            Arg::Long("cases") => options.cases = Some(text(parser.value())?),
            Arg::Long("explain") => options.explain = true,
            Arg::Long("json") => options.json = true,
            Arg::Long("help") | Arg::Short('h') => options.help = true,
            Arg::Value(value) => options.events.push(text(Ok(value))?),
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(options)
}

/// JSON text as it is, else the content of the file.
fn text_or_file(argument: &str) -> Result<String, String> {
    if argument.trim_start().starts_with('{') {
        return Ok(argument.to_owned());
    }
    std::fs::read_to_string(argument).map_err(|error| {
        format!("{error} (an argument is JSON text if it begins with {{, else a file)")
    })
}

fn match_events(pattern: &str, options: &Options, streams: Streams<'_>) -> Result<Status, String> {
    let Streams {
        input,
        output,
        errors,
    } = streams;
    let nothing = |output: &mut dyn Write, error: String| match options.json {
        true => writeln!(
            output,
            "{{\"event\":null,\"match\":null,\"error\":{error}}}"
        )
        .map_err(broken),
        false => Ok(()),
    };
    let text = match text_or_file(pattern) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("{pattern}: {error}");
            nothing(output, cases::error_json(&message, "", None))?;
            return Err(message);
        }
    };
    let pattern = match Pattern::parse(&text) {
        Ok(pattern) => pattern,
        Err(invalid) => {
            nothing(output, cases::mistake(&invalid))?;
            return Err(invalid.to_string());
        }
    };
    for finding in pattern.findings() {
        writeln!(errors, "warning: {}: {}", finding.summary(), finding.text).map_err(broken)?;
    }
    let mut report = Report {
        pattern: &pattern,
        options,
        output,
        all_match: true,
        all_valid: true,
    };
    if options.events.is_empty() {
        let mut any = false;
        for (number, line) in io::BufRead::split(input, b'\n').enumerate() {
            let line = line.map_err(|error| format!("standard input: {error}"))?;
            if !line.trim_ascii().is_empty() {
                any = true;
                let text = String::from_utf8(line).map_err(|_| "the line is not UTF-8".to_owned());
                report.event(&format!("line {}", number + 1), text)?;
            }
        }
        if !any {
            let message = "no event: give EVENT arguments, or one event a line on standard input";
            nothing(report.output, cases::error_json(message, "", None))?;
            return Err(message.to_owned());
        }
    }
    for (number, argument) in options.events.iter().enumerate() {
        let inline = argument.trim_start().starts_with('{');
        let name = if inline {
            format!("event {}", number + 1)
        } else {
            argument.clone()
        };
        report.event(&name, text_or_file(argument))?;
    }
    Ok(match (report.all_valid, report.all_match) {
        (false, _) => Status::Wrong,
        (true, false) => Status::No,
        (true, true) => Status::Success,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs `match` with the arguments; the status and what was written.
    fn run_match(args: &[&str], input: &str) -> (Status, String, String) {
        let (mut output, mut errors) = (Vec::new(), Vec::new());
        let streams = Streams {
            input: &mut input.as_bytes(),
            output: &mut output,
            errors: &mut errors,
        };
        let status = run(args.iter().map(OsString::from), streams);
        (
            status,
            String::from_utf8(output).unwrap(),
            String::from_utf8(errors).unwrap(),
        )
    }

    const PATTERN: &str = r#"{"source":["shop.orders"]}"#;

    #[test]
    fn status_says_whether_all_match() {
        let event = r#"{"source":"shop.orders"}"#;
        assert_eq!(
            run_match(&["--pattern", PATTERN, event], "").0,
            Status::Success
        );
        assert_eq!(
            run_match(&["--pattern", PATTERN, event, "{}"], "").0,
            Status::No
        );
        assert_eq!(
            run_match(&["--pattern", PATTERN, event, "{", "{}"], "").0,
            Status::Wrong
        );
        assert_eq!(run_match(&["--pattern", "{}", event], "").0, Status::Wrong);
        assert_eq!(
            run_match(&["--pattern", "no/such/file", event], "").0,
            Status::Wrong
        );
        assert_eq!(run_match(&["--nonsense"], "").0, Status::Wrong);
        assert_eq!(run_match(&[], "").0, Status::Wrong);
    }

    #[test]
    fn events_come_from_standard_input_without_arguments() {
        let (status, output, _) = run_match(
            &["--pattern", PATTERN],
            "{\"source\":\"shop.orders\"}\n\n{}\n",
        );
        assert_eq!(status, Status::No);
        assert_eq!(output, "line 1: matches\nline 3: does not match\n");
        assert_eq!(run_match(&["--pattern", PATTERN], "\n").0, Status::Wrong);
    }

    #[test]
    fn a_line_or_file_that_cannot_be_read_hinders_no_other() {
        let mut output = Vec::new();
        let streams = Streams {
            input: &mut b"\xff\n{\"source\":\"shop.orders\"}\r\n".as_slice(),
            output: &mut output,
            errors: &mut Vec::new(),
        };
        let args = ["--pattern", PATTERN].map(OsString::from);
        assert_eq!(run(args.into_iter(), streams), Status::Wrong);
        let output = String::from_utf8(output).unwrap();
        assert_eq!(output, "line 1: the line is not UTF-8\nline 2: matches\n");
        let event = r#"{"source":"shop.orders"}"#;
        let (status, output, _) = run_match(&["--pattern", PATTERN, "no/such", event], "");
        assert_eq!(status, Status::Wrong);
        assert!(output.starts_with("no/such: No such file"), "{output}");
        assert!(output.ends_with("\nevent 2: matches\n"), "{output}");
    }

    #[test]
    fn explanations_and_json() {
        let event = r#"{"source":"shop.order"}"#;
        let (_, output, _) = run_match(&["--pattern", PATTERN, "--explain", event], "");
        assert_eq!(
            output,
            "event 1: does not match\n  source  \"shop.order\"  wants \"shop.orders\"; a near miss: the event has one\n                        character less\n"
        );
        let (_, output, _) = run_match(
            &[
                "--pattern",
                PATTERN,
                "--json",
                "--explain",
                "{\"source\":\"shop.orders\"}",
            ],
            "",
        );
        assert_eq!(
            output,
            "{\"event\":\"event 1\",\"match\":true,\"error\":null,\"rows\":[{\"path\":\"source\",\
             \"value\":\"\\\"shop.orders\\\"\",\"words\":\"matches \\\"shop.orders\\\"\",\"holds\":true}]}\n"
        );
    }

    #[test]
    fn in_json_every_error_has_a_line_and_its_place() {
        let json = |pattern: &str, events: &[&str], input: &str| {
            let args = ["--json", "--pattern", pattern].into_iter();
            let args: Vec<&str> = args.chain(events.iter().copied()).collect();
            let (status, output, _) = run_match(&args, input);
            assert_eq!(status, Status::Wrong);
            output
        };
        assert_eq!(
            json(PATTERN, &[r#"{"source":x}"#], ""),
            "{\"event\":\"event 1\",\"match\":null,\"error\":{\"reason\":\"event: a value is \
             expected here: found `x`\",\"path\":\"\",\"line\":1,\"column\":11}}\n"
        );
        assert_eq!(
            json(PATTERN, &[], "[]"),
            "{\"event\":\"line 1\",\"match\":null,\"error\":{\"reason\":\"event: an event is one \
             JSON object; this is an array\",\"path\":\"\",\"line\":null,\"column\":null}}\n"
        );
        for (pattern, events, begins) in [
            (
                PATTERN,
                &["no/such"][..],
                "{\"event\":\"no/such\",\"match\":null,\"error\":{\"reason\":\"No such file",
            ),
            (
                PATTERN,
                &[],
                "{\"event\":null,\"match\":null,\"error\":{\"reason\":\"no event: ",
            ),
            (
                "no/such",
                &["{}"],
                "{\"event\":null,\"match\":null,\"error\":{\"reason\":\"no/such: No such file",
            ),
            (
                "{}",
                &["{}"],
                "{\"event\":null,\"match\":null,\"error\":{\"reason\":\"Empty objects",
            ),
        ] {
            let output = json(pattern, events, "");
            assert!(output.starts_with(begins), "{output}");
            assert!(
                output.contains("\"line\":") && output.ends_with("}\n"),
                "{output}"
            );
        }
    }

    #[test]
    fn several_events_in_one_text_are_told_where_they_are_read() {
        let events = "{\"source\":\"shop.orders\"}\n{}\n";
        let (_, output, _) = run_match(&["--pattern", PATTERN, events], "");
        let told = "\n  several events, one a line, are read from standard input\n";
        assert!(output.ends_with(told), "{output}");
        let (_, output, _) = run_match(&["--pattern", PATTERN, "{\n"], "");
        assert!(!output.contains("several events"), "{output}");
    }

    #[test]
    fn an_invalid_pattern_is_told_in_aws_words() {
        let (_, _, errors) = run_match(&["--pattern", r#"{"source":"aws.s3"}"#, "{}"], "");
        assert_eq!(
            errors,
            "Event pattern is not valid. Reason: \"source\" must be an object or an array\n  \
             at source, line 1, column 11\n  write [\"aws.s3\"] instead of \"aws.s3\"\n"
        );
    }

    #[test]
    fn help_names_every_option() {
        let (status, output, _) = run_match(&["--help"], "");
        assert_eq!(status, Status::Success);
        for option in ["--pattern", "--cases", "--explain", "--json", "Exit status"] {
            assert!(output.contains(option), "{option}");
        }
    }
}
