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

use super::ast::{Field, Parts};
use super::error::BudgetError;
use super::expansion::Expansions;
use super::values::{Array, Found, NONE, Values, View};

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

/// A set of levels; a pattern has at most 256 paths.
#[derive(Default)]
struct Levels([u64; 4]);

impl Levels {
    fn add(&mut self, level: usize) {
        if let Some(word) = self.0.get_mut(level / 64) {
            *word |= 1 << (level % 64);
        }
    }

    fn add_all(&mut self, other: &Levels, but: usize) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
        if let Some(word) = self.0.get_mut(but / 64) {
            *word &= !(1 << (but % 64));
        }
    }

    fn latest(&self) -> Option<usize> {
        let (at, word) = self
            .0
            .iter()
            .enumerate()
            .rev()
            .find(|(_, word)| **word != 0)?;
        Some(at * 64 + 63 - word.leading_zeros() as usize)
    }
}

/// The array elements that the fields so far have taken.
pub(crate) struct Taken<'s> {
    values: &'s Values<'s>,
    /// By array: the element, and the level that took it.
    elements: Vec<(u32, u32)>,
    /// Arrays in the order in which they were taken.
    order: Vec<u32>,
}

/// A level holds another element of the array.
#[derive(Clone, Copy)]
pub(crate) struct Conflict {
    level: usize,
    array: u32,
    /// The element that is taken.
    pub element: u32,
}

impl<'s> Taken<'s> {
    pub fn new(values: &'s Values<'s>) -> Self {
        Taken {
            values,
            elements: vec![(NONE, NONE); values.arrays.len()],
            order: Vec::new(),
        }
    }

    /// What stands in the way of taking a value.
    pub fn conflict(&self, found: Found) -> Option<Conflict> {
        let mut at = found.element;
        while let Some(element) = self.values.elements.get(at as usize) {
            let (taken, level) = self.elements[element.array as usize];
            if taken == at {
                // Then so is all around it.
                return None;
            }
            if taken != NONE {
                return Some(Conflict {
                    level: level as usize,
                    array: element.array,
                    element: taken,
                });
            }
            at = element.around;
        }
        None
    }

    /// Returns whether an element around a value is taken.
    pub fn is_around(&self, found: Found) -> bool {
        let mut at = found.element;
        while let Some(element) = self.values.elements.get(at as usize) {
            if self.elements[element.array as usize].0 == at {
                return true;
            }
            at = element.around;
        }
        false
    }

    /// Takes a value's elements.
    pub fn take(&mut self, found: Found, level: usize) {
        let mut at = found.element;
        while let Some(element) = self.values.elements.get(at as usize) {
            let taken = &mut self.elements[element.array as usize];
            if taken.0 != NONE {
                return;
            }
            *taken = (at, level as u32);
            self.order.push(element.array);
            at = element.around;
        }
    }

    /// Gives back what the levels from `level` on took.
    fn release(&mut self, level: usize) {
        while let Some(array) = self.order.last().copied() {
            let taken = &mut self.elements[array as usize];
            if (taken.1 as usize) < level {
                return;
            }
            *taken = (NONE, NONE);
            self.order.pop();
        }
    }

    /// Looks for the first value that fits, and notes what stands in the way of others.
    fn first_fit(&self, slot: u32, values: &[Found], conflicts: &mut Levels) -> Scan {
        let mut scan = Scan {
            fit: None,
            looked_at: 0,
            steps: 1,
        };
        while let Some(found) = values.get(scan.looked_at) {
            scan.steps += 1;
            let Some(conflict) = self.conflict(*found) else {
                scan.looked_at += 1;
                scan.fit = Some(*found);
                break;
            };
            conflicts.add(conflict.level);
            let rest = values.get(scan.looked_at..).unwrap_or_default();
            scan.looked_at += self.skip(slot, conflict, *found, rest);
        }
        scan
    }

    /// How many values from the first of `rest` on cannot fit for one reason:
    /// they lie in the array but not in the element that is taken.
    ///
    /// Where the path is the array's own, its scalars lie between and are free:
    /// then it is one.
    fn skip(&self, slot: u32, conflict: Conflict, found: Found, rest: &[Found]) -> usize {
        let array = self.values.arrays[conflict.array as usize];
        if array.slot == slot {
            return 1;
        }
        let element = self.values.elements[conflict.element as usize];
        let to = if found.index < element.index {
            element.index
        } else {
            array.end
        };
        rest.partition_point(|other| other.index < to).max(1)
    }
}

/// What a look through values found.
struct Scan {
    fit: Option<Found>,
    looked_at: usize,
    steps: u64,
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
