//! The search for a match: values for all fields at once, within one element
//! of every array.
//!
//! The paths of an expansion are visited in sorted order. Each takes one value
//! that its list accepts and whose array elements do not contradict those
//! taken before: two fields come from the same element of every array that
//! they share. `exists: false` holds if, at its turn, no value at its path fits
//! the elements taken so far.
//!
//! When a field finds nothing, the search goes back to the field that took the
//! element in its way, not just to the one before: arrays that share nothing
//! are searched independently. A step budget bounds what remains.

mod taken;

pub(crate) use taken::Taken;

use super::ast::{Field, Parts};
use super::error::BudgetError;
use super::expansion::Expansions;
use super::values::{Array, Found, NONE, View};
use taken::Levels;

/// Steps until the search gives up: well under a second.
pub(crate) const BUDGET: u64 = 10_000_000;

/// A search of one event for one pattern.
pub(crate) struct Search<'s> {
    parts: &'s Parts,
    values: View<'s>,
    /// For each field, once asked: its part of the pool.
    accepted: Vec<Option<(u32, u32)>>,
    /// The values that fields accept.
    pool: Vec<Found>,
    steps: u64,
}

/// Where each field of an expansion found its value; none for an absent field.
pub(crate) type Witness = Vec<(usize, Option<Found>)>;

/// Why a pattern matches.
pub(crate) struct Match {
    pub witness: Witness,
    /// The branches of `$or` that it takes.
    pub branches: Vec<usize>,
}

impl<'s> Search<'s> {
    pub fn new(parts: &'s Parts, values: View<'s>) -> Self {
        Search {
            parts,
            values,
            accepted: Vec::new(),
            pool: Vec::new(),
            steps: 0,
        }
    }

    /// Returns whether the pattern matches.
    pub fn matches(&mut self) -> Result<bool, BudgetError> {
        if self.parts.plain {
            for field in 0..self.parts.fields.len() {
                if !self.can_hold_at_once(field)? {
                    return Ok(false);
                }
            }
            if self.fields_are_unbound() {
                return Ok(true);
            }
        }
        Ok(self.run()?.is_some())
    }

    /// Whether the fields do not bind each other, so that all hold if each does:
    /// at most one has values in array elements, and absence does not depend on them.
    fn fields_are_unbound(&self) -> bool {
        if !self.values.values.in_arrays() {
            return true;
        }
        let mut bound = 0;
        for field in &self.parts.fields {
            let values = self.values.at(field.slot);
            if values.iter().any(|found| found.element != NONE) {
                bound += if field.accepts_absence { 2 } else { 1 };
            }
        }
        bound < 2
    }

    /// Returns the values that make the pattern match, if any do.
    pub fn run(&mut self) -> Result<Option<Match>, BudgetError> {
        let viable = self.viable_branches()?;
        if viable.first() != Some(&true) {
            return Ok(None);
        }
        self.find(&viable)
    }

    fn find(&mut self, viable: &[bool]) -> Result<Option<Match>, BudgetError> {
        let mut expansions = Expansions::new(self.parts);
        while expansions.advance(|branch| viable[branch]) {
            let fields: Vec<(usize, usize)> = expansions.fields().collect();
            self.spend(expansions.walked() + self.parts.paths.slots().len() as u64)?;
            if let Some(witness) = self.solve(&fields)? {
                let branches = expansions.branches().collect();
                return Ok(Some(Match { witness, branches }));
            }
        }
        Ok(None)
    }

    /// Which branches can hold at all, looking at each field alone.
    fn viable_branches(&mut self) -> Result<Vec<bool>, BudgetError> {
        let parts = self.parts;
        let mut viable = vec![true; parts.branches.len()];
        // Branches stand after the ones around them.
        for (at, branch) in parts.branches.iter().enumerate().rev() {
            let ors = branch
                .ors
                .iter()
                .all(|or| parts.ors[*or].branches.iter().any(|branch| viable[*branch]));
            viable[at] = ors;
            for field in branch.fields.iter().filter(|_| ors) {
                if !parts.fields[*field].replaced && !self.can_hold(*field)? {
                    viable[at] = false;
                    break;
                }
            }
        }
        Ok(viable)
    }

