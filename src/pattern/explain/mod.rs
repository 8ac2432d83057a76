//! Explanations: for each field what was wanted, what was found, and why that
//! is a match or not.
//!
//! Rows stand in the pattern's text order. Of an `$or` the branch that came
//! closest is shown. The same pattern and event always give the same text.

mod near;
mod spot;
mod table;
mod words;

use std::collections::{BTreeMap, HashSet};

use super::ast::Parts;
use super::bounds;
use super::error::BudgetError;
use super::event::Event;
use super::expansion::Expansions;
use super::path::push_name;
use super::search::{Match, Search, Taken};
use super::values::{Found, Values, View};

/// The most rows that anyone reads.
const ROWS: usize = 40;

/// Why a pattern matches an event or not. `Display` gives the rows as a table
/// of at most 80 columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    verdict: Result<bool, BudgetError>,
    rows: Vec<Row>,
    /// Rows left out beyond the 40th.
    omitted: usize,
}

/// One line of an explanation: a field, or a branch of an `$or`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The field's path in the event, array elements numbered: `items[0].sku`;
    /// for a branch its place in the pattern: `$or[1]`.
    pub path: String,
    /// The event's value as JSON, cut; `(absent)` where there is none; empty for a branch.
    pub value: String,
    /// The verdict in words.
    pub words: String,
    pub holds: bool,
}

impl Explanation {
    /// Returns the verdict: that of [`super::Pattern::matches`].
    ///
    /// # Errors
    /// No verdict within a bounded number of steps.
    pub fn matches(&self) -> Result<bool, BudgetError> {
        self.verdict
    }

