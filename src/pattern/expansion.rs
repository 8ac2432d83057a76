//! Expansions of `$or`: every way to choose one branch of each, in text order.
//!
//! An expansion says which field holds for each path; a later field of the
//! same path replaces an earlier one. Expansions are walked, never stored.

use super::ast::{Parts, Step};

/// No field holds for the path.
const NONE: u32 = u32::MAX;

/// A walk through the expansions of a pattern.
pub(crate) struct Expansions<'p> {
    parts: &'p Parts,
    /// The field that holds for each path, by slot.
    current: Vec<u32>,
    /// What `current` was before each change.
    log: Vec<(usize, u32)>,
    choices: Vec<Choice>,
    step: usize,
    started: bool,
    /// Steps taken since this was last asked.
    walked: u64,
}

/// A branch that was chosen.
struct Choice {
    or: usize,
    /// Its place among the `$or`'s branches.
    branch: usize,
    /// Length of the log before it.
    log: usize,
}

impl<'p> Expansions<'p> {
    pub fn new(parts: &'p Parts) -> Self {
        Expansions {
            parts,
            current: vec![NONE; parts.paths.slots().len()],
            log: Vec::new(),
            choices: Vec::new(),
            step: 0,
            started: false,
            walked: 0,
        }
    }

    /// Goes on to the next expansion that uses only branches `usable` accepts;
    /// false when there is none left.
    pub fn advance(&mut self, usable: impl Fn(usize) -> bool) -> bool {
        let mut forward = !self.started;
        self.started = true;
        loop {
            if !forward && !self.next_choice(&usable) {
                return false;
            }
            let Some(step) = self.parts.steps.get(self.step) else {
                if forward || !self.choices.is_empty() {
                    return true;
                }
                return false;
            };
            forward = true;
            self.walked += 1;
            match *step {
                Step::Field(field) => {
                    let slot = self.slot(field);
                    self.log.push((slot, self.current[slot]));
                    self.current[slot] = field as u32;
                    self.step += 1;
                }
                Step::Leave(or) => self.step = self.parts.ors[or].end,
                Step::Choose(or) => forward = self.choose(or, 0, &usable),
            }
        }
    }

    /// Takes the first usable branch from `from` on.
    fn choose(&mut self, or: usize, from: usize, usable: &impl Fn(usize) -> bool) -> bool {
        let branches = &self.parts.ors[or].branches;
        let found = (from..branches.len()).find(|at| usable(branches[*at]));
        let Some(branch) = found else {
            return false;
        };
        self.choices.push(Choice {
            or,
            branch,
            log: self.log.len(),
        });
        self.step = self.parts.branches[branches[branch]].start;
        true
    }

    /// Takes back choices until one has another usable branch.
    fn next_choice(&mut self, usable: &impl Fn(usize) -> bool) -> bool {
        while let Some(choice) = self.choices.pop() {
            for (slot, before) in self.log.drain(choice.log..).rev() {
                self.current[slot] = before;
            }
            if self.choose(choice.or, choice.branch + 1, usable) {
                return true;
            }
        }
        false
    }

    /// Returns the fields that hold, in visiting order of their paths, with their slots.
    pub fn fields(&self) -> impl Iterator<Item = (usize, usize)> {
        let held = self.current.iter().enumerate();
        held.filter_map(|(slot, field)| (*field != NONE).then_some((slot, *field as usize)))
    }

    /// Returns how many steps were taken since this was last asked.
    pub fn walked(&mut self) -> u64 {
        std::mem::take(&mut self.walked)
    }

    /// Returns the branches that are chosen, from the first `$or` on.
    pub fn branches(&self) -> impl Iterator<Item = usize> {
        let chosen = |choice: &Choice| self.parts.ors[choice.or].branches[choice.branch];
        self.choices.iter().map(chosen)
    }

    fn slot(&self, field: usize) -> usize {
        self.parts.slot(field)
    }
}

/// Returns how many expansions there are; `u64::MAX` stands for that many or more.
pub(crate) fn count(parts: &Parts) -> u64 {
    let mut counts = vec![1u64; parts.branches.len()];
    // Branches stand after the ones around them.
    for (at, branch) in parts.branches.iter().enumerate().rev() {
        counts[at] = branch.ors.iter().fold(1, |product, or| {
            let sum = parts.ors[*or]
                .branches
                .iter()
                .fold(0u64, |sum, branch| sum.saturating_add(counts[*branch]));
            product.saturating_mul(sum)
        });
    }
    counts[0]
}

