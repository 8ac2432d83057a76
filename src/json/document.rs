//! A parsed text and its values. Nothing is copied out of the text.

use std::borrow::Cow;

use super::error::Error;
use super::scan::{Entry, Fault, Token, scan};

/// A JSON text and the tape of its values.
#[derive(Clone, Debug)]
pub struct Document<'t> {
    text: Cow<'t, str>,
    tape: Vec<Entry>,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}

impl Kind {
    /// Returns the type with its article, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Object => "an object",
            Kind::Array => "an array",
            Kind::String => "a string",
            Kind::Number => "a number",
            Kind::True | Kind::False => "a boolean",
            Kind::Null => "null",
        }
    }
}

/// A place in a text as a person counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// From 1; lines end with a line feed.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// From 0, in bytes.
    pub offset: usize,
}

impl Position {
    /// Counts lines and columns up to a byte offset of `text`.
    pub fn of(text: &str, offset: usize) -> Self {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = text.get(..offset).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
            offset,
        }
    }
}

impl<'t> Document<'t> {
    /// Parses one JSON value with nothing after it.
    ///
    /// # Errors
    /// Says what is not JSON, where, and what to write instead.
    pub fn parse(text: impl Into<Cow<'t, str>>) -> Result<Self, Error> {
        let (document, fault) = Self::parse_as_far_as_possible(text.into());
        match fault {
            None => Ok(document),
            Some(fault) => Err(Error::new(document.text(), fault)),
        }
    }

    /// Parses up to the first fault; the values before it can be looked at.
    pub(crate) fn parse_as_far_as_possible(text: Cow<'t, str>) -> (Self, Option<Fault>) {
        let (tape, fault) = scan(&text);
        (Document { text, tape }, fault)
    }

    /// Returns the whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the outermost value; none if there is a fault before it.
    pub fn root(&self) -> Option<Node<'_>> {
        self.node(0)
    }

    /// Returns the value at an index of the tape.
    pub(crate) fn node(&self, index: usize) -> Option<Node<'_>> {
        (index < self.tape.len()).then_some(Node {
            text: &self.text,
            tape: &self.tape,
            index,
        })
    }

    pub(crate) fn tape(&self) -> &[Entry] {
        &self.tape
    }

    /// Counts lines and columns up to a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        Position::of(&self.text, offset)
    }
}

/// A view of one value of a [`Document`].
#[derive(Clone, Copy, Debug)]
pub struct Node<'d> {
    text: &'d str,
    tape: &'d [Entry],
    index: usize,
}

impl<'d> Node<'d> {
    fn entry(&self) -> Entry {
        // INVARIANT: a node is only made for an index within the tape.
        self.tape[self.index]
    }

    /// Returns the value's type.
    pub fn kind(&self) -> Kind {
        match self.entry().token {
            Token::Object => Kind::Object,
            Token::Array => Kind::Array,
            Token::Key | Token::String => Kind::String,
            Token::Number => Kind::Number,
            Token::True => Kind::True,
            Token::False => Kind::False,
            Token::Null => Kind::Null,
        }
    }

    /// Returns the value's text as written, quotes and brackets included.
    pub fn raw(&self) -> &'d str {
        let entry = self.entry();
        let quote = usize::from(self.kind() == Kind::String);
        let (start, end) = (entry.start as usize - quote, entry.end as usize + quote);
        self.text
            .get(start..end.min(self.text.len()))
            .unwrap_or_default()
    }

    /// Returns where the value begins.
    pub fn position(&self) -> Position {
        Position::of(self.text, self.offset())
    }

    /// Returns the byte offset at which the value begins.
    pub fn offset(&self) -> usize {
        let quote = usize::from(self.kind() == Kind::String);
        self.entry().start as usize - quote
    }

    /// Returns the byte offset at which the value ends.
    pub fn end(&self) -> usize {
        self.offset() + self.raw().len()
    }

    /// Returns a string's value, escapes resolved.
    pub fn as_str(&self) -> Option<Cow<'d, str>> {
        (self.kind() == Kind::String).then(|| decoded(self.text, self.entry()))
    }

    /// Returns a number's text.
    pub fn as_number(&self) -> Option<&'d str> {
        (self.kind() == Kind::Number).then(|| self.raw())
    }

    /// Returns a boolean's value.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// Returns whether this is null.
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// Returns an object's members in text order, duplicates included.
    pub fn members(&self) -> impl Iterator<Item = (Node<'d>, Node<'d>)> + use<'d> {
        let mut items = self.items(Kind::Object);
        std::iter::from_fn(move || Some((items.next()?, items.next()?)))
    }

    /// Returns an array's elements.
    pub fn elements(&self) -> impl Iterator<Item = Node<'d>> + use<'d> {
        self.items(Kind::Array)
    }

    /// Returns the last member of that name, as most readers do.
    pub fn get(&self, name: &str) -> Option<Node<'d>> {
        self.members()
            .filter(|(key, _)| key.as_str().as_deref() == Some(name))
            .last()
            .map(|(_, value)| value)
    }

    /// Returns the value's index on the tape.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// Returns the index after the value and everything inside it.
    pub(crate) fn next(&self) -> usize {
        self.entry().next as usize
    }

    /// Returns false for a container that the text leaves open.
    pub(crate) fn is_closed(&self) -> bool {
        self.entry().closed
    }

    fn items(&self, kind: Kind) -> impl Iterator<Item = Node<'d>> + use<'d> {
        let (text, tape) = (self.text, self.tape);
        let mut index = self.index + 1;
        let end = if self.kind() == kind {
            self.entry().next as usize
        } else {
            0
        };
        std::iter::from_fn(move || {
            let entry = tape.get(index).filter(|_| index < end)?;
            let node = Node { text, tape, index };
            index = entry.next as usize;
            Some(node)
        })
    }
}

