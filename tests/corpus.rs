//! Runs the pattern corpus: data in tests/corpus, one verdict a line, each
//! quoting the section of docs/patterns.md that it shows.

use std::collections::BTreeSet;
use std::fs;

use terraform_provider_eventbridge::json::{Document, Node};
use terraform_provider_eventbridge::pattern::{Event, Pattern};

const CASES: [&str; 2] = ["patterns.jsonl", "patterns-own.jsonl"];

fn read(path: &str) -> String {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The lines of a corpus file, each parsed.
fn lines(file: &str) -> Vec<Document<'static>> {
    let parsed = |line: &str| Document::parse(line.to_owned()).unwrap();
    read(&format!("tests/corpus/{file}"))
        .lines()
        .map(parsed)
        .collect()
}

fn string(line: Node<'_>, name: &str) -> Option<String> {
    line.get(name)?.as_str().map(|text| text.into_owned())
}

/// AWS's sentence: in a field of its own, or in a note of the form `… -> sentence`.
fn expected_reason(line: Node<'_>) -> Option<String> {
    let note = string(line, "note").unwrap_or_default();
    let in_note = note.split_once(" -> ").map(|(_, reason)| reason.to_owned());
    string(line, "reason").or(in_note.filter(|reason| !is_json_mistake(reason)))
}

/// JSON mistakes are told in our own words, not in Jackson's.
fn is_json_mistake(reason: &str) -> bool {
    const STARTS: [&str; 6] = [
        "Unexpected ",
        "Invalid numeric value",
        "Non-standard token",
        "Unrecognized token",
        "Illegal unquoted",
        "Unrecognized character escape",
    ];
    STARTS.iter().any(|start| reason.starts_with(start))
}

/// What is wrong with the answer to a case, if anything.
fn judge(line: Node<'_>) -> Result<(), String> {
    let text = string(line, "pattern").unwrap();
    let valid = line.get("valid").unwrap().as_bool();
    let pattern = match Pattern::parse(&text) {
        Err(errors) if valid == Some(false) => {
            let reason = &errors.first().reason;
            return match expected_reason(line) {
                Some(expected) if *reason != expected => {
                    Err(format!("`{reason}`, expected `{expected}`"))
                }
                _ => Ok(()),
            };
        }
        Ok(pattern) if valid == Some(true) => pattern,
        other => return Err(format!("{other:?}")),
    };
    let expected = line.get("match").and_then(|node| node.as_bool());
    let event = string(line, "event").unwrap_or_else(|| "null".to_owned());
    let event = Event::parse(event.as_str());
    let found = event
        .as_ref()
        .ok()
        .map(|event| pattern.matches(event).unwrap());
    let explained = event
        .as_ref()
        .ok()
        .map(|event| pattern.explain(event).matches().unwrap());
    if found != expected || explained != expected {
        return Err(format!(
            "{found:?}, explained as {explained:?}, expected {expected:?}"
        ));
    }
    Ok(())
}

#[test]
fn every_verdict_agrees() {
    let mut wrong = Vec::new();
    for document in CASES.into_iter().flat_map(lines) {
        let line = document.root().unwrap();
        if let Err(problem) = judge(line) {
            let (id, pattern, event) = (
                string(line, "id"),
                string(line, "pattern"),
                string(line, "event"),
            );
            wrong.push(format!(
                "{}: {pattern:?} on {event:?}: {problem}",
                id.unwrap_or_default()
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
fn every_case_quotes_a_section_and_every_demand_has_a_case() {
    let quoted: BTreeSet<String> = CASES
        .into_iter()
        .flat_map(lines)
        .map(|document| string(document.root().unwrap(), "section").expect("a section"))
        .collect();
    // Headings are `## 5. Title` and `### 4.3 Title`.
    let specification = read("docs/patterns.md");
    let mut sections = BTreeSet::new();
    let mut demanding = BTreeSet::new();
    let mut current = String::new();
    for line in specification.lines() {
        if let Some(heading) = line.strip_prefix("##") {
            let number = heading
                .trim_start_matches('#')
                .split_whitespace()
                .next()
                .unwrap_or_default();
            current = number.trim_end_matches('.').to_owned();
            sections.insert(current.clone());
        } else if line.contains("MUST") {
            demanding.insert(current.clone());
        }
    }
    let unknown: Vec<_> = quoted.difference(&sections).collect();
    assert!(unknown.is_empty(), "no such section: {unknown:?}");
    demanding.remove("");
    let silent: Vec<_> = demanding.difference(&quoted).collect();
    assert!(silent.is_empty(), "sections without a case: {silent:?}");
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
