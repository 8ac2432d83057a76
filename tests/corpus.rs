//! Runs the pattern corpus: data in tests/corpus, one verdict a line.

use std::fs;

use terraform_provider_eventbridge::json::{Document, Node};
use terraform_provider_eventbridge::pattern::{Event, Pattern};

/// The lines of a corpus file, each parsed.
fn lines(file: &str) -> Vec<Document<'static>> {
    let path = format!("{}/tests/corpus/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let parsed = |line: &str| Document::parse(line.to_owned()).unwrap();
    text.lines().map(parsed).collect()
}

fn string(line: Node<'_>, name: &str) -> Option<String> {
    line.get(name)?.as_str().map(|text| text.into_owned())
}

/// AWS's sentence in a note of the form `… -> sentence`.
fn expected_reason(note: &str) -> Option<&str> {
    note.split_once(" -> ").map(|(_, reason)| reason)
}

/// JSON mistakes are told in our own words, not in Jackson's.
fn is_json_mistake(reason: &str) -> bool {
    [
        "Unexpected ",
        "Invalid numeric value",
        "Non-standard token",
        "Unrecognized token",
        "Illegal unquoted",
        "Unrecognized character escape",
    ]
    .iter()
    .any(|start| reason.starts_with(start))
}

#[test]
fn every_verdict_agrees() {
    let mut wrong = Vec::new();
    for document in lines("patterns.jsonl") {
        let line = document.root().unwrap();
        let id = string(line, "id").unwrap();
        let text = string(line, "pattern").unwrap();
        let valid = line.get("valid").unwrap().as_bool();
        let expected = line.get("match").and_then(|node| node.as_bool());
        let pattern = match Pattern::parse(&text) {
            Ok(pattern) if valid == Some(true) => pattern,
            Err(errors) if valid == Some(false) => {
                let note = string(line, "note").unwrap_or_default();
                let reason = &errors.first().reason;
                if let Some(expected) = expected_reason(&note)
                    && !is_json_mistake(expected)
                    && reason != expected
                {
                    wrong.push(format!("{id}: {text}: `{reason}`, expected `{expected}`"));
                }
                continue;
            }
            other => {
                wrong.push(format!("{id}: {text}: {other:?}"));
                continue;
            }
        };
        let event = string(line, "event").unwrap_or_else(|| "null".to_owned());
        let found = match Event::parse(event.as_str()) {
            Ok(event) => Some(pattern.matches(&event).unwrap()),
            Err(_) => None,
        };
        if found != expected {
            wrong.push(format!(
                "{id}: {text} on {event}: {found:?}, expected {expected:?}"
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn wildcard_complexity_is_exact_or_too_high() {
    let mut exact = 0;
    for document in lines("wildcard-complexity.jsonl") {
        let line = document.root().unwrap();
        let text = string(line, "pattern").unwrap();
        let measured: usize = line.get("complexity").unwrap().raw().parse().unwrap();
        let (value, is_exact) = Pattern::parse(&text).unwrap().wildcard_complexity();
        assert!(value >= measured, "{text}: {value}, measured {measured}");
        let accident = text.contains("\"exists\":false");
        assert!(
            value == measured || !is_exact || accident,
            "{text}: {value}, measured {measured}"
        );
        exact += usize::from(value == measured);
    }
    assert!(exact >= 195, "{exact} exact");
}
