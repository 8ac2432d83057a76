//! The values of an event at the paths of a pattern, and the arrays they lie in.

use super::event::Event;
use super::operator::Value;
use super::path::{PathId, PathTree};
use crate::json::document::decoded;
use crate::json::scan::{Entry, Token};

/// No array element.
pub(crate) const NONE: u32 = u32::MAX;

/// A leaf value at a path that the pattern names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub slot: u32,
    /// Its place on the event's tape.
    pub index: u32,
    /// The innermost array element around it that is an object or an array.
    /// A scalar element records nothing about its own array.
    pub element: u32,
}

/// An object or array that is an element of an array.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element {
    pub array: u32,
    /// The innermost element around the array.
    pub around: u32,
    /// Its place on the tape.
    pub index: u32,
}

/// An array on the way to, or at, a path that the pattern names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Array {
    /// The slot of its path, if that carries a field.
    pub slot: u32,
    /// Its place on the tape, and the one after it.
    pub start: u32,
    pub end: u32,
}

/// Everything a pattern can see of an event.
#[derive(Debug)]
pub(crate) struct Values<'e> {
    event: &'e Event<'e>,
    /// By slot, then in text order.
    found: Vec<Found>,
    pub elements: Vec<Element>,
    pub arrays: Vec<Array>,
}

/// A container that is being walked.
struct Frame {
    end: usize,
    path: PathId,
    /// The innermost element around its members or elements.
    element: u32,
    /// The array's number, for an array.
    array: Option<u32>,
}

impl<'e> Values<'e> {
    /// Walks the event along the pattern's paths; whatever they do not name is skipped.
    pub fn collect(event: &'e Event<'e>, paths: &PathTree) -> Self {
        let mut values = Values {
            event,
            found: Vec::with_capacity(paths.slots().len()),
            elements: Vec::new(),
            arrays: Vec::new(),
        };
        values.walk(paths);
        // Mostly in order already, and few.
        values.found.sort_by_key(|found| found.slot);
        values
    }

    fn walk(&mut self, paths: &PathTree) {
        let tape = self.event.tape();
        let Some(root) = tape.first() else {
            return;
        };
        let mut frames = Vec::with_capacity(8);
        frames.push(Frame {
            end: root.next as usize,
            path: PathTree::ROOT,
            element: NONE,
            array: None,
        });
        let mut at = 1;
        while let Some(frame) = frames.last_mut() {
            let Some(entry) = tape.get(at).filter(|_| at < frame.end) else {
                frames.pop();
                continue;
            };
            let mut path = frame.path;
            let mut element = frame.element;
            let mut value = *entry;
            if entry.token == Token::Key {
                let Some(next) = tape.get(at + 1) else {
                    break;
                };
                value = *next;
                match step(paths, path, self.event.text(), *entry) {
                    Some(child) => path = child,
                    None => {
                        at = value.next as usize;
                        continue;
                    }
                }
                at += 1;
            }
            let container = matches!(value.token, Token::Object | Token::Array);
            if !container {
                if let Some(slot) = paths.slot(path) {
                    self.found.push(Found {
                        slot: slot as u32,
                        index: at as u32,
                        element,
                    });
                }
                at += 1;
                continue;
            }
            if value.token == Token::Object && !paths.has_children(path) {
                at = value.next as usize;
                continue;
            }
            if let Some(array) = frame.array {
                self.elements.push(Element {
                    array,
                    around: element,
                    index: at as u32,
                });
                element = self.elements.len() as u32 - 1;
            }
            let array = (value.token == Token::Array).then(|| {
                self.arrays.push(Array {
                    slot: paths.slot(path).map_or(NONE, |slot| slot as u32),
                    start: at as u32,
                    end: value.next,
                });
                self.arrays.len() as u32 - 1
            });
            frames.push(Frame {
                end: value.next as usize,
                path,
                element,
                array,
            });
            at += 1;
        }
    }

    /// Returns all values, by slot.
    pub fn all(&self) -> &[Found] {
        &self.found
    }

    /// Returns the values at a path, in text order.
    pub fn at(&self, slot: usize) -> &[Found] {
        let slot = slot as u32;
        let start = self.found.partition_point(|found| found.slot < slot);
        let rest = self.found.get(start..).unwrap_or_default();
        let length = rest.partition_point(|found| found.slot == slot);
        rest.get(..length).unwrap_or_default()
    }

    /// Returns the event.
    pub fn event(&self) -> &'e Event<'e> {
        self.event
    }

