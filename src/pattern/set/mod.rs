//! Many patterns at once: which of thousands match an event.
//!
//! A pattern can only match an event that has one of its keys: a literal that
//! one of its fields demands, or the beginning of one, or at least some value
//! at the path. Each pattern is filed under the keys that the fewest others
//! share. An event then brings up few candidates, and each candidate is judged
//! as a pattern alone is: a set answers exactly as its patterns do.

mod affix;
mod hash;
mod index;
mod key;

use super::Pattern;
use super::ast::Parts;
use super::error::BudgetError;
use super::event::Event;
use super::path::PathTree;
use super::search::Search;
use super::values::{Values, View};
use index::Index;

/// A set of patterns, compiled to be matched together.
#[derive(Clone, Debug)]
pub struct PatternSet {
    members: Vec<Member>,
    /// The paths of all patterns.
    paths: PathTree,
    index: Index,
}

#[derive(Clone, Debug)]
struct Member {
    parts: Parts,
    /// The set's slot for each of the pattern's.
    slots: Vec<u32>,
}

impl PatternSet {
    /// Compiles patterns; they are known by their place, from 0.
    pub fn new(patterns: impl IntoIterator<Item = Pattern>) -> Self {
        let mut paths = PathTree::new();
        let mut named = Vec::new();
        for pattern in patterns {
            let own = pattern.parts.paths.slots().iter();
            let ids = own.map(|path| {
                let path = paths.extend(PathTree::ROOT, &pattern.parts.paths.dotted(*path));
                paths.mark(path);
                path
            });
            named.push((ids.collect::<Vec<_>>(), pattern.parts));
        }
        paths.sort();
        let slot = |path| paths.slot(path).unwrap_or_default() as u32;
        let members: Vec<Member> = named
            .into_iter()
            .map(|(ids, parts)| Member {
                slots: ids.into_iter().map(slot).collect(),
                parts,
            })
            .collect();
        let index = Index::new(
            paths.slots().len(),
            members
                .iter()
                .map(|member| (&member.parts, member.slots.as_slice())),
        );
        PatternSet {
            members,
            paths,
            index,
        }
    }

    /// Returns how many patterns there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Returns the places of the patterns that match the event, ascending.
    ///
    /// # Errors
    /// No verdict on one of the patterns within a bounded number of steps.
    pub fn matches(&self, event: &Event<'_>) -> Result<Vec<usize>, BudgetError> {
        let values = Values::collect(event, &self.paths);
        let mut matching = Vec::new();
        for candidate in self.index.candidates(&values) {
            let member = &self.members[candidate];
            let view = View::of_set(&values, &member.slots);
            if Search::new(&member.parts, view).matches()? {
                matching.push(candidate);
            }
        }
        matching.sort_unstable();
        Ok(matching)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matching(patterns: &[&str], event: &str) -> Vec<usize> {
        let parsed: Vec<Pattern> = patterns
            .iter()
            .map(|text| Pattern::parse(text).unwrap())
            .collect();
        let event = Event::parse(event).unwrap();
        let alone: Vec<usize> = (0..parsed.len())
            .filter(|at| parsed[*at].matches(&event).unwrap())
            .collect();
        let together = PatternSet::new(parsed).matches(&event).unwrap();
        assert_eq!(together, alone);
        together
    }

    #[test]
    fn every_operator_brings_its_pattern_up() {
        let patterns = [
            r#"{"a":["x"]}"#,
            r#"{"a":[{"exactly":"x"}]}"#,
            r#"{"a":[{"prefix":"x"}]}"#,
            r#"{"a":[{"suffix":""}]}"#,
            r#"{"a":[{"equals-ignore-case":"X"}]}"#,
            r#"{"a":[{"wildcard":"*x*"}]}"#,
            r#"{"a":[{"anything-but":"y"}]}"#,
            r#"{"a":[{"exists":true}]}"#,
            r#"{"b":[{"exists":false}]}"#,
            r#"{"n":[5.0]}"#,
            r#"{"n":[{"numeric":["=",50e-1]}]}"#,
            r#"{"n":[{"numeric":[">",4]}]}"#,
            r#"{"big":[12345678901234567890]}"#,
            r#"{"t":[true]}"#,
            r#"{"z":[null]}"#,
            r#"{"ip":["2001:db8::1"]}"#,
            r#"{"ip":[{"cidr":"2001:db8::/32"}]}"#,
            r#"{"a":[{"prefix":{"equals-ignore-case":"X"}}]}"#,
            r#"{"a":["q",{"suffix":"x"}]}"#,
            r#"{"$or":[{"a":["q"]},{"n":[5]}]}"#,
            r#"{"a":["q","x"],"n":[5]}"#,
        ];
        let event = r#"{"a":"x","n":5,"big":12345678901234567890,"t":true,"z":null,"ip":"2001:DB8:0:0:0:0:0:1"}"#;
        assert_eq!(
            matching(&patterns, event),
            (0..patterns.len()).collect::<Vec<_>>()
        );
        assert_eq!(matching(&patterns, r#"{"a":"y","b":1}"#), [3, 7]);
        assert_eq!(matching(&patterns, "{}"), [8]);
    }

    #[test]
    fn arrays_bind_each_pattern_for_itself() {
        let patterns = [
            r#"{"r":{"x":[1],"y":[2]}}"#,
            r#"{"r":{"x":[1]}}"#,
            r#"{"r":{"y":[2],"z":[{"exists":false}]}}"#,
        ];
        assert_eq!(matching(&patterns, r#"{"r":[{"x":1},{"y":2}]}"#), [1, 2]);
        assert_eq!(
            matching(&patterns, r#"{"r":[{"x":1,"y":2,"z":3}]}"#),
            [0, 1]
        );
    }

    #[test]
    fn a_dotted_name_is_found_among_many() {
        let patterns: Vec<String> = (0..50)
            .map(|number| format!("{{\"d\":{{\"f{number}\":{{\"g\":[{number}]}}}}}}"))
            .collect();
        let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        assert_eq!(
            matching(&patterns, r#"{"d.f7.g":7,"d":{"f9.g":9,"f11":{"g":11}}}"#),
            [7, 9, 11]
        );
    }
}
