//! Complexity of wildcards: in how many states of the wildcard automaton one
//! input can be at once. EventBridge refuses rules above 10.
//!
//! AWS's matcher builds one automaton for each field, shared by those
//! expansions of `$or` whose earlier fields led to the same state. The count
//! is exact but where one wildcard is added to an automaton twice, or an
//! `anything-but` lists several: there it may be too high.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::ast::{Field, Parts};
use super::expansion::Expansions;
use super::operator::wildcard::Wildcard;
use super::operator::{Excluded, Operator};

/// Counting stops here: it is refused long before.
const CAP: usize = 64;

/// Expansions of `$or` that are looked at; more are refused anyway.
const EXPANSIONS: usize = 1_000;

/// Steps of one expansion; more come from texts that are refused anyway.
const WALKED: u64 = 10_000;

/// Fields that are added to automata; more are refused anyway.
const FIELDS: usize = 50_000;

/// Steps of the search for the largest set, over all automata.
const STEPS: usize = 4_000_000;

/// The complexity of one automaton.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Complexity {
    pub value: usize,
    /// Whether it is exactly AWS's count; if not, it may be too high.
    pub exact: bool,
    /// The path whose wildcards these are.
    pub slot: usize,
}

/// Returns the complexity of each field that has wildcards, by automaton.
pub(crate) fn measure(parts: &Parts) -> Vec<Complexity> {
    let has_wildcard = |field: &Field| {
        field
            .leaves
            .iter()
            .any(|leaf| !wildcards(&leaf.operator).is_empty())
    };
    if !parts.fields.iter().any(has_wildcard) {
        return Vec::new();
    }
    let mut automata = Automata {
        parts,
        states: 1,
        added: 0,
        next: BTreeMap::new(),
        wildcards: BTreeMap::new(),
    };
    let mut expansions = Expansions::new(parts);
    for _ in 0..EXPANSIONS {
        if automata.added > FIELDS || expansions.walked() > WALKED || !expansions.advance(|_| true)
        {
            break;
        }
        automata.add(&expansions.fields().collect::<Vec<_>>());
    }
    let mut steps = 0;
    let mut measured: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut all = Vec::new();
    for ((_, slot), (wildcards, exact)) in &automata.wildcards {
        let mut key: Vec<String> = wildcards
            .iter()
            .map(|wildcard| wildcard.text().to_owned())
            .collect();
        key.sort_unstable();
        let distinct = key.windows(2).all(|pair| pair[0] != pair[1]);
        let value = *measured
            .entry(key)
            .or_insert_with(|| largest_set(wildcards, &mut steps));
        all.push(Complexity {
            value,
            exact: *exact && distinct,
            slot: *slot,
        });
    }
    all
}

/// The automata as AWS's matcher shares them.
struct Automata<'p> {
    parts: &'p Parts,
    states: usize,
    /// Fields that were added.
    added: usize,
    /// From a state at a path, by an operator's text, to the state after it.
    next: BTreeMap<(usize, usize, String), usize>,
    /// By state and path: its wildcards, and whether their count is exact.
    wildcards: BTreeMap<(usize, usize), (Vec<&'p Wildcard>, bool)>,
}

impl<'p> Automata<'p> {
    /// Adds one expansion: its fields with their slots, in visiting order.
    fn add(&mut self, fields: &[(usize, usize)]) {
        let mut states = BTreeSet::from([0]);
        for (slot, field) in fields {
            let mut after = BTreeSet::new();
            for state in states {
                self.add_field(state, *slot, *field, &mut after);
            }
            states = after;
        }
    }

    fn add_field(&mut self, state: usize, slot: usize, field: usize, after: &mut BTreeSet<usize>) {
        self.added += 1;
        let mut last = None;
        for leaf in &self.parts.fields[field].leaves {
            // An operator that is known leads where it led, save a wildcard, which is
            // added anew each time; a new one goes along with the one before.
            let wildcard = matches!(leaf.operator, Operator::Wildcard(_));
            let key = (state, slot, leaf.operator.json());
            let known = self.next.get(&key).copied().filter(|_| !wildcard);
            let to = known.or(last).unwrap_or(self.states);
            self.states = self.states.max(to + 1);
            self.next.insert(key, to);
            last = Some(to);
            after.insert(to);
            let own = wildcards(&leaf.operator);
            if !own.is_empty() {
                let entry = self
                    .wildcards
                    .entry((state, slot))
                    .or_insert((Vec::new(), true));
                entry.0.extend(own);
                entry.1 &= own.len() == 1;
            }
        }
    }
}

