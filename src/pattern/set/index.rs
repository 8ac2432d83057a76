//! The index: from an event's values to the patterns that may match.

use std::net::IpAddr;

use super::affix::Affixes;
use super::hash::QuickMap;
use super::key::{Filing, Guard, Key, file, keys_of, number_bit, number_bits, text_bit};
use crate::json::Decimal;
use crate::pattern::ast::Parts;
use crate::pattern::operator::Value;
use crate::pattern::operator::address::parse_address;
use crate::pattern::values::Values;

/// Members by their keys.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    slots: Vec<Slot>,
    /// Members without a key: always candidates.
    always: Vec<u32>,
    members: usize,
}

/// A member under a key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    member: u32,
    guard: Guard,
}

/// The keys that count at one path.
#[derive(Clone, Debug, Default)]
struct Slot {
    texts: QuickMap<Box<str>, Vec<Entry>>,
    folded: QuickMap<Box<str>, Vec<Entry>>,
    prefixes: Affixes,
    suffixes: Affixes,
    addresses: QuickMap<IpAddr, Vec<Entry>>,
    numbers: QuickMap<u64, Vec<Entry>>,
    number_texts: QuickMap<Box<str>, Vec<Entry>>,
    is_true: Vec<Entry>,
    is_false: Vec<Entry>,
    is_null: Vec<Entry>,
    present: Vec<Entry>,
}

impl Index {
    /// Files each member, given as its parts and the set's slots, under its keys.
    pub fn new<'m>(
        slots: usize,
        members: impl Iterator<Item = (&'m Parts, &'m [u32])> + Clone,
    ) -> Self {
        let mut counts: QuickMap<(u32, Key), u64> = QuickMap::default();
        for (parts, slots) in members.clone() {
            for field in &parts.fields {
                let slot = slots.get(field.slot).copied().unwrap_or_default();
                for key in keys_of(field).into_iter().flatten() {
                    *counts.entry((slot, key)).or_default() += 1;
                }
            }
        }
        let mut index = Index {
            slots: vec![Slot::default(); slots],
            always: Vec::new(),
            members: 0,
        };
        for (parts, slots) in members {
            let member = index.members as u32;
            index.members += 1;
            let count = |slot, key: &Key| {
                counts
                    .get(&(slot, key.clone()))
                    .copied()
                    .unwrap_or_default()
            };
            match file(parts, slots, count) {
                Some(Filing { keys, guard }) => {
                    let entry = Entry { member, guard };
                    keys.into_iter()
                        .for_each(|(slot, key)| index.file(slot, key, entry));
                }
                None => index.always.push(member),
            }
        }
        index
    }

    fn file(&mut self, slot: u32, key: Key, entry: Entry) {
        let Some(slot) = self.slots.get_mut(slot as usize) else {
            return;
        };
        let members = match key {
            Key::Prefix(text) => return slot.prefixes.add(text.as_bytes(), entry),
            Key::Suffix(text) => return slot.suffixes.add(text.as_bytes(), entry),
            Key::Text(text) => slot.texts.entry(text).or_default(),
            Key::Folded(text) => slot.folded.entry(text).or_default(),
            Key::Address(address) => slot.addresses.entry(address).or_default(),
            Key::Number(bits) => slot.numbers.entry(bits).or_default(),
            Key::NumberText(text) => slot.number_texts.entry(text).or_default(),
            Key::True => &mut slot.is_true,
            Key::False => &mut slot.is_false,
            Key::Null => &mut slot.is_null,
            Key::Present => &mut slot.present,
        };
        members.push(entry);
    }

    /// Returns the members that an event may match, each once.
    pub fn candidates(&self, values: &Values<'_>) -> Vec<usize> {
        let mut found = Candidates {
            seen: vec![0; self.members.div_ceil(64)],
            bits: bits(values),
            members: Vec::new(),
        };
        self.always
            .iter()
            .for_each(|member| found.add_member(*member));
        let mut last = None;
        for value in values.all() {
            let Some(slot) = self.slots.get(value.slot as usize) else {
                continue;
            };
            if last != Some(value.slot) {
                last = Some(value.slot);
                found.add(&slot.present);
            }
            slot.look_up(&values.value(*value), &mut found);
        }
        found.members
    }
}

/// For each slot that has values the bits of these, by slot.
fn bits(values: &Values<'_>) -> Vec<(u32, u64)> {
    let mut all: Vec<(u32, u64)> = Vec::with_capacity(values.all().len());
    for found in values.all() {
        let bit = match values.value(*found) {
            Value::String(text) => text_bit(text.as_bytes()),
            Value::Number(text) => {
                Decimal::as_exact_f64(text).map_or(0, |value| number_bit(number_bits(value)))
            }
            Value::True | Value::False | Value::Null => 0,
        };
        match all.last_mut() {
            Some((slot, bits)) if *slot == found.slot => *bits |= bit,
            _ => all.push((found.slot, bit)),
        }
    }
    all
}

impl Slot {
    fn look_up(&self, value: &Value<'_>, found: &mut Candidates) {
        match value {
            Value::True => found.add(&self.is_true),
            Value::False => found.add(&self.is_false),
            Value::Null => found.add(&self.is_null),
            Value::Number(text) => {
                if self.numbers.is_empty() && self.number_texts.is_empty() {
                    return;
                }
                match Decimal::as_exact_f64(text) {
                    Some(value) => found.add_some(self.numbers.get(&number_bits(value))),
                    None => found.add_some(self.number_texts.get(*text)),
                }
            }
            Value::String(text) => self.look_up_text(text, found),
        }
    }

    fn look_up_text(&self, text: &str, found: &mut Candidates) {
        if !self.texts.is_empty() {
            found.add_some(self.texts.get(text));
        }
        self.prefixes
            .beginnings(text.as_bytes(), |members| found.add(members));
        self.suffixes
            .ends(text.as_bytes(), |members| found.add(members));
        if !self.folded.is_empty() && text.is_ascii() {
            found.add_some(self.folded.get(text.to_ascii_lowercase().as_str()));
        }
        if !self.addresses.is_empty()
            && let Some(address) = parse_address(text)
        {
            found.add_some(self.addresses.get(&address));
        }
    }
}

/// Members that were brought up.
struct Candidates {
    /// A bit for each member.
    seen: Vec<u64>,
    /// The event's bits by slot.
    bits: Vec<(u32, u64)>,
    members: Vec<usize>,
}

impl Candidates {
    fn add_some(&mut self, entries: Option<&Vec<Entry>>) {
        if let Some(entries) = entries {
            self.add(entries);
        }
    }

    fn add(&mut self, entries: &[Entry]) {
        for entry in entries {
            if self.passes(entry.guard) {
                self.add_member(entry.member);
            }
        }
    }

    fn passes(&self, guard: Guard) -> bool {
        if guard.slot == Guard::OPEN.slot {
            return true;
        }
        let found = self
            .bits
            .binary_search_by_key(&guard.slot, |(slot, _)| *slot);
        let bits = found.ok().and_then(|at| self.bits.get(at));
        bits.is_some_and(|(_, bits)| bits & guard.bits != 0)
    }

    fn add_member(&mut self, member: u32) {
        let member = member as usize;
        let bit = 1 << (member % 64);
        if let Some(word) = self.seen.get_mut(member / 64)
            && *word & bit == 0
        {
            *word |= bit;
            self.members.push(member);
        }
    }
}