    /// Whether a field can hold, whatever the others take.
    pub fn can_hold(&mut self, field: usize) -> Result<bool, BudgetError> {
        let (start, end) = self.accept(field)?;
        Ok(start < end || self.may_be_absent(field))
    }

    /// The same, looking no further than the first value that is accepted.
    fn can_hold_at_once(&mut self, field: usize) -> Result<bool, BudgetError> {
        for found in self.values.at(self.parts.slot(field)) {
            if self.accepts(field, *found)? {
                return Ok(true);
            }
        }
        Ok(self.may_be_absent(field))
    }

    /// A value in an array element may turn out not to be in the way.
    fn may_be_absent(&self, field: usize) -> bool {
        let values = self.values.at(self.parts.slot(field));
        self.parts.fields[field].accepts_absence && values.iter().all(|found| found.element != NONE)
    }

    fn accepts(&mut self, field: usize, found: Found) -> Result<bool, BudgetError> {
        let Field { leaves, effort, .. } = &self.parts.fields[field];
        self.spend(effort.steps(self.values.values.length(found)))?;
        let value = self.values.values.value(found);
        Ok(leaves.iter().any(|leaf| leaf.operator.accepts(&value)))
    }

    /// Returns the first value that a field accepts, whatever the others take.
    pub fn first_accepted(&mut self, field: usize) -> Option<Found> {
        let (start, end) = self.accept(field).ok()?;
        self.pool
            .get(start as usize..end as usize)?
            .first()
            .copied()
    }

    /// Finds the values that a field accepts; their part of the pool.
    fn accept(&mut self, field: usize) -> Result<(u32, u32), BudgetError> {
        if self.accepted.is_empty() {
            self.accepted = vec![None; self.parts.fields.len()];
        }
        if let Some(known) = self.accepted[field] {
            return Ok(known);
        }
        let start = self.pool.len() as u32;
        let values = self.values;
        for found in values.at(self.parts.slot(field)) {
            if self.accepts(field, *found)? {
                self.pool.push(*found);
            }
        }
        let accepted = (start, self.pool.len() as u32);
        self.accepted[field] = Some(accepted);
        Ok(accepted)
    }

    /// Looks for consistent values of all fields of an expansion.
    pub fn solve(&mut self, fields: &[(usize, usize)]) -> Result<Option<Witness>, BudgetError> {
        for (_, field) in fields {
            if !self.can_hold(*field)? {
                return Ok(None);
            }
        }
        let mut levels: Vec<Level> = Vec::with_capacity(fields.len());
        let mut taken = Taken::new(self.values.values);
        let mut forward = true;
        loop {
            if forward {
                let Some((slot, field)) = fields.get(levels.len()) else {
                    let witness = fields
                        .iter()
                        .zip(&levels)
                        .map(|((_, field), level)| (*field, level.value));
                    return Ok(Some(witness.collect()));
                };
                levels.push(Level::new(*slot, *field));
            }
            let depth = levels.len() - 1;
            let Some(level) = levels.last_mut() else {
                return Ok(None);
            };
            let before = fields.get(..depth).unwrap_or_default();
            if self.next_value(level, before, &mut taken)? {
                forward = true;
                continue;
            }
            // Back to the latest field that stood in the way.
            let conflicts = std::mem::take(&mut level.conflicts);
            let Some(back) = conflicts.latest() else {
                return Ok(None);
            };
            while levels.len() > back + 1 {
                levels.pop();
            }
            taken.release(back);
            if let Some(level) = levels.last_mut() {
                level.conflicts.add_all(&conflicts, back);
            }
            forward = false;
        }
    }

