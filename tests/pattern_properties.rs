//! Properties of the pattern engine on random and hostile input.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use terraform_provider_eventbridge::json::{Document, Kind, Node, compact, equal};
use terraform_provider_eventbridge::pattern::{Event, Pattern, PatternSet};

/// Few names, so that patterns and events meet; dots, and two that sort apart by UTF-16.
const NAMES: [&str; 7] = ["a", "b", "z", "a.b", "", "～", "😀"];

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(&NAMES[..]).prop_map(str::to_owned)
}

fn scalar() -> impl Strategy<Value = String> {
    prop::sample::select(
        &[
            "1",
            "1.0",
            "2",
            "\"x\"",
            "\"xy\"",
            "\"X\"",
            "\"10.0.0.1\"",
            "null",
            "true",
        ][..],
    )
    .prop_map(str::to_owned)
}

/// An object as text; names may repeat.
fn object(value: impl Strategy<Value = String>, most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec((name(), value), 0..=most).prop_map(|members| {
        let members: Vec<String> = members
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}

fn event() -> impl Strategy<Value = String> {
    let value = scalar().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            object(inner.clone(), 3),
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
        ]
    });
    object(value, 4)
}

fn leaf() -> impl Strategy<Value = String> {
    let operators = [
        "{\"exists\":true}",
        "{\"exists\":false}",
        "{\"exists\":false}",
        "{\"anything-but\":\"x\"}",
        "{\"anything-but\":[1,2]}",
        "{\"prefix\":\"x\"}",
        "{\"suffix\":\"y\"}",
        "{\"wildcard\":\"*y\"}",
        "{\"numeric\":[\">\",1]}",
        "{\"numeric\":[\"=\",1]}",
        "{\"equals-ignore-case\":\"x\"}",
        "{\"cidr\":\"10.0.0.0/8\"}",
        "{\"anything-but\":{\"prefix\":[\"x\",\"q\"]}}",
        "{\"prefix\":{\"equals-ignore-case\":\"X\"}}",
        "{\"exactly\":\"x\"}",
    ];
    prop_oneof![
        scalar(),
        prop::sample::select(operators.to_vec()).prop_map(str::to_owned)
    ]
}

fn pattern() -> impl Strategy<Value = String> {
    let list = prop::collection::vec(leaf(), 1..3)
        .prop_map(|leaves| format!("[{}]", leaves.join(",")))
        .boxed();
    let fields = |value: BoxedStrategy<String>| {
        prop::collection::vec((name(), value), 1..4).prop_map(|members| {
            members
                .iter()
                .map(|(name, value)| format!("\"{name}\":{value}"))
                .collect::<Vec<_>>()
        })
    };
    let object = fields(list.clone()).prop_map(|members| format!("{{{}}}", members.join(",")));
    object.prop_recursive(3, 20, 3, move |inner| {
        let value = prop_oneof![list.clone(), inner.clone()].boxed();
        let or = prop::collection::vec(inner, 2..4)
            .prop_map(|branches| format!("\"$or\":[{}]", branches.join(",")));
        (fields(value), prop::option::of((or, any::<bool>()))).prop_map(|(mut members, or)| {
            if let Some((or, first)) = or {
                members.insert(if first { 0 } else { members.len() }, or);
            }
            format!("{{{}}}", members.join(","))
        })
    })
}

/// The specification, as plainly as it can be written: all expansions, all choices.
mod plain {
    use super::*;

    type Path = Vec<u16>;
    /// A value's text and the elements it lies in: array number to index.
    type Found = (String, BTreeMap<usize, usize>);

    pub fn matches(pattern: &str, event: &str) -> bool {
        let event = Document::parse(event.to_owned()).unwrap();
        let mut values: BTreeMap<Path, Vec<Found>> = BTreeMap::new();
        let mut arrays = 0;
        walk(
            event.root().unwrap(),
            "",
            true,
            &mut BTreeMap::new(),
            &mut arrays,
            &mut values,
        );
        let pattern = Document::parse(pattern.to_owned()).unwrap();
        let mut rules = Vec::new();
        expand(pattern.root().unwrap(), "", true, &mut rules);
        rules.iter().any(|rule| {
            let fields: Vec<_> = rule.iter().collect();
            solve(&fields, &values, &BTreeMap::new())
        })
    }

