//! Patterns filed under the beginnings or the ends of texts.

use super::hash::QuickMap;
use super::index::Entry;

/// Beginnings or ends, by their bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Affixes {
    members: QuickMap<Box<[u8]>, Vec<Entry>>,
    /// The lengths that occur, ascending.
    lengths: Vec<usize>,
}

impl Affixes {
    pub fn add(&mut self, affix: &[u8], entry: Entry) {
        self.members.entry(affix.into()).or_default().push(entry);
        if let Err(at) = self.lengths.binary_search(&affix.len()) {
            self.lengths.insert(at, affix.len());
        }
    }

    /// Calls `found` for the members of each beginning that `text` has.
    pub fn beginnings(&self, text: &[u8], found: impl FnMut(&[Entry])) {
        self.each(|length| text.get(..length), found);
    }

    /// Calls `found` for the members of each end that `text` has.
    pub fn ends(&self, text: &[u8], found: impl FnMut(&[Entry])) {
        self.each(
            |length| {
                text.len()
                    .checked_sub(length)
                    .and_then(|from| text.get(from..))
            },
            found,
        );
    }

    fn each<'t>(&self, part: impl Fn(usize) -> Option<&'t [u8]>, mut found: impl FnMut(&[Entry])) {
        for length in &self.lengths {
            let Some(part) = part(*length) else {
                return;
            };
            if let Some(members) = self.members.get(part) {
                found(members);
            }
        }
    }
}
