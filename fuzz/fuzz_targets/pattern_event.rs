//! A pattern and an event, a line break between them: nothing panics, the
//! explanation, the printed pattern and a set agree with the verdict.
#![no_main]

use fuzz::pattern::{Event, Pattern, PatternSet};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let (pattern_text, event_text) = input.split_once('\n').unwrap_or((input, "{}"));
    let pattern = match Pattern::parse(pattern_text) {
        Ok(pattern) => pattern,
        Err(errors) => {
            assert!((1..100_000).contains(&errors.to_string().len()));
            return;
        }
    };
    for finding in pattern.findings() {
        assert!((1..10_000).contains(&(finding.summary().len() + finding.text.len())));
    }
    let _ = Event::with_defaults(event_text);
    let Ok(event) = Event::parse(event_text) else {
        return;
    };
    let verdict = pattern.matches(&event);
    let explanation = pattern.explain(&event);
    assert_eq!(explanation.matches(), verdict);
    assert!(
        explanation
            .to_string()
            .lines()
            .all(|line| line.chars().count() <= 80)
    );
    if let Ok(verdict) = verdict {
        assert_eq!(explanation.rows().iter().all(|row| row.holds), verdict);
        let printed = Pattern::parse(&pattern.to_string()).expect("a printed pattern is a pattern");
        assert_eq!(printed.matches(&event), Ok(verdict));
        let expected: Vec<usize> = if verdict { vec![0] } else { Vec::new() };
        assert_eq!(PatternSet::new([pattern]).matches(&event), Ok(expected));
    }
});