/// The wildcards of an operator; several only in an `anything-but`.
fn wildcards(operator: &Operator) -> &[Wildcard] {
    match operator {
        Operator::Wildcard(wildcard) => std::slice::from_ref(wildcard),
        Operator::AnythingBut(Excluded::Wildcards(list)) => list,
        _ => &[],
    }
}

/// A unit of a wildcard: a byte, a star, or the end.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Byte(u8),
    Star,
    End,
}

/// The largest set of positions that one input can reach.
fn largest_set(wildcards: &[&Wildcard], steps: &mut usize) -> usize {
    let mut units = Vec::new();
    let mut start = Vec::new();
    for wildcard in wildcards {
        start.push(units.len());
        units.push(Unit::Byte(b'"'));
        for (number, run) in wildcard.runs().iter().enumerate() {
            units.extend((number > 0).then_some(Unit::Star));
            units.extend(run.bytes().map(Unit::Byte));
        }
        units.extend([Unit::Byte(b'"'), Unit::End]);
    }
    let mut largest = 0;
    let mut known = HashSet::new();
    let mut work = vec![close(start, &units)];
    while let Some(set) = work.pop() {
        let bytes: BTreeSet<Option<u8>> = set
            .iter()
            .map(|at| match units[*at] {
                Unit::Byte(byte) => Some(byte),
                _ => None,
            })
            .chain([None])
            .collect();
        for byte in bytes {
            *steps += set.len();
            if *steps > STEPS || largest >= CAP {
                return largest;
            }
            let mut after = Vec::new();
            for at in &set {
                if byte.is_some_and(|byte| units[*at] == Unit::Byte(byte)) {
                    after.push(at + 1);
                }
                if *at > 0 && units[at - 1] == Unit::Star {
                    after.push(*at);
                }
            }
            let after = close(after, &units);
            largest = largest.max(after.len());
            if !after.is_empty() && known.insert(after.clone()) {
                work.push(after);
            }
        }
    }
    largest
}

/// Adds the positions after stars; sorted, each once.
fn close(mut set: Vec<usize>, units: &[Unit]) -> Vec<usize> {
    let after: Vec<usize> = set
        .iter()
        .filter(|at| units[**at] == Unit::Star)
        .map(|at| at + 1)
        .collect();
    set.extend(after);
    set.sort_unstable();
    set.dedup();
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complexity(wildcards: &[&str]) -> usize {
        let parsed: Vec<Wildcard> = wildcards
            .iter()
            .map(|text| Wildcard::parse(text).unwrap())
            .collect();
        largest_set(&parsed.iter().collect::<Vec<_>>(), &mut 0)
    }

    #[test]
    fn known_counts() {
        for (wildcards, expected) in [
            (&["abc"][..], 1),
            (&["a*"], 2),
            (&["*a"], 2),
            (&["*a*a"], 4),
            (&["*a*a*"], 5),
            (&["x1*", "x2*", "x3*"], 3),
            (&["*:*:*:*:*:event-bus/*"], 11),
            (&["*:stack/A/*", "*:stack/B/*", "*:stack/C/*"], 9),
        ] {
            assert_eq!(complexity(wildcards), expected, "{wildcards:?}");
        }
    }

    #[test]
    fn hostile_wildcards_are_bounded() {
        let many: Vec<String> = (0..200)
            .map(|number| format!("*{}*{}*", "ab".repeat(number % 7 + 1), number))
            .collect();
        assert!(complexity(&many.iter().map(String::as_str).collect::<Vec<_>>()) >= CAP);
        assert!(complexity(&[&"*a".repeat(1_000)]) >= CAP);
    }
}
