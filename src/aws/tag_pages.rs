//! Tags of all buses and rules of a region, as one walk of the tagging API
//! answers them, with this process's own changes over them. Memory only.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::pages::Shared;
use super::tags::Tags;

/// Objects that are asked for one by one before all are.
const ONE_BY_ONE: u32 = 4;

/// What is known of the tags of a region.
#[derive(Debug, Default)]
pub(super) struct TagPages {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    reads: u32,
    denied: bool,
    walk: Shared<TagWalk>,
    changes: HashMap<String, Change>,
    /// Objects with a write under way or failed: only AWS knows.
    unclear: HashSet<String>,
}

/// The tags of all objects by ARN; `None`: the bulk read cannot be had.
pub(super) type TagWalk = Option<HashMap<String, Tags>>;

/// Own changes of one object: new values, and (`None`) keys taken off.
type Change = HashMap<String, Option<String>>;

impl TagPages {
    /// The walk that answers for all; `None`: ask directly. So are the first
    /// few objects, one whose tags a failed write may have changed, and all
    /// where the bulk read is denied.
    pub(super) fn walk(&self, arn: &str) -> Option<Shared<TagWalk>> {
        let mut state = self.lock();
        state.reads = state.reads.saturating_add(1);
        let direct = state.reads <= ONE_BY_ONE || state.denied || state.unclear.contains(arn);
        (!direct).then(|| Arc::clone(&state.walk))
    }

    /// The bulk read cannot be had.
    pub(super) fn denied(&self) {
        self.lock().denied = true;
    }

    /// TagResource succeeded.
    pub(super) fn tagged(&self, arn: &str, tags: &Tags) {
        let mut state = self.lock();
        state.unclear.remove(arn);
        let changes = state.changes.entry(arn.to_owned()).or_default();
        changes.extend(
            tags.iter()
                .map(|(key, value)| (key.clone(), Some(value.clone()))),
        );
    }

    /// UntagResource succeeded.
    pub(super) fn untagged(&self, arn: &str, keys: &[String]) {
        let mut state = self.lock();
        state.unclear.remove(arn);
        let changes = state.changes.entry(arn.to_owned()).or_default();
        changes.extend(keys.iter().map(|key| (key.clone(), None)));
    }

    /// A write is under way, or failed: own changes of these keys no longer count.
    pub(super) fn unclear<'a>(&self, arn: &str, keys: impl Iterator<Item = &'a String>) {
        let mut state = self.lock();
        state.unclear.insert(arn.to_owned());
        if let Some(changes) = state.changes.get_mut(arn) {
            for key in keys {
                changes.remove(key);
            }
        }
    }

    /// An object was made with these tags.
    pub(super) fn made(&self, arn: &str, tags: &Tags) {
        self.lock().changes.remove(arn);
        self.tagged(arn, tags);
    }

    /// An answer with own changes over it.
    pub(super) fn over(&self, arn: &str, mut tags: Tags) -> Tags {
        if let Some(changes) = self.lock().changes.get(arn) {
            for (key, value) in changes {
                match value {
                    Some(value) => tags.insert(key.clone(), value.clone()),
                    None => tags.remove(key),
                };
            }
        }
        tags
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        let pairs = pairs.iter();
        pairs
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn the_first_few_objects_are_asked_for_directly() {
        let pages = TagPages::default();
        assert!((0..ONE_BY_ONE).all(|_| pages.walk("arn").is_none()));
        assert!(pages.walk("arn").is_some());
        pages.denied();
        assert!(pages.walk("arn").is_none());
    }

    #[test]
    fn an_object_is_asked_for_directly_after_a_write_that_failed() {
        let pages = TagPages::default();
        for _ in 0..ONE_BY_ONE {
            pages.walk("arn");
        }
        pages.unclear("arn", ["a".to_owned()].iter());
        assert!(pages.walk("arn").is_none() && pages.walk("other").is_some());
        pages.tagged("arn", &tags(&[("a", "1")]));
        assert!(pages.walk("arn").is_some());
    }

    #[test]
    fn own_changes_stand_over_answers() {
        let pages = TagPages::default();
        pages.tagged("arn", &tags(&[("a", "2"), ("b", "1")]));
        pages.untagged("arn", &["c".to_owned()]);
        let answer = tags(&[("a", "1"), ("c", "1"), ("d", "1")]);
        let seen = pages.over("arn", answer.clone());
        assert_eq!(seen, tags(&[("a", "2"), ("b", "1"), ("d", "1")]));
        assert_eq!(pages.over("other", answer.clone()), answer);
        pages.unclear("arn", ["a".to_owned()].iter());
        assert_eq!(pages.over("arn", answer.clone())["a"], "1");
        pages.made("arn", &tags(&[("e", "1")]));
        assert_eq!(pages.over("arn", Tags::new()), tags(&[("e", "1")]));
    }
}