    /// Returns a value.
    pub fn value(&self, found: Found) -> Value<'e> {
        let entry = self.event.tape()[found.index as usize];
        value(self.event.text(), entry)
    }

    /// Returns the length of a value's text, in bytes.
    pub fn length(&self, found: Found) -> u64 {
        let entry = self.event.tape()[found.index as usize];
        u64::from(entry.end - entry.start)
    }

    /// Returns the outermost array in which a value lies in an element.
    pub fn outermost_array(&self, found: Found) -> Option<Array> {
        let mut outermost = None;
        let mut at = found.element;
        while let Some(element) = self.elements.get(at as usize) {
            outermost = self.arrays.get(element.array as usize).copied();
            at = element.around;
        }
        outermost
    }

    /// Returns whether a value at that slot lies in an array element.
    pub fn in_arrays(&self) -> bool {
        !self.elements.is_empty()
    }
}

/// The values as one pattern of a set sees them: under its own slots.
#[derive(Clone, Copy)]
pub(crate) struct View<'v> {
    pub values: &'v Values<'v>,
    /// The set's slot for each of the pattern's; none where they are the same.
    slots: Option<&'v [u32]>,
}

impl<'v> View<'v> {
    /// The values collected for the pattern alone.
    pub fn own(values: &'v Values<'v>) -> Self {
        View {
            values,
            slots: None,
        }
    }

    /// The values collected for a set.
    pub fn of_set(values: &'v Values<'v>, slots: &'v [u32]) -> Self {
        View {
            values,
            slots: Some(slots),
        }
    }

    /// Returns where the values of a slot of the pattern are kept.
    pub fn slot(&self, slot: usize) -> usize {
        let mapped = self.slots.and_then(|slots| slots.get(slot));
        mapped.map_or(slot, |mapped| *mapped as usize)
    }

    /// Returns the values at a path, in text order.
    pub fn at(&self, slot: usize) -> &'v [Found] {
        self.values.at(self.slot(slot))
    }
}

/// Follows a name of the event, which mostly stands there as it is.
#[inline]
fn step(paths: &PathTree, from: PathId, text: &str, name: Entry) -> Option<PathId> {
    if name.escaped {
        return paths.step(from, decoded(text, name).as_bytes());
    }
    let bytes = text.as_bytes();
    paths.step(from, bytes.get(name.start as usize..name.end as usize)?)
}

/// Turns a tape entry of a scalar into a value.
pub(crate) fn value(text: &str, entry: Entry) -> Value<'_> {
    match entry.token {
        Token::True => Value::True,
        Token::False => Value::False,
        Token::Number => {
            let span = entry.start as usize..entry.end as usize;
            Value::Number(text.get(span).unwrap_or_default())
        }
        Token::String | Token::Key => Value::String(decoded(text, entry)),
        Token::Null | Token::Object | Token::Array => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values at `path`, each with its elements from the outermost: `1@0.2`
    /// lies in the third of the elements that are containers, inside the first.
    fn values(event: &str, path: &str) -> Vec<String> {
        let mut paths = PathTree::new();
        let id = paths.extend(PathTree::ROOT, path);
        paths.mark(id);
        paths.sort();
        let event = Event::parse(event).unwrap();
        let values = Values::collect(&event, &paths);
        let describe = |found: &Found| {
            let mut numbers = Vec::new();
            let mut at = found.element;
            while let Some(element) = values.elements.get(at as usize) {
                let before = values.elements.iter().take(at as usize);
                let number = before.filter(|other| other.array == element.array).count();
                numbers.push(number.to_string());
                at = element.around;
            }
            numbers.reverse();
            format!("{}@{}", values.value(*found).json(), numbers.join("."))
        };
        values.at(0).iter().map(describe).collect()
    }

    #[test]
    fn arrays_vanish_from_paths() {
        assert_eq!(values(r#"{"a":[1,[2,[3]]]}"#, "a"), ["1@", "2@0", "3@0.0"]);
        assert_eq!(
            values(r#"{"a":[{"b":1},{"c":2},{"b":[3]}]}"#, "a.b"),
            ["1@0", "3@2"]
        );
    }

    #[test]
    fn dots_nesting_and_duplicates_all_count() {
        assert_eq!(
            values(r#"{"a.b":1,"a":{"b":2},"a":[{"b":3}]}"#, "a.b"),
            ["1@", "2@", "3@0"]
        );
        assert_eq!(values(r#"{"":{"b":1},".b":2,"b":3}"#, ".b"), ["1@", "2@"]);
    }

    #[test]
    fn objects_and_empty_containers_are_no_values() {
        assert!(values(r#"{"a":{},"a":[],"a":[[]],"a":{"b":1},"a":[{"b":1}]}"#, "a").is_empty());
    }
}