/// A string entry's value. A lone surrogate becomes U+FFFD, as in any UTF-8 reader.
pub(crate) fn decoded<'d>(text: &'d str, entry: Entry) -> Cow<'d, str> {
    let raw = text
        .get(entry.start as usize..entry.end as usize)
        .unwrap_or_default();
    if entry.escaped {
        Cow::Owned(unescaped(raw))
    } else {
        Cow::Borrowed(raw)
    }
}

fn unescaped(raw: &str) -> String {
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        value.push_str(rest.get(..at).unwrap_or_default());
        let escape = rest.get(at + 1..).unwrap_or_default();
        let mut length = 1;
        match escape.bytes().next() {
            Some(b'b') => value.push('\u{8}'),
            Some(b'f') => value.push('\u{c}'),
            Some(b'n') => value.push('\n'),
            Some(b'r') => value.push('\r'),
            Some(b't') => value.push('\t'),
            Some(b'u') => {
                let (character, used) = code_point(escape);
                value.push(character);
                length = used;
            }
            Some(other) => value.push(other as char),
            None => break,
        }
        rest = escape.get(length..).unwrap_or_default();
    }
    value.push_str(rest);
    value
}

/// Reads `uXXXX`, or `uXXXX\uXXXX` where that is a surrogate pair.
fn code_point(escape: &str) -> (char, usize) {
    let unit = |at: usize| {
        let digits = escape.get(at..at + 4)?;
        u32::from_str_radix(digits, 16).ok()
    };
    let first = unit(1).unwrap_or(0xfffd);
    if (0xd800..0xdc00).contains(&first)
        && escape.get(5..7) == Some("\\u")
        && let Some(second @ 0xdc00..0xe000) = unit(7)
    {
        let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        return (char::from_u32(code).unwrap_or('\u{fffd}'), 11);
    }
    (char::from_u32(first).unwrap_or('\u{fffd}'), 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> String {
        let document = Document::parse(text).unwrap();
        document.root().unwrap().as_str().unwrap().into_owned()
    }

    #[test]
    fn escapes_are_resolved() {
        assert_eq!(
            string(r#""a\"b\\c\/\b\f\n\r\t""#),
            "a\"b\\c/\u{8}\u{c}\n\r\t"
        );
        assert_eq!(string(r#""\u0041\u00e9\ud83d\ude00""#), "Aé😀");
        assert_eq!(
            string(r#""\ud83d-\udead\ud800\u0041""#),
            "\u{fffd}-\u{fffd}\u{fffd}A"
        );
    }

    #[test]
    fn order_duplicates_and_number_text_are_kept() {
        let document = Document::parse(r#"{"b":1.50,"a":[],"b":1e2}"#).unwrap();
        let root = document.root().unwrap();
        let members: Vec<_> = root
            .members()
            .map(|(key, value)| (key.raw(), value.raw()))
            .collect();
        assert_eq!(
            members,
            [("\"b\"", "1.50"), ("\"a\"", "[]"), ("\"b\"", "1e2")]
        );
        assert_eq!(root.get("b").unwrap().as_number(), Some("1e2"));
        assert!(root.get("c").is_none());
    }

    #[test]
    fn positions_count_characters() {
        let document = Document::parse("{\n \"é\": [1,\n  2]}").unwrap();
        let (key, value) = document.root().unwrap().members().next().unwrap();
        assert_eq!((key.position().line, key.position().column), (2, 2));
        assert_eq!((value.position().line, value.position().column), (2, 7));
        let second = value.elements().nth(1).unwrap().position();
        assert_eq!((second.line, second.column, second.offset), (3, 3, 15));
    }
}