/// Marks the fields that some expansion replaces by a later one of the same path;
/// perhaps more, where `$or` is nested deeper than anyone writes it.
pub(crate) fn mark_replaced(parts: &mut Parts) {
    const LEVELS: usize = 100;
    let mut by_slot: Vec<Vec<usize>> = vec![Vec::new(); parts.paths.slots().len()];
    for field in 0..parts.fields.len() {
        by_slot[parts.slot(field)].push(field);
    }
    for field in 0..parts.fields.len() {
        let same = &by_slot[parts.slot(field)];
        let any_in = |from: usize, to: usize| {
            let at = same.partition_point(|other| *other < from);
            same.get(at).is_some_and(|other| *other < to)
        };
        let mut from = field + 1;
        let mut branch = parts.fields[field].branch;
        let mut levels = 0;
        parts.fields[field].replaced = loop {
            levels += 1;
            if levels > LEVELS {
                break true;
            }
            if any_in(from, parts.branches[branch].end_field) {
                break true;
            }
            // Other branches of the same `$or` exclude this one: go on after the last.
            let Some((or, _)) = parts.branches[branch].of else {
                break false;
            };
            let or = &parts.ors[or];
            let last = or.branches.last();
            from = last.map_or(from, |last| parts.branches[*last].end_field);
            branch = or.branch;
        };
    }
    parts.plain = parts.ors.is_empty() && parts.fields.iter().all(|field| !field.replaced);
}

/// Returns the most distinct paths of any expansion, or the first count found
/// above `limit`. Looks at as many expansions as a bounded number of steps allows.
pub(crate) fn most_paths(parts: &Parts, limit: usize) -> usize {
    const STEPS: u64 = 4_000_000;
    // Without shared paths the largest branches add up: mostly that settles it.
    let mut most = vec![0usize; parts.branches.len()];
    for (at, branch) in parts.branches.iter().enumerate().rev() {
        let ors = branch.ors.iter().map(|or| {
            parts.ors[*or]
                .branches
                .iter()
                .map(|branch| most[*branch])
                .max()
                .unwrap_or(0)
        });
        most[at] = branch.fields.len() + ors.sum::<usize>();
    }
    if most[0] <= limit {
        return most[0];
    }
    let mut expansions = Expansions::new(parts);
    let (mut found, mut steps) = (0, 0);
    while steps < STEPS && found <= limit && expansions.advance(|_| true) {
        found = found.max(expansions.fields().count());
        steps += expansions.walked() + parts.paths.slots().len() as u64;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::parse::parse;

    fn parts(text: &str) -> Parts {
        let (mut parts, mistakes, _) = parse(text);
        assert_eq!(mistakes, []);
        mark_replaced(&mut parts);
        parts
    }

    /// Each expansion as `path=json` pairs.
    fn expansions(text: &str) -> Vec<String> {
        let parts = parts(text);
        let mut walk = Expansions::new(&parts);
        let mut all = Vec::new();
        while walk.advance(|_| true) {
            let fields = walk.fields().map(|(slot, field)| {
                let leaf = &parts.fields[field].leaves[0].operator;
                format!(
                    "{}={}",
                    parts.paths.dotted(parts.paths.slots()[slot]),
                    leaf.json()
                )
            });
            all.push(fields.collect::<Vec<_>>().join(" "));
        }
        assert_eq!(all.len() as u64, count(&parts));
        all
    }

    #[test]
    fn no_or_is_one_expansion() {
        assert_eq!(expansions(r#"{"b":[1],"a":{"x":[2]}}"#), ["a.x=2 b=1"]);
    }

    #[test]
    fn the_later_field_replaces_the_earlier() {
        assert_eq!(
            expansions(r#"{"a":[1],"$or":[{"a":[2]},{"b":[3]}]}"#),
            ["a=2", "a=1 b=3"]
        );
        assert_eq!(
            expansions(r#"{"$or":[{"a":[2]},{"b":[3]}],"a":[1]}"#),
            ["a=1", "a=1 b=3"]
        );
    }

    #[test]
    fn several_ors_multiply_and_nested_ones_belong_to_their_branch() {
        assert_eq!(
            expansions(
                r#"{"$or":[{"a":[1]},{"b":[1]}],"d":{"$or":[{"x":[1]},{"$or":[{"y":[1]},{"z":[1]}]}]}}"#
            ),
            [
                "a=1 d.x=1",
                "a=1 d.y=1",
                "a=1 d.z=1",
                "b=1 d.x=1",
                "b=1 d.y=1",
                "b=1 d.z=1"
            ]
        );
    }

    #[test]
    fn replaced_fields_are_marked_unless_branches_exclude_each_other() {
        let marks = |text: &str| -> Vec<bool> {
            parts(text)
                .fields
                .iter()
                .map(|field| field.replaced)
                .collect()
        };
        assert_eq!(marks(r#"{"$or":[{"a":[1]},{"a":[2]}]}"#), [false, false]);
        assert_eq!(
            marks(r#"{"a":[0],"$or":[{"a":[1]},{"b":[2]}]}"#),
            [true, false, false]
        );
        assert_eq!(
            marks(r#"{"$or":[{"a":[1],"$or":[{"a":[2]},{"b":[1]}]},{"c":[1]}],"c":[2]}"#),
            [true, false, false, true, false]
        );
    }

    #[test]
    fn counting_does_not_walk() {
        let or = r#""$or":[{"a":[1]},{"b":[1]}]"#;
        let many = format!("{{{}}}", vec![or; 63].join(","));
        assert_eq!(count(&parts(&many)), 1 << 63);
        let more = format!("{{{}}}", vec![or; 100].join(","));
        assert_eq!(count(&parts(&more)), u64::MAX);
    }
}