    fn join(path: &str, first: bool, name: &str) -> String {
        if first {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    }

    fn walk(
        node: Node<'_>,
        path: &str,
        first: bool,
        inside: &mut BTreeMap<usize, usize>,
        arrays: &mut usize,
        values: &mut BTreeMap<Path, Vec<Found>>,
    ) {
        match node.kind() {
            Kind::Object => {
                for (key, value) in node.members() {
                    walk(
                        value,
                        &join(path, first, &key.as_str().unwrap()),
                        false,
                        inside,
                        arrays,
                        values,
                    );
                }
            }
            Kind::Array => {
                let array = *arrays;
                *arrays += 1;
                for (index, element) in node.elements().enumerate() {
                    let container = matches!(element.kind(), Kind::Object | Kind::Array);
                    if container {
                        inside.insert(array, index);
                    }
                    walk(element, path, first, inside, arrays, values);
                    inside.remove(&array);
                }
            }
            _ => values
                .entry(path.encode_utf16().collect())
                .or_default()
                .push((compact(node), inside.clone())),
        }
    }

    type Rule = BTreeMap<Path, Vec<String>>;

    fn expand(object: Node<'_>, path: &str, first: bool, rules: &mut Vec<Rule>) {
        for (key, value) in object.members() {
            let name = key.as_str().unwrap();
            if name == "$or" {
                let before = std::mem::take(rules);
                for branch in value.elements() {
                    let mut copy = if before.is_empty() {
                        vec![Rule::new()]
                    } else {
                        before.clone()
                    };
                    expand(branch, path, first, &mut copy);
                    rules.extend(copy);
                }
                continue;
            }
            let path = join(path, first, &name);
            if value.kind() == Kind::Object {
                expand(value, &path, false, rules);
                continue;
            }
            if rules.is_empty() {
                rules.push(Rule::new());
            }
            for rule in rules.iter_mut() {
                rule.insert(
                    path.encode_utf16().collect(),
                    value.elements().map(compact).collect(),
                );
            }
        }
    }

    fn solve(
        fields: &[(&Path, &Vec<String>)],
        values: &BTreeMap<Path, Vec<Found>>,
        taken: &BTreeMap<usize, usize>,
    ) -> bool {
        let Some(((path, leaves), rest)) = fields.split_first() else {
            return true;
        };
        let none = Vec::new();
        let fitting: Vec<&Found> = values
            .get(*path)
            .unwrap_or(&none)
            .iter()
            .filter(|(_, inside)| {
                inside
                    .iter()
                    .all(|(array, index)| taken.get(array).is_none_or(|other| other == index))
            })
            .collect();
        let any = fitting.iter().any(|(value, inside)| {
            leaves.iter().any(|leaf| accepts(leaf, value)) && {
                let mut taken = taken.clone();
                taken.extend(inside);
                solve(rest, values, &taken)
            }
        });
        any || (leaves.iter().any(|leaf| leaf == "{\"exists\":false}")
            && fitting.is_empty()
            && solve(rest, values, taken))
    }

    /// The operators of the generator, on the values of the generator.
    fn accepts(leaf: &str, value: &str) -> bool {
        let text = value
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let number: Option<f64> = value.parse().ok();
        match leaf {
            "{\"exists\":true}" => true,
            "{\"exists\":false}" => false,
            "{\"anything-but\":\"x\"}" => text != Some("x"),
            "{\"anything-but\":[1,2]}" => !matches!(number, Some(1.0 | 2.0)),
            "{\"prefix\":\"x\"}" => text.is_some_and(|text| text.starts_with('x')),
            "{\"suffix\":\"y\"}" | "{\"wildcard\":\"*y\"}" => {
                text.is_some_and(|text| text.ends_with('y'))
            }
            "{\"numeric\":[\">\",1]}" => number.is_some_and(|number| number > 1.0),
            "{\"numeric\":[\"=\",1]}" => number == Some(1.0),
            "{\"equals-ignore-case\":\"x\"}" => matches!(text, Some("x" | "X")),
            "{\"cidr\":\"10.0.0.0/8\"}" => text == Some("10.0.0.1"),
            "{\"anything-but\":{\"prefix\":[\"x\",\"q\"]}}" => {
                !text.is_some_and(|text| text.starts_with('x'))
            }
            "{\"prefix\":{\"equals-ignore-case\":\"X\"}}" => {
                text.is_some_and(|text| text.starts_with(['x', 'X']))
            }
            "{\"exactly\":\"x\"}" => text == Some("x"),
            literal => {
                literal == value || (number.is_some() && literal.parse::<f64>().ok() == number)
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    #[test]
    fn verdicts_are_those_of_the_plain_specification(pattern in pattern(), event in event()) {
        let parsed = Pattern::parse(&pattern).unwrap();
        let found = parsed.matches(&Event::parse(event.as_str()).unwrap()).unwrap();
        prop_assert_eq!(found, plain::matches(&pattern, &event), "{} on {}", pattern, event);
    }

    #[test]
    fn an_explanation_agrees_with_the_verdict(pattern in pattern(), event in event()) {
        let parsed = Pattern::parse(&pattern).unwrap();
        let event = Event::parse(event.as_str()).unwrap();
        let explanation = parsed.explain(&event);
        prop_assert_eq!(explanation.matches(), parsed.matches(&event));
        let all_hold = explanation.rows().iter().all(|row| row.holds);
        prop_assert_eq!(Ok(all_hold), explanation.matches(), "{}\n{}", pattern, explanation);
        prop_assert!(explanation.to_string().lines().all(|line| line.chars().count() <= 80), "{}", explanation);
        prop_assert_eq!(explanation.to_string(), parsed.explain(&event).to_string());
    }

    #[test]
    fn a_printed_pattern_is_the_same_pattern(pattern in pattern(), event in event()) {
        let parsed = Pattern::parse(&pattern).unwrap();
        let printed = Pattern::parse(&parsed.to_string()).unwrap();
        prop_assert_eq!(printed.to_string(), parsed.to_string());
        let event = Event::parse(event.as_str()).unwrap();
        prop_assert_eq!(printed.matches(&event), parsed.matches(&event), "{} as {}", pattern, printed);
    }

    #[test]
    fn a_set_answers_as_its_patterns_do(patterns in prop::collection::vec(pattern(), 1..12), event in event()) {
        let patterns: Vec<Pattern> = patterns.iter().map(|text| Pattern::parse(text).unwrap()).collect();
        let event = Event::parse(event.as_str()).unwrap();
        let alone: Vec<usize> = (0..patterns.len()).filter(|at| patterns[*at].matches(&event).unwrap()).collect();
        prop_assert_eq!(PatternSet::new(patterns).matches(&event).unwrap(), alone);
    }

    #[test]
    fn json_survives_printing(text in event()) {
        let document = Document::parse(text.as_str()).unwrap();
        let printed = compact(document.root().unwrap());
        prop_assert!(equal(&text, &printed));
        let again = Document::parse(printed.as_str()).unwrap();
        prop_assert_eq!(compact(again.root().unwrap()), printed.clone());
    }

    #[test]
    fn damaged_text_never_panics(text in pattern(), event in event(), at in any::<prop::sample::Index>(), with in "[\\[\\]{}\",:0-9a\\\\ $*-]{0,3}") {
        let mut damaged: Vec<char> = text.chars().collect();
        let at = at.index(damaged.len());
        damaged.splice(at..(at + 1).min(damaged.len()), with.chars());
        let damaged: String = damaged.into_iter().collect();
        match Pattern::parse(&damaged) {
            Err(errors) => prop_assert!(!errors.to_string().is_empty()),
            Ok(pattern) => {
                let event = Event::parse(event.as_str()).unwrap();
                prop_assert_eq!(pattern.explain(&event).matches(), pattern.matches(&event));
                pattern.findings();
            }
        }
        let _ = Event::with_defaults(&damaged);
    }
}

/// Runs everything on a pattern and an event and returns how long it took.
fn all_of_it(pattern: &str, event: &str) -> Duration {
    let start = Instant::now();
    match Pattern::parse(pattern) {
        Err(errors) => drop(errors.to_string()),
        Ok(pattern) => {
            pattern.findings();
            if let Ok(event) = Event::parse(event) {
                let _ = pattern.matches(&event);
                drop(pattern.explain(&event).to_string());
            }
        }
    }
    start.elapsed()
}

#[test]
fn hostile_input_takes_bounded_time_and_no_stack() {
    let deep = 60_000;
    let digits = "9".repeat(500_000);
    let nest = |open: &str, middle: &str, close: &str| {
        format!("{}{middle}{}", open.repeat(deep), close.repeat(deep))
    };
    let small = r#"{"a":[{"b":1,"c":2}]}"#;
    let or = |count: usize| {
        let one = |number: usize| format!(r#""$or":[{{"a{number}":[1]}},{{"b{number}":[1]}}]"#);
        format!("{{{}}}", (0..count).map(one).collect::<Vec<_>>().join(","))
    };
    // In one array, with no element that has all: every combination is tried.
    let tied = |count: usize| {
        let one = |number: usize| format!(r#""$or":[{{"a{number}":[1]}},{{"b{number}":[1]}}]"#);
        format!(
            "{{\"r\":{{{}}}}}",
            (0..count).map(one).collect::<Vec<_>>().join(",")
        )
    };
    let scattered: Vec<String> = (0..30)
        .flat_map(|number| {
            [
                format!("{{\"a{number}\":1}}"),
                format!("{{\"b{number}\":1}}"),
            ]
        })
        .collect();
    let scattered = format!("{{\"r\":[{}]}}", scattered.join(","));
    let rows: Vec<String> = (0..20_000)
        .map(|number| format!("{{\"b\":1,\"c\":{number},\"d\":[{{\"e\":1}},{{\"f\":1}}]}}"))
        .collect();
    let big = format!("{{\"a\":[{}]}}", rows.join(","));
    let doubled = format!(
        "{{{}}}",
        vec![r#""a":[{"b":1},{"c":2}],"a.b":1,"a":{"c":2}"#; 5_000].join(",")
    );
    let cases = [
        (nest(r#"{"a":"#, "[1]", "}"), nest(r#"{"a":"#, "1", "}")),
        (nest("[", "", "]"), nest("[", "", "]")),
        (
            nest(r#"{"$or":[{"b":[1]},"#, r#"{"a":[1]}"#, "]}"),
            small.to_owned(),
        ),
        (nest(r#"{"$or":["#, r#"{"a":[1]}"#, "]}"), small.to_owned()),
        (
            nest(r#"{"b":[1],"a":"#, "[1]", "}"),
            nest(r#"{"b":1,"a":"#, "1", "}"),
        ),
        (
            r#"{"a":{"b":[1]}}"#.to_owned(),
            nest(r#"{"a":["#, "1", "]}"),
        ),
        (
            r#"{"a":[1]}"#.to_owned(),
            format!("{{\"a\":{}}}", nest("[", "1", "]")),
        ),
        (
            format!("{{\"a\":[{digits},{{\"anything-but\":1}}]}}"),
            format!("{{\"a\":{digits}}}"),
        ),
        (or(14), small.to_owned()),
        (
            or(63),
            format!(
                "{{{}}}",
                (0..63)
                    .map(|number| format!("\"b{number}\":1"))
                    .collect::<Vec<_>>()
                    .join(",")
            ),
        ),
        (tied(14), scattered.clone()),
        (tied(28), scattered),
        (
            r#"{"a":{"b":[1],"c":[1],"d":{"e":[1],"f":[1]}}}"#.to_owned(),
            big.clone(),
        ),
        (
            r#"{"a":{"b":[1],"c":[{"exists":false}]}}"#.to_owned(),
            big.clone(),
        ),
        (
            r#"{"a":{"b":[1],"c":[19999],"d":{"e":[1]}}}"#.to_owned(),
            big,
        ),
        (r#"{"a":{"b":[1],"c":[1]}}"#.to_owned(), doubled.clone()),
        (
            r#"{"a":{"b":[1],"c":[2],"d":[{"exists":false}]}}"#.to_owned(),
            doubled,
        ),
        (
            format!(r#"{{"a":[{{"wildcard":"{}"}}]}}"#, "*a".repeat(2_000)),
            format!("{{\"a\":\"{}b\"}}", "a".repeat(1_000_000)),
        ),
        (
            format!(
                "{{\"a\":[{}]}}",
                vec![r#"{"wildcard":"*a*b*c*"}"#; 2_000].join(",")
            ),
            format!("{{\"a\":[{}]}}", vec!["\"abcabcab\""; 50_000].join(",")),
        ),
        (
            format!(
                r#"{{"a":[{{"anything-but":{{"wildcard":[{}]}}}}]}}"#,
                vec![r#""*ab*b*""#; 9_000].join(",")
            ),
            format!("{{\"a\":\"{}\"}}", "a".repeat(100_000)),
        ),
        (
            format!(
                "{{\"a\":[{{\"anything-but\":{{\"prefix\":[{}]}}}}]}}",
                vec![format!("\"{}\"", "a".repeat(3_000)); 3_000].join(",")
            ),
            format!(
                "{{\"a\":[{}]}}",
                vec![format!("\"{}\"", "a".repeat(5_000)); 50].join(",")
            ),
        ),
        // Just short enough for its findings to be looked for.
        (
            format!("{{{}}}", vec!["\"k\":[\"x\"]"; 6_500].join(",")),
            small.to_owned(),
        ),
        (
            format!("{}[1]{}", "{\"a\":".repeat(9_000), "}".repeat(9_000)),
            small.to_owned(),
        ),
        (
            format!(
                "{{{}}}",
                (0..300)
                    .map(|number| format!("\"f{number}\":[1]"))
                    .collect::<Vec<_>>()
                    .join(",")
            ),
            small.to_owned(),
        ),
        (format!("[{}", "{\"a\":".repeat(deep)), small.to_owned()),
        (
            format!("{{{}}}", vec!["\"a\":1"; 100_000].join(",")),
            small.to_owned(),
        ),
        (
            format!("{{{}}}", vec!["\"a\":[1]"; 100_000].join(",")),
            small.to_owned(),
        ),
    ];
    for (number, (pattern, event)) in cases.iter().enumerate() {
        let took = all_of_it(pattern, event);
        // An unoptimised build on a busy machine; a release takes a tenth.
        assert!(took < Duration::from_secs(30), "case {number}: {took:?}");
        eprintln!("case {number}: {took:?}");
    }
}
