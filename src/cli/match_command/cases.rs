//! `match --cases`: runs any corpus of cases against the engine, line by line.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};

use crate::cli::Status;
use crate::json::{Document, Kind, Node, quote};
use crate::pattern::{Event, EventError, Pattern, PatternErrors};

/// Reads cases from a file, or from `input` for `-`; one line out for each line in.
pub(super) fn run(
    file: &str,
    input: &mut dyn BufRead,
    output: &mut dyn Write,
) -> Result<Status, String> {
    if file == "-" {
        return lines(input, output);
    }
    let opened = File::open(file).map_err(|error| format!("{file}: {error}"))?;
    lines(&mut BufReader::new(opened), output)
}

fn lines(input: &mut dyn BufRead, output: &mut dyn Write) -> Result<Status, String> {
    let mut status = Status::Success;
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = input
            .read_until(b'\n', &mut line)
            .map_err(|error| format!("cannot read: {error}"))?;
        if read == 0 {
            return Ok(status);
        }
        let answer = std::str::from_utf8(&line)
            .map_err(|_| Unreadable::new("the line is not UTF-8"))
            .and_then(|text| case(text.trim_end_matches(['\n', '\r'])));
        let answer = answer.unwrap_or_else(|unreadable| {
            status = Status::Wrong;
            format!(
                "{{\"id\":{},\"error\":{}}}",
                unreadable.id,
                quote(&unreadable.reason)
            )
        });
        writeln!(output, "{answer}")
            .and_then(|()| output.flush())
            .map_err(|error| format!("cannot write: {error}"))?;
    }
}

/// A line that is no case.
struct Unreadable {
    id: String,
    reason: String,
}

impl Unreadable {
    fn new(reason: impl Into<String>) -> Self {
        Unreadable {
            id: "null".to_owned(),
            reason: reason.into(),
        }
    }
}

/// Answers one case.
fn case(line: &str) -> Result<String, Unreadable> {
    let document = Document::parse(line).map_err(|error| Unreadable::new(error.to_string()))?;
    let root = document.root().filter(|root| root.kind() == Kind::Object);
    let root = root
        .ok_or_else(|| Unreadable::new("a case is an object {\"id\", \"pattern\", \"event\"}"))?;
    let id = root.get("id").map_or("null", |id| id.raw());
    let pattern = root.get("pattern").ok_or_else(|| Unreadable {
        id: id.to_owned(),
        reason: "the case has no \"pattern\"".to_owned(),
    })?;
    let event = root.get("event").filter(|event| !event.is_null());
    Ok(match Pattern::parse(&text(pattern)) {
        Err(errors) => {
            format!(
                "{{\"id\":{id},\"valid\":false,\"match\":null,\"error\":{},\"findings\":[]}}",
                mistake(&errors)
            )
        }
        Ok(pattern) => {
            let (verdict, error) = event.map_or_else(
                || ("null", "null".to_owned()),
                |event| judge(&pattern, event),
            );
            format!(
                "{{\"id\":{id},\"valid\":true,\"match\":{verdict},\"error\":{error},\"findings\":{}}}",
                findings(&pattern)
            )
        }
    })
}

/// JSON text in a string, or the value itself.
fn text(node: Node<'_>) -> String {
    node.as_str()
        .map_or_else(|| node.raw().to_owned(), |text| text.into_owned())
}

/// The verdict and the error, as JSON.
fn judge(pattern: &Pattern, event: Node<'_>) -> (&'static str, String) {
    match Event::parse(text(event)) {
        Err(error) => ("null", event_error(&error)),
        Ok(event) => match pattern.matches(&event) {
            Ok(true) => ("true", "null".to_owned()),
            Ok(false) => ("false", "null".to_owned()),
            Err(error) => ("null", error_json(&error.to_string(), "", None)),
        },
    }
}

pub(super) fn event_error(error: &EventError) -> String {
    match error {
        EventError::Json(error) => {
            let position = error.position();
            let reason = format!("event: {}", error.message());
            error_json(&reason, "", Some((position.line, position.column)))
        }
        other => error_json(&format!("event: {other}"), "", None),
    }
}

