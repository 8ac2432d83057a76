//! What this process has seen of its own state and has planned, so that a plan
//! can say what will not fit. Nothing is asked for it: it counts what is in
//! memory already, and says nothing where nothing is.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Objects by type, region and what they are in (the rules of a bus, the
/// targets of a rule).
#[derive(Default)]
pub struct Census(Mutex<HashMap<Group, Counted>>);

/// Where objects count together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    pub type_name: &'static str,
    pub region: String,
    /// The bus, or the bus and rule.
    pub within: String,
}

#[derive(Default)]
struct Counted {
    /// Of the state, as far as it was read: a plan may delete these, so they
    /// are no one else's.
    read: HashSet<String>,
    planned: HashSet<String>,
    /// Planned with names that are generated later.
    unnamed: usize,
    /// A new one is among those planned.
    grows: bool,
    told: bool,
}

impl Census {
    /// An object of the state was read.
    pub fn read(&self, group: Group, name: &str) {
        let mut groups = self.groups();
        groups
            .entry(group)
            .or_default()
            .read
            .insert(name.to_owned());
    }

    /// An object is planned to be there, a new one or one that stays; `None`
    /// for a name that is generated.
    pub fn plan(&self, group: &Group, name: Option<&str>, new: bool) {
        let mut groups = self.groups();
        let counted = groups.entry(group.clone()).or_default();
        counted.grows |= new;
        match name {
            Some(name) => {
                counted.planned.insert(name.to_owned());
            }
            None => counted.unnamed += 1,
        }
    }

    /// Whether the object is of this state.
    pub fn was_read(&self, group: &Group, name: &str) -> bool {
        let groups = self.groups();
        groups
            .get(group)
            .is_some_and(|counted| counted.read.contains(name))
    }

    /// How many there will be: those planned, and those of `seen` that are
    /// nothing of ours.
    pub fn total<'a>(&self, group: &Group, seen: impl Iterator<Item = &'a str>) -> usize {
        let groups = self.groups();
        let none = Counted::default();
        let counted = groups.get(group).unwrap_or(&none);
        let ours = |name: &str| counted.read.contains(name) || counted.planned.contains(name);
        let others = seen.filter(|name| !ours(name)).count();
        counted.planned.len() + counted.unnamed + others
    }

    /// Whether there is something new to tell of, and nobody was told yet.
    pub fn may_tell(&self, group: &Group) -> bool {
        let groups = self.groups();
        groups
            .get(group)
            .is_some_and(|counted| counted.grows && !counted.told)
    }

    /// The total, if it is more than the limit because of something new and
    /// nobody was told. Terraform plans in no order: what stays may come last.
    pub fn too_many<'a>(
        &self,
        group: &Group,
        limit: usize,
        seen: impl Iterator<Item = &'a str>,
    ) -> Option<usize> {
        if !self.may_tell(group) {
            return None;
        }
        let total = self.total(group, seen);
        if total <= limit {
            return None;
        }
        self.groups().get_mut(group)?.told = true;
        Some(total)
    }

    fn groups(&self) -> MutexGuard<'_, HashMap<Group, Counted>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ours_counts_once_and_only_when_it_is_planned() {
        let census = Census::default();
        let group = Group {
            type_name: "eventbridge_target",
            region: "us-east-1".into(),
            within: "default/placed".into(),
        };
        let seen = || ["ours", "gone", "theirs"].into_iter();
        assert_eq!(census.total(&group, seen()), 3);
        census.read(group.clone(), "ours");
        census.read(group.clone(), "gone");
        assert_eq!(census.total(&group, seen()), 1);
        census.plan(&group, Some("ours"), false);
        census.plan(&group, Some("ours"), false);
        assert!(!census.may_tell(&group), "nothing is new");
        assert_eq!(census.too_many(&group, 1, seen()), None);
        census.plan(&group, Some("new"), true);
        census.plan(&group, None, true);
        assert_eq!(census.total(&group, seen()), 4);
        assert_eq!(census.too_many(&group, 4, seen()), None);
        assert_eq!(census.too_many(&group, 3, seen()), Some(4));
        assert!(!census.may_tell(&group), "told once");
        assert_eq!(census.too_many(&group, 3, seen()), None);
        assert!(census.was_read(&group, "gone") && !census.was_read(&group, "new"));
    }
}