    /// Returns the verdict as a sentence.
    pub fn headline(&self) -> String {
        match self.verdict {
            Ok(true) => "the pattern matches this event".to_owned(),
            Ok(false) => "the pattern does not match this event".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    /// Returns the verdict as a sentence and the rows below it: a text that stands alone.
    pub fn text(&self) -> String {
        format!("{}\n{self}", self.headline())
    }

    /// Returns the rows in the pattern's text order, at most 40.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

/// Explains a verdict.
pub(super) fn explain(parts: &Parts, event: &Event<'_>) -> Explanation {
    let values = Values::collect(event, &parts.paths);
    let mut search = Search::new(parts, View::own(&values));
    let found = search.run();
    let verdict = found.as_ref().map(Option::is_some).map_err(|error| *error);
    let shown = match found {
        Ok(Some(Match { witness, branches })) => Shown {
            branches,
            fields: witness
                .into_iter()
                .map(|(field, value)| (field, Outcome::Holds(value)))
                .collect(),
        },
        _ => closest(parts, &values, &mut search),
    };
    let (rows, omitted) = rows(parts, &values, &shown, verdict == Ok(true));
    Explanation {
        verdict,
        rows,
        omitted,
    }
}

/// An expansion to be shown.
struct Shown {
    branches: Vec<usize>,
    /// Its fields, each with what came of it.
    fields: Vec<(usize, Outcome)>,
}

/// What came of a field.
enum Outcome {
    /// It holds with this value, or by being absent.
    Holds(Option<Found>),
    /// It holds in no event value.
    Fails,
    /// It would hold with this value, but the others are in another array element.
    Elsewhere(Found, Option<u32>),
    /// It would hold by being absent, but among the others this value is there;
    /// and whether they are in an array element around it.
    Present(Found, bool),
}

/// The expansion that came closest: in each `$or` the branch in which the
/// fewest fields fail, then the most hold, then the first.
fn closest(parts: &Parts, values: &Values<'_>, search: &mut Search<'_>) -> Shown {
    let mut best: Vec<(usize, usize)> = vec![(0, 0); parts.branches.len()];
    let mut chosen = vec![false; parts.branches.len()];
    let mut holds = vec![false; parts.fields.len()];
    // Branches stand after the ones around them.
    for (at, branch) in parts.branches.iter().enumerate().rev() {
        let (mut fails, mut held) = (0, 0);
        for field in &branch.fields {
            holds[*field] = search.can_hold(*field).unwrap_or(false);
            held += usize::from(holds[*field]);
            fails += usize::from(!holds[*field] && !parts.fields[*field].replaced);
        }
        for or in &branch.ors {
            let branches = parts.ors[*or].branches.iter().copied();
            if let Some(first) =
                branches.min_by_key(|branch| (best[*branch].0, usize::MAX - best[*branch].1))
            {
                chosen[first] = true;
                fails += best[first].0;
                held += best[first].1;
            }
        }
        best[at] = (fails, held);
    }
    let mut expansions = Expansions::new(parts);
    expansions.advance(|branch| chosen[branch]);
    let fields: Vec<(usize, usize)> = expansions.fields().collect();
    Shown {
        branches: expansions.branches().collect(),
        fields: outcomes(&fields, &holds, values, search),
    }
}

/// Keeps as many fields together as fit, in visiting order; the rest is elsewhere.
fn outcomes(
    fields: &[(usize, usize)],
    holds: &[bool],
    values: &Values<'_>,
    search: &mut Search<'_>,
) -> Vec<(usize, Outcome)> {
    let mut together: Vec<(usize, usize)> = Vec::new();
    let mut witness = Vec::new();
    let mut outcomes = Vec::new();
    for (slot, field) in fields {
        if !holds[*field] {
            outcomes.push((*field, Outcome::Fails));
            continue;
        }
        together.push((*slot, *field));
        match search.solve(&together) {
            Ok(Some(found)) => witness = found,
            _ => {
                together.pop();
                let mut taken = Taken::new(values);
                witness
                    .iter()
                    .filter_map(|(_, found)| *found)
                    .for_each(|found| taken.take(found, 0));
                let fits = |found: &&Found| taken.conflict(**found).is_none();
                let outcome = match search.first_accepted(*field) {
                    Some(own) => {
                        let other = taken.conflict(own).map(|conflict| conflict.element);
                        Outcome::Elsewhere(own, other)
                    }
                    None => match values.at(*slot).iter().find(fits) {
                        Some(found) => Outcome::Present(*found, taken.is_around(*found)),
                        None => Outcome::Fails,
                    },
                };
                outcomes.push((*field, outcome));
            }
        }
    }
    outcomes.extend(
        witness
            .into_iter()
            .map(|(field, found)| (field, Outcome::Holds(found))),
    );
    outcomes
}

/// A row that is not in words yet.
struct Entry {
    /// The field, or the first field of the branch.
    field: usize,
    branch: Option<usize>,
    holds: bool,
}

/// The rows in text order, and how many are left out.
fn rows(parts: &Parts, values: &Values<'_>, shown: &Shown, matches: bool) -> (Vec<Row>, usize) {
    let outcomes: BTreeMap<usize, &Outcome> = shown
        .fields
        .iter()
        .map(|(field, outcome)| (*field, outcome))
        .collect();
    let holds = |outcome: &Outcome| matches!(outcome, Outcome::Holds(_));
    let mut entries: Vec<Entry> = Vec::new();
    for number in &shown.branches {
        let branch = &parts.branches[*number];
        let inside = outcomes.range(branch.first_field..branch.end_field);
        let holds = inside.into_iter().all(|(_, outcome)| holds(outcome));
        entries.push(Entry {
            field: branch.first_field,
            branch: Some(*number),
            holds,
        });
    }
    let standing: HashSet<usize> = shown.branches.iter().copied().chain([0]).collect();
    let fields = parts.fields.iter().enumerate();
    for (number, _) in fields.filter(|(_, field)| standing.contains(&field.branch)) {
        let holds = outcomes.get(&number).is_none_or(|outcome| holds(outcome));
        entries.push(Entry {
            field: number,
            branch: None,
            holds,
        });
    }
    // A branch comes before its fields, an outer one before an inner one.
    entries.sort_by_key(|entry| (entry.field, entry.branch.is_none(), entry.branch));
    let (entries, omitted) = shorten(entries);
    let in_words = |entry: Entry| match entry.branch {
        Some(branch) => branch_row(parts, branch, matches, entry.holds),
        None => field_row(
            parts,
            values,
            entry.field,
            outcomes.get(&entry.field).copied(),
        ),
    };
    (entries.into_iter().map(in_words).collect(), omitted)
}

fn branch_row(parts: &Parts, number: usize, matches: bool, holds: bool) -> Row {
    let (or, place) = parts.branches[number].of.unwrap_or_default();
    let mut path = parts.places.path(parts.ors[or].place);
    push_name(&mut path, "$or");
    path.push_str(&format!("[{place}]"));
    let others = parts.ors[or].branches.len() - 1;
    Row {
        path: bounds::path(path),
        value: String::new(),
        words: words::branch(matches, others),
        holds,
    }
}

fn field_row(parts: &Parts, values: &Values<'_>, number: usize, outcome: Option<&Outcome>) -> Row {
    let field = &parts.fields[number];
    match outcome {
        Some(Outcome::Holds(Some(found))) => words::holds(field, values, *found),
        Some(Outcome::Holds(None)) => words::absent_as_wanted(parts, field),
        Some(Outcome::Fails) => words::fails(parts, field, values),
        Some(Outcome::Elsewhere(own, other)) => words::elsewhere(field, values, *own, *other),
        Some(Outcome::Present(found, chosen)) => words::present(values, *found, *chosen),
        None => words::replaced(parts, field),
    }
}

/// Leaves out rows beyond the limit: first those that hold, from the end.
fn shorten(entries: Vec<Entry>) -> (Vec<Entry>, usize) {
    let total = entries.len();
    if total <= ROWS {
        return (entries, 0);
    }
    let failing = entries.iter().filter(|entry| !entry.holds).count();
    let mut room = (ROWS - 1).saturating_sub(failing);
    let mut kept = Vec::new();
    for entry in entries {
        if entry.holds {
            if room == 0 {
                continue;
            }
            room -= 1;
        }
        kept.push(entry);
    }
    kept.truncate(ROWS - 1);
    let omitted = total - kept.len();
    (kept, omitted)
}

#[cfg(test)]
mod tests {
    use crate::pattern::{Event, Pattern};

    /// The explanation of a pattern that does not match an event.
    fn why_not(pattern: &str, event: &str) -> String {
        let event = Event::parse(event).unwrap();
        let explanation = Pattern::parse(pattern).unwrap().explain(&event);
        assert_eq!(explanation.matches(), Ok(false), "{pattern} {event:?}");
        explanation.to_string()
    }

    #[test]
    fn what_is_told_leads_on() {
        for (pattern, event, told) in [
            (
                r#"{"source":["log.*"]}"#,
                r#"{"source":"log.x"}"#,
                r#"any text is {"wildcard": …}"#,
            ),
            (
                r#"{"detail":{"name":{"prefix":["My"]}}}"#,
                r#"{"detail":{"name":"My book"}}"#,
                r#"[{"prefix": …}]"#,
            ),
        ] {
            let words = why_not(pattern, event)
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ");
            assert!(words.contains(told), "{words}");
        }
        for (pattern, event) in [
            (r#"{"address1":["x"]}"#, r#"{"address2":"x"}"#),
            (r#"{"id":["x"]}"#, r#"{"ip":"x"}"#),
        ] {
            let words = why_not(pattern, event);
            assert!(!words.contains("did you mean"), "{words}");
        }
    }

    #[test]
    fn fields_that_hold_only_apart_say_so() {
        assert_eq!(
            why_not(
                r#"{"r":{"k":["a"],"n":[2]}}"#,
                r#"{"r":[{"k":"a","n":1},{"k":"b","n":2}]}"#
            ),
            "  r[0].k  \"a\"  matches \"a\"\n  \
               r[1].n  2    matches, but in another array element than the other fields\n               \
                            (r[0])"
        );
    }

    #[test]
    fn what_must_be_absent_says_where_it_is() {
        for (pattern, event, row) in [
            (
                r#"{"a":[{"exists":false}]}"#,
                r#"{"a":1}"#,
                "  a  1  must be absent (exists is false)",
            ),
            // Of several values the one that no choice of an element avoids.
            (
                r#"{"r":{"a":[{"exists":false}]}}"#,
                r#"{"r":[{"a":1}],"r":{"a":2}}"#,
                "  r.a  2  must be absent (exists is false)",
            ),
            (
                r#"{"r":{"k":["x"],"z":[{"exists":false}]}}"#,
                r#"{"r":[{"z":1},{"k":"x","z":2}]}"#,
                "  r[1].z  2    must be absent (exists is false) in the array element of the\n               other fields",
            ),
            (
                r#"{"r":{"a":[{"exists":false}],"k":["x"]}}"#,
                r#"{"r":[{"a":1},{"k":"x"}]}"#,
                "  r[0].a  1    must be absent (exists is false); all array elements count, since\n               no field before it in path order has chosen one",
            ),
        ] {
            let told = why_not(pattern, event);
            assert!(told.contains(row), "{told}");
        }
    }
}
