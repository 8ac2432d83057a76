//! Keys: what an event must have for a pattern to match.

use std::hash::Hasher;
use std::net::IpAddr;

use super::hash::Quick;
use crate::pattern::ast::{Field, Parts};
use crate::pattern::operator::Operator;
use crate::pattern::operator::number::Number;

/// What a value at a path must be, so that an operator can accept it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Text(Box<str>),
    Address(IpAddr),
    /// The bits of a number that can be compared; zero has one sign.
    Number(u64),
    /// The text of one that cannot.
    NumberText(Box<str>),
    True,
    False,
    Null,
    Prefix(Box<str>),
    Suffix(Box<str>),
    /// Text in small letters; ASCII only, where folding is symmetric.
    Folded(Box<str>),
    /// Anything.
    Present,
}

impl Key {
    /// How many patterns an event is likely to bring up for each that is filed under the key.
    fn weight(&self) -> u64 {
        match self {
            Key::Present => 64,
            Key::True | Key::False | Key::Null => 32,
            Key::Prefix(text) | Key::Suffix(text) => {
                if text.len() < 4 {
                    8
                } else {
                    2
                }
            }
            _ => 1,
        }
    }

    /// The bit that stands for a value that must be exactly this.
    fn bit(&self) -> Option<u64> {
        match self {
            Key::Text(text) => Some(text_bit(text.as_bytes())),
            Key::Number(bits) => Some(number_bit(*bits)),
            _ => None,
        }
    }
}

/// A bit for a text, one of 64.
pub(super) fn text_bit(text: &[u8]) -> u64 {
    let mut hasher = Quick::default();
    hasher.write(text);
    1 << (hasher.finish() >> 32 & 63)
}

/// A bit for a number.
pub(super) fn number_bit(bits: u64) -> u64 {
    let mut hasher = Quick::default();
    hasher.write_u64(bits);
    1 << (hasher.finish() >> 32 & 63)
}

/// A number as a key: equal numbers have equal bits.
pub(super) fn number_bits(value: f64) -> u64 {
    (value + 0.0).to_bits()
}

/// The keys of a field: an event needs one of them. None if the field may be absent.
pub(super) fn keys_of(field: &Field) -> Option<Vec<Key>> {
    field
        .leaves
        .iter()
        .map(|leaf| key_of(&leaf.operator))
        .collect()
}

fn key_of(operator: &Operator) -> Option<Key> {
    let number = |number: &Number| match number.value() {
        Some(value) => Key::Number(number_bits(value)),
        None => Key::NumberText(number.text().into()),
    };
    Some(match operator {
        Operator::Text(text) | Operator::Exactly(text) => Key::Text(text.as_str().into()),
        Operator::Address(_, address) => Key::Address(*address),
        Operator::Number(own) | Operator::NumericEquals(own) => number(own),
        Operator::True => Key::True,
        Operator::False => Key::False,
        Operator::Null => Key::Null,
        Operator::Prefix(text) if !text.is_empty() => Key::Prefix(text.as_str().into()),
        Operator::Suffix(text) if !text.is_empty() => Key::Suffix(text.as_str().into()),
        Operator::EqualsIgnoreCase(text) if text.text().is_ascii() => {
            Key::Folded(text.text().to_ascii_lowercase().into())
        }
        Operator::Wildcard(wildcard) => match wildcard.runs() {
            [only] => Key::Text(only.as_str().into()),
            [first, ..] if !first.is_empty() => Key::Prefix(first.as_str().into()),
            [.., last] if !last.is_empty() => Key::Suffix(last.as_str().into()),
            _ => Key::Present,
        },
        Operator::Exists(false) => return None,
        _ => Key::Present,
    })
}

/// How a pattern is filed.
#[derive(Clone, Debug)]
pub(super) struct Filing {
    /// The keys, each with its slot: an event needs one of them.
    pub keys: Vec<(u32, Key)>,
    /// What else an event needs, to be looked at before the pattern itself.
    pub guard: Guard,
}

/// A second look that costs no memory of the pattern's own: the slot of another
/// field that must hold, and a bit for each value that it accepts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guard {
    pub slot: u32,
    pub bits: u64,
}

impl Guard {
    /// Lets every event pass.
    pub const OPEN: Guard = Guard {
        slot: u32::MAX,
        bits: 0,
    };
}

/// Chooses a pattern's keys and guard; none if it may match an event that has
/// nothing it names.
///
/// Among the fields that must hold, and the `$or`s of which one branch must,
/// those are chosen that the fewest others share.
pub(super) fn file(
    parts: &Parts,
    slots: &[u32],
    count: impl Fn(u32, &Key) -> u64,
) -> Option<Filing> {
    let slot_of = |field: &Field| slots.get(field.slot).copied().unwrap_or_default();
    let cost = |field: &Field| -> Option<u64> {
        let keys = keys_of(field).filter(|_| !field.replaced)?;
        let costs = keys
            .iter()
            .map(|key| count(slot_of(field), key).saturating_mul(key.weight()));
        Some(costs.fold(0, u64::saturating_add))
    };
    // For each branch the cheapest choice: a field, or all branches of an `$or`.
    let mut best: Vec<Option<(u64, Choice)>> = vec![None; parts.branches.len()];
    for (at, branch) in parts.branches.iter().enumerate().rev() {
        let fields = branch
            .fields
            .iter()
            .filter_map(|number| Some((cost(&parts.fields[*number])?, Choice::Field(*number))));
        let ors = branch.ors.iter().filter_map(|number| {
            let branches = parts.ors[*number].branches.iter();
            let costs: Option<Vec<u64>> = branches
                .map(|branch| best[*branch].map(|(cost, _)| cost))
                .collect();
            Some((
                costs?.into_iter().fold(0, u64::saturating_add),
                Choice::Or(*number),
            ))
        });
        best[at] = fields.chain(ors).min_by_key(|(cost, _)| *cost);
    }
    let chosen = best.first().copied().flatten()?.1;
    let others = parts.branches[0]
        .fields
        .iter()
        .filter(|field| chosen != Choice::Field(**field));
    let guards = others.filter_map(|number| {
        let field = &parts.fields[*number];
        let bits = keys_of(field)?
            .iter()
            .map(Key::bit)
            .collect::<Option<Vec<u64>>>()?;
        Some((
            cost(field)?,
            Guard {
                slot: slot_of(field),
                bits: bits.into_iter().fold(0, |all, bit| all | bit),
            },
        ))
    });
    let guard = guards
        .min_by_key(|(cost, _)| *cost)
        .map_or(Guard::OPEN, |(_, guard)| guard);
    let mut work = vec![chosen];
    let mut keys = Vec::new();
    while let Some(choice) = work.pop() {
        match choice {
            Choice::Field(number) => {
                let field = &parts.fields[number];
                keys.extend(keys_of(field)?.into_iter().map(|key| (slot_of(field), key)));
            }
            Choice::Or(number) => {
                for branch in &parts.ors[number].branches {
                    work.push(best.get(*branch).copied().flatten()?.1);
                }
            }
        }
    }
    Some(Filing { keys, guard })
}

/// Where a branch's keys come from.
#[derive(Clone, Copy, PartialEq)]
enum Choice {
    Field(usize),
    Or(usize),
}
