//! How much of the user's text a message repeats.
//!
//! A pattern may be deep, and a name or a literal as long as its text allows.
//! Whoever reads a message needs both ends of it, never the megabytes between.

/// Far longer than the paths and names of events.
const PATH: usize = 300;

/// So long that AWS's sentences keep any name that people use.
const SENTENCE: usize = 1_000;

/// Returns a path as a message shows it.
pub(super) fn path(text: String) -> String {
    without_middle(text, PATH)
}

/// Returns a sentence that may repeat a name or a literal.
pub(super) fn sentence(text: String) -> String {
    without_middle(text, SENTENCE)
}

/// A text of which the middle is left out where it has more than `most` characters.
fn without_middle(text: String, most: usize) -> String {
    // A text has no more characters than bytes.
    if text.len() <= most {
        return text;
    }
    let length = text.chars().count();
    if length <= most {
        return text;
    }
    let end = most / 2;
    let start = text.chars().take(most - end - 1);
    start
        .chain(['…'])
        .chain(text.chars().skip(length - end))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{Event, Pattern};

    #[test]
    fn both_ends_are_kept() {
        let cut = |text: &str| without_middle(text.to_owned(), 5);
        assert_eq!(cut("äöüßé"), "äöüßé");
        assert_eq!(cut("äöüßé!"), "äö…é!");
        assert_eq!(cut("123456789"), "12…89");
    }

    #[test]
    fn what_is_told_of_a_deep_or_long_pattern_is_short() {
        let deep =
            |inner: &str| format!("{}{inner}{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
        let long = "n".repeat(60_000);
        for text in [
            deep("[\"x\"]"),
            deep("[\"*\", 1, 1e99]"),
            format!("{{\"{long}\":[\"x\"],\"{long}\":[\"y\"]}}"),
            format!("{{\"detail\":[\"{long}\"]}}"),
            format!(
                "{{\"a\":[{{\"cidr\":\"10.0.0.0/{}8\"}}]}}",
                "0".repeat(60_000)
            ),
        ] {
            let pattern = Pattern::parse(&text).unwrap();
            for finding in pattern.findings() {
                assert!(finding.summary().len() + finding.text.len() < 10_000);
            }
            for event in [text.as_str(), &deep("1"), "{\"a\":\"11.0.0.1\"}"] {
                let event = Event::parse(event).unwrap();
                let explanation = pattern.explain(&event);
                let row = &explanation.rows()[0];
                assert!(row.path.len() + row.value.len() + row.words.len() < 2_000);
            }
        }
        for text in [
            deep("[]"),
            format!("{{\"{long}\":\"x\"}}"),
            format!("{{\"a\":[{{\"{long}\":1}}]}}"),
            format!("{{\"a\":[{{\"contains\":\"{long}\"}}]}}"),
            format!("{{\"a\":[{{\"numeric\":[\">\",{}]}}]}}", "1".repeat(60_000)),
        ] {
            let told = Pattern::parse(&text).unwrap_err().to_string();
            assert!(told.len() < 5_000 && told.contains('…'), "{}", told.len());
        }
    }
}