/// The first mistake of a pattern, as JSON; the others in `also`.
pub(super) fn mistake(errors: &PatternErrors) -> String {
    let all: Vec<String> = errors
        .mistakes()
        .iter()
        .map(|mistake| {
            error_json(
                &mistake.reason,
                &mistake.path,
                Some((mistake.position.line, mistake.position.column)),
            )
        })
        .collect();
    match all.as_slice() {
        [first, also @ ..] if !also.is_empty() => {
            let open = first.strip_suffix('}').unwrap_or(first);
            format!("{open},\"also\":[{}]}}", also.join(","))
        }
        _ => all.concat(),
    }
}

pub(super) fn error_json(reason: &str, path: &str, place: Option<(usize, usize)>) -> String {
    let (line, column) = place.map_or(("null".to_owned(), "null".to_owned()), |(line, column)| {
        (line.to_string(), column.to_string())
    });
    format!(
        "{{\"reason\":{},\"path\":{},\"line\":{line},\"column\":{column}}}",
        quote(reason),
        quote(path)
    )
}

fn findings(pattern: &Pattern) -> String {
    let all: Vec<String> = pattern
        .findings()
        .iter()
        .map(|finding| {
            format!(
                "{{\"kind\":{},\"path\":{},\"text\":{}}}",
                quote(finding.kind.name()),
                quote(&finding.path),
                quote(&finding.text)
            )
        })
        .collect();
    format!("[{}]", all.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(input: &str) -> (Status, Vec<String>) {
        let mut output = Vec::new();
        let status = run("-", &mut input.as_bytes(), &mut output).unwrap();
        let text = String::from_utf8(output).unwrap();
        (status, text.lines().map(str::to_owned).collect())
    }

    #[test]
    fn each_line_has_its_answer() {
        let (status, lines) = answers(concat!(
            "{\"id\":1,\"pattern\":\"{\\\"source\\\":[\\\"a\\\"]}\",\"event\":\"{\\\"source\\\":\\\"a\\\"}\"}\n",
            "{\"id\":\"x\",\"pattern\":{\"source\":[\"a\"]},\"event\":{\"source\":\"b\"}}\n",
            "{\"id\":null,\"pattern\":\"{\\\"source\\\":[\\\"a\\\"]}\"}\n",
            "{\"id\":2,\"pattern\":\"{\\\"source\\\":\\\"a\\\"}\",\"event\":{}}\n",
            "{\"id\":3,\"pattern\":{\"source\":[\"a\"]},\"event\":[]}\n",
        ));
        assert_eq!(status, Status::Success);
        assert_eq!(
            lines,
            [
                "{\"id\":1,\"valid\":true,\"match\":true,\"error\":null,\"findings\":[]}",
                "{\"id\":\"x\",\"valid\":true,\"match\":false,\"error\":null,\"findings\":[]}",
                "{\"id\":null,\"valid\":true,\"match\":null,\"error\":null,\"findings\":[]}",
                "{\"id\":2,\"valid\":false,\"match\":null,\"error\":{\"reason\":\"\\\"source\\\" must be an object or an array\",\"path\":\"source\",\"line\":1,\"column\":11},\"findings\":[]}",
                "{\"id\":3,\"valid\":true,\"match\":null,\"error\":{\"reason\":\"event: an event is one JSON object; this is an array\",\"path\":\"\",\"line\":null,\"column\":null},\"findings\":[]}",
            ]
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_is_answered_too() {
        let (status, lines) =
            answers("nonsense\n\n{\"id\":7}\n{\"id\":8,\"pattern\":{\"source\":[\"a\"]}}\n");
        assert_eq!(status, Status::Wrong);
        assert_eq!(lines.len(), 4);
        assert!(
            lines[0].starts_with("{\"id\":null,\"error\":\""),
            "{}",
            lines[0]
        );
        assert!(
            lines[2].starts_with("{\"id\":7,\"error\":\""),
            "{}",
            lines[2]
        );
        assert!(
            lines[3].starts_with("{\"id\":8,\"valid\":true"),
            "{}",
            lines[3]
        );
    }
}
