//! `input_template`: its placeholders and its form. Knows paths by their keys, and by
//! their text only to tell lists.

use super::{Finding, PREDEFINED, Paths, Place, Severity};

/// `<name>` in a template.
struct Placeholder<'a> {
    name: &'a str,
    /// The bytes of the template that it takes, angle brackets included.
    start: usize,
    end: usize,
    /// Between the quotes of a JSON string.
    quoted: bool,
}

/// Checks a template against the paths.
pub(super) fn check(target: &str, template: &str, paths: Paths<'_>) -> Vec<Finding> {
    if template.is_empty() {
        return Vec::new();
    }
    let placeholders = placeholders(template);
    let mut findings: Vec<Finding> = placeholders
        .iter()
        .filter_map(|found| unknown(target, found, paths))
        .collect();
    findings.extend(form(template, &placeholders, paths));
    findings
}

/// All placeholders in the order of the text.
fn placeholders(template: &str) -> Vec<Placeholder<'_>> {
    let bytes = template.as_bytes();
    let mut found = Vec::new();
    let (mut quoted, mut at) = (false, 0);
    while at < bytes.len() {
        match bytes[at] {
            // The next character is escaped: neither a quote nor a bracket.
            b'\\' => at += 1,
            b'"' => quoted = !quoted,
            b'<' => {
                if let Some(name) = name_after(&template[at + 1..]) {
                    let end = at + name.len() + 2;
                    found.push(Placeholder {
                        name,
                        start: at,
                        end,
                        quoted,
                    });
                    at = end;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The name before the closing bracket; text such as `< 5` or `</b>` is no placeholder.
fn name_after(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "_-.".contains(c)))?;
    (end > 0 && text[end..].starts_with('>')).then(|| &text[..end])
}

fn unknown(target: &str, placeholder: &Placeholder<'_>, paths: Paths<'_>) -> Option<Finding> {
    let name = placeholder.name;
    let reserved = name.starts_with("aws.");
    let Paths::Known(entries) = paths else {
        // An entry cannot have a dot: a reserved name can be judged all the same.
        return (reserved && !PREDEFINED.contains(&name))
            .then(|| invalid_placeholder(target, name, PREDEFINED.to_vec()));
    };
    let keys = entries.iter().map(|(key, _)| *key);
    let known: Vec<&str> = keys.chain(PREDEFINED).collect();
    (!known.contains(&name)).then(|| {
        let offered = if reserved { PREDEFINED.to_vec() } else { known };
        invalid_placeholder(target, name, offered)
    })
}

fn invalid_placeholder(target: &str, name: &str, offered: Vec<&str>) -> Finding {
    let lower = name.to_ascii_lowercase();
    let alike = |known: &str| known.to_ascii_lowercase().replace(['_', '.'], "-");
    let near = offered.iter().find(|known| alike(known) == alike(&lower));
    let instead = match near {
        Some(near) => format!("Write <{near}>"),
        None if name.starts_with("aws.") => {
            format!("EventBridge fills these: <{}>", offered.join(">, <"))
        }
        None => format!("Add {name:?} to input_paths, for example {name} = \"$.detail.{name}\""),
    };
    finding(
        Severity::Error,
        format!("InputTemplate for target {target} contains invalid placeholder {name}."),
        instead,
    )
}

/// What the template makes: a JSON document, quoted lines, one value, or loose text.
fn form(template: &str, placeholders: &[Placeholder<'_>], paths: Paths<'_>) -> Vec<Finding> {
    let begins = template.trim_start();
    if begins.starts_with(['{', '[']) {
        return document(template, placeholders, paths);
    }
    let mut findings: Vec<Finding> = placeholders
        .iter()
        .filter(|found| found.quoted && found.name == "aws.events.event.json")
        .map(|found| quoted_event(found.name))
        .collect();
    // Quoted texts and values, on one line or many: AWS's own GuardDuty example has several a
    // line, and texts that go on over lines are common.
    let filled = filled(template, placeholders).replace(['\n', '\r', '\t'], " ");
    let mut parts =
        serde_json::Deserializer::from_str(&filled).into_iter::<serde::de::IgnoredAny>();
    if parts.any(|part| part.is_err()) {
        findings.push(finding(
            Severity::Warning,
            format!("input_template is text without quotes, and EventBridge delivers nothing: {}", excerpt(template)),
            "Put each line between double quotes, such as input_template = \"\\\"<name> changed\\\"\"",
        ));
    }
    findings
}

/// A template that begins like a JSON object or list.
fn document(template: &str, placeholders: &[Placeholder<'_>], paths: Paths<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for found in placeholders {
        let name = found.name;
        let alone = found.quoted
            && template[..found.start].ends_with('"')
            && template[found.end..].starts_with('"');
        if is_key(template, found) {
            findings.push(finding(
                Severity::Error,
                format!("the placeholder <{name}> is an object key, and a key cannot be filled"),
                "Write a fixed key, and the placeholder as its value",
            ));
        } else if alone && is_list(name, paths) {
            findings.push(finding(
                Severity::Warning,
                format!("<{name}> is a list between quotes, and EventBridge delivers nothing"),
                format!("Leave out the quotes around <{name}>"),
            ));
        } else if found.quoted && name == "aws.events.event.json" {
            findings.push(quoted_event(name));
        }
    }
    if findings
        .iter()
        .all(|found| found.severity == Severity::Warning)
        && let Err(error) =
            serde_json::from_str::<serde::de::IgnoredAny>(&filled(template, placeholders))
    {
        findings.push(finding(
            Severity::Warning,
            format!(
                "input_template is not JSON once its placeholders are filled, and EventBridge \
                 delivers nothing: {error}"
            ),
            "Make it valid JSON, for example with jsonencode and placeholders in strings",
        ));
    }
    findings
}

/// Followed by a colon, with nothing but a closing quote and more of the key between.
fn is_key(template: &str, found: &Placeholder<'_>) -> bool {
    let mut after = &template[found.end..];
    if found.quoted {
        match after.find('"') {
            Some(quote) => after = &after[quote + 1..],
            None => return false,
        }
    }
    after.trim_start().starts_with(':')
}

/// Whether a placeholder is known to stand for a list: of the envelope only `resources` is.
fn is_list(name: &str, paths: Paths<'_>) -> bool {
    match paths {
        Paths::Known(entries) => entries.contains(&(name, Some("$.resources"))),
        Paths::Unknown => false,
    }
}

fn quoted_event(name: &str) -> Finding {
    finding(
        Severity::Warning,
        format!("<{name}> stands between quotes, and what it makes is no JSON"),
        format!("Use <{name}> as a JSON value, without quotes"),
    )
}

/// The template with a value in place of each placeholder: text in text, 0 elsewhere.
fn filled(template: &str, placeholders: &[Placeholder<'_>]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut from = 0;
    for found in placeholders {
        filled.push_str(&template[from..found.start]);
        filled.push('0');
        from = found.end;
    }
    filled + &template[from..]
}

fn excerpt(template: &str) -> String {
    let line = template
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let short: String = line.chars().take(60).collect();
    if short.len() < line.len() {
        format!("{short}…")
    } else {
        short
    }
}

fn finding(severity: Severity, wrong: String, instead: impl Into<String>) -> Finding {
    Finding {
        severity,
        place: Place::Template,
        wrong,
        instead: instead.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: Paths<'_> = Paths::Known(&[
        ("name", Some("$.detail.name")),
        ("resources", Some("$.resources")),
        ("later", None),
    ]);

    fn only(template: &str) -> Finding {
        let mut findings = check("t1", template, PATHS);
        assert_eq!(findings.len(), 1, "{template}: {findings:?}");
        findings.remove(0)
    }

    #[test]
    fn an_unknown_placeholder_is_refused_in_the_services_words() {
        let found = only(r#""hello <nme>""#);
        assert_eq!(found.severity, Severity::Error);
        assert_eq!(
            found.wrong,
            "InputTemplate for target t1 contains invalid placeholder nme."
        );
        assert!(found.instead.contains("input_paths"));
        assert_eq!(only(r#""<Name>""#).instead, "Write <name>");
        assert_eq!(
            only(r#""<aws.events.rule_name>""#).instead,
            "Write <aws.events.rule-name>"
        );
        assert!(
            only(r#""<aws.events.foo>""#)
                .instead
                .contains("<aws.events.event.json>")
        );
    }

    #[test]
    fn brackets_that_enclose_no_name_are_text() {
        for template in [
            r#""a < 5 and b > 6""#,
            r#""</b>""#,
            r#""<>""#,
            r#""\\<name""#,
            r#""<ä>""#,
        ] {
            assert_eq!(check("t1", template, PATHS), [], "{template}");
        }
    }

    #[test]
    fn a_placeholder_as_a_key_is_refused() {
        for template in [
            r#"{<name>: 1}"#,
            r#"{"<name>": 1}"#,
            r#"{"a-<name>-b" : 1}"#,
        ] {
            let found = only(template);
            assert_eq!(found.severity, Severity::Error, "{template}");
            assert!(found.wrong.contains("object key"));
        }
        assert_eq!(check("t1", r#"{"a": "<name>: x"}"#, PATHS), []);
    }

    #[test]
    fn what_is_not_delivered_is_a_warning() {
        for (template, word) in [
            ("hello <name>", "without quotes"),
            ("\"first <name>\"\nsecond", "without quotes"),
            ("just text", "without quotes"),
            (r#"{"r": "<resources>"}"#, "list between quotes"),
            (r#"{"e": "<aws.events.event.json>"}"#, "between quotes"),
            (r#""<aws.events.event.json>""#, "between quotes"),
            (r#"{"a": <name>"#, "not JSON"),
        ] {
            let found = only(template);
            assert_eq!(found.severity, Severity::Warning, "{template}");
            assert!(found.wrong.contains(word), "{template}: {}", found.wrong);
        }
    }

    #[test]
    fn quoted_texts_may_share_a_line_and_span_lines() {
        for template in [
            "\"a <name>.\"\n \"b:\" \"<name>. \"\n \"c\"\n",
            "\"Alert\nName: <name>\n\tEnd\"",
            "<name>",
        ] {
            assert_eq!(check("t1", template, PATHS), [], "{template}");
        }
    }

    #[test]
    fn lists_without_quotes_and_in_text_are_delivered() {
        assert_eq!(check("t1", r#"{"r": <resources>}"#, PATHS), []);
        assert_eq!(check("t1", r#""of <resources>""#, PATHS), []);
    }

    #[test]
    fn lengths_are_said_elsewhere() {
        assert_eq!(check("t1", "", PATHS), []);
        assert_eq!(check("t1", &format!("\"{}\"", "é".repeat(9000)), PATHS), []);
    }
}
