//! The parts of a parsed pattern, in text order.
//!
//! `$or` is kept as written. What it means is the set of its expansions: at an
//! `$or` one branch is chosen, and a field that comes later in the text
//! replaces an earlier one of the same path. A pattern with many `$or` has far
//! more expansions than text, so they are never stored, only walked: the
//! [`Step`]s are the program of that walk.

use super::operator::{Effort, Operator};
use super::path::{PathId, PathTree};
use super::place::{PlaceId, Places};

/// The parts of a pattern.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    pub paths: PathTree,
    pub places: Places,
    pub fields: Vec<Field>,
    pub steps: Vec<Step>,
    pub ors: Vec<Or>,
    /// The pattern itself is branch 0.
    pub branches: Vec<Branch>,
    /// Whether there is no `$or` and no field is replaced: all hold together.
    pub plain: bool,
}

impl Parts {
    /// Returns the place of a field's path in visiting order.
    pub fn slot(&self, field: usize) -> usize {
        self.fields.get(field).map_or(0, |field| field.slot)
    }
}

/// A path and the list of what its value may be.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub path: PathId,
    /// The place of its path in visiting order.
    pub slot: usize,
    pub leaves: Vec<Leaf>,
    /// What judging one value by the whole list takes.
    pub effort: Effort,
    /// Whether the list accepts that the field is absent.
    pub accepts_absence: bool,
    /// The branch that it stands in.
    pub branch: usize,
    pub place: PlaceId,
    /// Whether some expansion has a later field of the same path instead.
    pub replaced: bool,
}

/// One element of a field's list.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    pub operator: Operator,
}

/// One step on the way through a pattern.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// The field holds from here on.
    Field(usize),
    /// One branch of the `$or` follows, beginning at the branch's start.
    Choose(usize),
    /// A branch of the `$or` is over; goes on at the `$or`'s end.
    Leave(usize),
}

/// An `$or`: its branches, and the step after it.
#[derive(Clone, Debug)]
pub(crate) struct Or {
    pub branches: Vec<usize>,
    pub end: usize,
    /// The branch that it stands in.
    pub branch: usize,
    /// The place that it stands at.
    pub place: PlaceId,
}

/// A branch of an `$or`. The pattern itself is branch 0.
#[derive(Clone, Debug, Default)]
pub(crate) struct Branch {
    /// Its first step.
    pub start: usize,
    /// The fields and `$or`s that stand in it directly.
    pub fields: Vec<usize>,
    pub ors: Vec<usize>,
    /// The `$or` that it belongs to, and its place there.
    pub of: Option<(usize, usize)>,
    /// The fields between these two numbers stand in it, directly or deeper.
    pub first_field: usize,
    pub end_field: usize,
}