    /// Takes the level's next value that fits; false when there is none left.
    /// `before` are the fields of the levels before it.
    fn next_value(
        &mut self,
        level: &mut Level,
        before: &[(usize, usize)],
        taken: &mut Taken<'_>,
    ) -> Result<bool, BudgetError> {
        let slot = self.values.slot(level.slot) as u32;
        let (start, end) = self.accept(level.field)?;
        let accepted = self
            .pool
            .get(start as usize + level.next..end as usize)
            .unwrap_or_default();
        let scan = taken.first_fit(slot, accepted, &mut level.conflicts);
        level.next += scan.looked_at;
        self.spend(scan.steps)?;
        level.value = scan.fit;
        if let Some(found) = scan.fit {
            taken.take(found, before.len());
            return Ok(true);
        }
        if level.absence_tried || !self.parts.fields[level.field].accepts_absence {
            return Ok(false);
        }
        level.absence_tried = true;
        let scan = taken.first_fit(slot, self.values.at(level.slot), &mut Levels::default());
        self.spend(scan.steps)?;
        let Some(present) = scan.fit else {
            return Ok(true);
        };
        // What takes another element of an array around that value moves it out of the way.
        if let Some(array) = self.values.values.outermost_array(present) {
            for (number, (_, field)) in before.iter().enumerate() {
                if self.has_value_in(*field, array)? {
                    level.conflicts.add(number);
                }
            }
        }
        Ok(false)
    }

    /// Whether a field accepts a value that lies in an array.
    fn has_value_in(&mut self, field: usize, array: Array) -> Result<bool, BudgetError> {
        let (start, end) = self.accept(field)?;
        let accepted = self.pool.get(start as usize..end as usize);
        let accepted = accepted.unwrap_or_default();
        // They stand in text order.
        let first = accepted.partition_point(|found| found.index < array.start);
        Ok(accepted
            .get(first)
            .is_some_and(|found| found.index < array.end))
    }

    fn spend(&mut self, steps: u64) -> Result<(), BudgetError> {
        self.steps += steps;
        if self.steps > BUDGET {
            Err(BudgetError { steps: BUDGET })
        } else {
            Ok(())
        }
    }
}

/// The search at one field.
struct Level {
    slot: usize,
    field: usize,
    /// The next of its accepted values.
    next: usize,
    absence_tried: bool,
    value: Option<Found>,
    conflicts: Levels,
}

impl Level {
    fn new(slot: usize, field: usize) -> Self {
        Level {
            slot,
            field,
            next: 0,
            absence_tried: false,
            value: None,
            conflicts: Levels::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::{Event, Pattern};

    #[test]
    fn arrays_beside_each_other_do_not_multiply() {
        let rows = vec![r#"{"x":1}"#; 1_000].join(",");
        let event = |last: &str| {
            let text = format!(r#"{{"a":[{rows}],"b":[{rows}],"c":[{rows}],"d":{last}}}"#);
            Event::parse(text).unwrap()
        };
        let pattern = |last: &str| {
            let text = format!(r#"{{"a":{{"x":[1]}},"b":{{"x":[1]}},"c":{{"x":[1]}},"d":{last}}}"#);
            Pattern::parse(&text).unwrap()
        };
        let absent = pattern(r#"{"z":[{"exists":false}]}"#);
        assert_eq!(absent.matches(&event(r#"[{"z":1}]"#)), Ok(false));
        assert_eq!(absent.matches(&event(r#"[{"y":1}]"#)), Ok(true));
        let absent = pattern(r#"{"k":[1],"z":[{"exists":false}]}"#);
        let event_with = |last: &str| event(&format!(r#"[{{"k":1,"z":1}},{{"k":1,{last}}}]"#));
        assert_eq!(absent.matches(&event_with(r#""z":2"#)), Ok(false));
        assert_eq!(absent.matches(&event_with(r#""y":2"#)), Ok(true));
    }
}
