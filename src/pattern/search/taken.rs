//! The elements that a search has taken, one of each array, and by which of its
//! levels: what a further value fits, or what stands in its way.

use crate::pattern::values::{Found, NONE, Values};

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
    pub(super) fn release(&mut self, level: usize) {
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
    pub(super) fn first_fit(&self, slot: u32, values: &[Found], conflicts: &mut Levels) -> Scan {
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
pub(super) struct Scan {
    pub fit: Option<Found>,
    pub looked_at: usize,
    pub steps: u64,
}

/// A set of levels; a pattern has at most 256 paths.
#[derive(Default)]
pub(super) struct Levels([u64; 4]);

impl Levels {
    pub fn add(&mut self, level: usize) {
        if let Some(word) = self.0.get_mut(level / 64) {
            *word |= 1 << (level % 64);
        }
    }

    pub fn add_all(&mut self, other: &Levels, but: usize) {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word |= more;
        }
        if let Some(word) = self.0.get_mut(but / 64) {
            *word &= !(1 << (but % 64));
        }
    }

    pub fn latest(&self) -> Option<usize> {
        let (at, word) = self
            .0
            .iter()
            .enumerate()
            .rev()
            .find(|(_, word)| **word != 0)?;
        Some(at * 64 + 63 - word.leading_zeros() as usize)
    }
}
