//! One pass over the bytes: text to tape. Knows the grammar, no words.
//!
//! The tape is a flat list of entries in text order. A container's entry says
//! where its subtree ends, so skipping a value costs nothing, and no depth of
//! nesting can overflow a stack: the way back up is kept in the tape itself.

use super::lexeme::{after_escapes, is_word, number_end, plain};

/// Marks the absence of an index.
const NONE: u32 = u32::MAX;

/// What an [`Entry`] stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    Object,
    Array,
    /// The name of a member; its value is the entry that follows.
    Key,
    String,
    Number,
    True,
    False,
    Null,
}

/// One value or member name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub token: Token,
    /// A string or key that holds a backslash.
    pub escaped: bool,
    /// A container whose closing bracket was read; true for anything else.
    pub closed: bool,
    /// Byte offset of the first byte; for strings and keys the one after the quote.
    pub start: u32,
    /// Byte offset after the last byte; for strings and keys that of the closing quote.
    pub end: u32,
    /// Index of the entry after this one and everything inside it.
    pub next: u32,
}

/// Why reading stopped. Offsets are bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub kind: FaultKind,
    pub offset: usize,
    /// Where the innermost open container begins.
    pub opened: Option<usize>,
}

/// The ways in which a text is not JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// Nothing but blanks.
    Empty,
    /// The text ends too early.
    End,
    /// The text ends inside a string that begins at the offset.
    OpenString,
    /// A value was expected.
    Value,
    /// A member name was expected.
    Key,
    /// A colon was expected.
    Colon,
    /// A comma or the closing bracket was expected.
    Comma,
    /// The bracket does not belong to the open container.
    Bracket,
    /// A comma stands before a closing bracket.
    TrailingComma,
    /// A control character stands in a string as it is.
    Control,
    /// An unknown escape.
    Escape,
    /// `\u` without four hexadecimal digits.
    Unicode,
    /// A number with a leading zero.
    LeadingZero,
    /// A number that breaks off.
    Number,
    /// Something follows the value.
    Trailing,
    /// More than 4 GB.
    TooLong,
}

/// Reads `text` into a tape. On a fault the tape holds everything before it.
pub(crate) fn scan(text: &str) -> (Vec<Entry>, Option<Fault>) {
    let mut scanner = Scanner {
        bytes: text.as_bytes(),
        at: 0,
        tape: Vec::with_capacity(text.len() / 8 + 4),
        open: NONE,
        in_object: false,
    };
    let stopped = if text.len() < NONE as usize {
        scanner.run()
    } else {
        Err((FaultKind::TooLong, 0))
    };
    let fault = stopped
        .err()
        .map(|(kind, offset)| scanner.abandon(kind, offset));
    (scanner.tape, fault)
}

/// What stops the scan, and at which byte.
pub(super) type Stop = (FaultKind, usize);

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    tape: Vec<Entry>,
    /// The innermost open container; while open, its `next` is the one around it.
    open: u32,
    /// Whether that is an object.
    in_object: bool,
}

// The small steps are inlined into the loop, so that it runs in registers.
impl Scanner<'_> {
    fn run(&mut self) -> Result<(), Stop> {
        self.blank();
        if self.at == self.bytes.len() {
            return Err((FaultKind::Empty, self.at));
        }
        loop {
            if self.value()? && !self.first()? {
                continue;
            }
            loop {
                self.blank();
                if self.open == NONE {
                    return match self.peek() {
                        None => Ok(()),
                        Some(_) => Err((FaultKind::Trailing, self.at)),
                    };
                }
                match self.peek() {
                    Some(b',') => {
                        self.next_item()?;
                        break;
                    }
                    Some(b'}' | b']') => self.close()?,
                    None => return Err((FaultKind::End, self.at)),
                    Some(_) => return Err((FaultKind::Comma, self.at)),
                }
            }
        }
    }

    /// Right after an opening bracket: true if the container is empty and closed.
    #[inline(always)]
    fn first(&mut self) -> Result<bool, Stop> {
        self.blank();
        if matches!(self.peek(), Some(b'}' | b']')) {
            self.close()?;
            return Ok(true);
        }
        if self.in_object {
            self.member()?;
        }
        Ok(false)
    }

    /// At a comma: goes on to the next value.
    #[inline(always)]
    fn next_item(&mut self) -> Result<(), Stop> {
        let comma = self.at;
        self.at += 1;
        self.blank();
        if matches!(self.peek(), Some(b']' | b'}')) {
            return Err((FaultKind::TrailingComma, comma));
        }
        if self.in_object {
            self.member()
        } else {
            Ok(())
        }
    }

    /// Reads a name and its colon.
    #[inline(always)]
    fn member(&mut self) -> Result<(), Stop> {
        match self.peek() {
            Some(b'"') => self.string(Token::Key)?,
            None => return Err((FaultKind::End, self.at)),
            Some(_) => return Err((FaultKind::Key, self.at)),
        }
        self.blank();
        match self.peek() {
            Some(b':') => self.at += 1,
            None => return Err((FaultKind::End, self.at)),
            Some(_) => return Err((FaultKind::Colon, self.at)),
        }
        self.blank();
        Ok(())
    }

    /// Reads a scalar, or the bracket that opens a container: then true.
    #[inline(always)]
    fn value(&mut self) -> Result<bool, Stop> {
        match self.peek() {
            Some(b'"') => self.string(Token::String)?,
            Some(b'{') => {
                self.container(Token::Object);
                return Ok(true);
            }
            Some(b'[') => {
                self.container(Token::Array);
                return Ok(true);
            }
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word(b"true", Token::True)?,
            Some(b'f') => self.word(b"false", Token::False)?,
            Some(b'n') => self.word(b"null", Token::Null)?,
            Some(_) => return Err((FaultKind::Value, self.at)),
            None => return Err((FaultKind::End, self.at)),
        }
        Ok(false)
    }

    #[inline(always)]
    fn container(&mut self, token: Token) {
        let index = self.tape.len() as u32;
        self.tape.push(Entry {
            token,
            escaped: false,
            closed: false,
            start: self.at as u32,
            end: NONE,
            next: self.open,
        });
        self.open = index;
        self.in_object = token == Token::Object;
        self.at += 1;
    }

    /// At a closing bracket: closes the open container.
    #[inline(always)]
    fn close(&mut self) -> Result<(), Stop> {
        let is_object = self.peek() == Some(b'}');
        if is_object != self.in_object {
            return Err((FaultKind::Bracket, self.at));
        }
        self.at += 1;
        let next = self.tape.len() as u32;
        if let Some(entry) = self.tape.get_mut(self.open as usize) {
            self.open = entry.next;
            entry.next = next;
            entry.end = self.at as u32;
            entry.closed = true;
        }
        let around = self.tape.get(self.open as usize);
        self.in_object = around.is_some_and(|around| around.token == Token::Object);
        Ok(())
    }

    /// After a fault: every container still open ends where reading ended.
    #[cold]
    fn abandon(&mut self, kind: FaultKind, offset: usize) -> Fault {
        let opened = self
            .tape
            .get(self.open as usize)
            .map(|entry| entry.start as usize);
        let next = self.tape.len() as u32;
        while let Some(entry) = self.tape.get_mut(self.open as usize) {
            self.open = entry.next;
            entry.next = next;
            entry.end = self.at as u32;
        }
        Fault {
            kind,
            offset,
            opened,
        }
    }

    /// At a quote: reads the string.
    #[inline(always)]
    fn string(&mut self, token: Token) -> Result<(), Stop> {
        let start = self.at + 1;
        let mut end = plain(self.bytes, start);
        let mut escaped = false;
        if self.bytes.get(end) != Some(&b'"') {
            end = after_escapes(self.bytes, start, end)?;
            escaped = true;
        }
        self.scalar(token, escaped, start, end);
        self.at = end + 1;
        Ok(())
    }

    #[inline(always)]
    fn number(&mut self) -> Result<(), Stop> {
        let end = number_end(self.bytes, self.at)?;
        self.scalar(Token::Number, false, self.at, end);
        self.at = end;
        Ok(())
    }

    #[inline(always)]
    fn word(&mut self, word: &[u8], token: Token) -> Result<(), Stop> {
        let end = self.at + word.len();
        let whole = self.bytes.get(self.at..end) == Some(word) && !is_word(self.bytes, end);
        if !whole {
            return Err((FaultKind::Value, self.at));
        }
        self.scalar(token, false, self.at, end);
        self.at = end;
        Ok(())
    }

    #[inline(always)]
    fn scalar(&mut self, token: Token, escaped: bool, start: usize, end: usize) {
        self.tape.push(Entry {
            token,
            escaped,
            closed: true,
            start: start as u32,
            end: end as u32,
            next: self.tape.len() as u32 + 1,
        });
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline(always)]
    fn blank(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Option<FaultKind> {
        scan(text).1.map(|fault| fault.kind)
    }

    #[test]
    fn strict_json_is_read() {
        for text in [
            "null",
            " [ ] ",
            "{}",
            "-0.5e+10",
            "\"\\u00e9\\n\"",
            "{\"a\":[1,{\"b\":[]}],\"a\":{}}",
            "[true,false,null]",
            "0",
            "10",
            "\"long enough for two words of bytes, é too\"",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn everything_else_is_a_fault() {
        for (text, kind) in [
            ("", FaultKind::Empty),
            (" \n", FaultKind::Empty),
            ("{", FaultKind::End),
            ("[1", FaultKind::End),
            ("{\"a\"", FaultKind::End),
            ("{\"a\":", FaultKind::End),
            ("[1,", FaultKind::End),
            ("\"a", FaultKind::OpenString),
            ("tru", FaultKind::Value),
            ("nullx", FaultKind::Value),
            ("NaN", FaultKind::Value),
            ("[,]", FaultKind::Value),
            ("{a:1}", FaultKind::Key),
            ("{'a':1}", FaultKind::Key),
            ("{\"a\" 1}", FaultKind::Colon),
            ("[1 2]", FaultKind::Comma),
            ("[1}", FaultKind::Bracket),
            ("[1,]", FaultKind::TrailingComma),
            ("{\"a\":1,}", FaultKind::TrailingComma),
            ("\"a\tb\"", FaultKind::Control),
            ("\"\\q\"", FaultKind::Escape),
            ("\"\\u00g0\"", FaultKind::Unicode),
            ("01", FaultKind::LeadingZero),
            ("-", FaultKind::Number),
            ("1.", FaultKind::Number),
            (".5", FaultKind::Value),
            ("1e", FaultKind::Number),
            ("1x", FaultKind::Number),
            ("+1", FaultKind::Value),
            ("{} {}", FaultKind::Trailing),
            ("\u{feff}{}", FaultKind::Value),
        ] {
            assert_eq!(fault(text), Some(kind), "{text}");
        }
    }

    #[test]
    fn a_control_character_is_found_at_every_place() {
        for at in 0..20 {
            let text = format!("\"{}\u{1}{}\"", "é".repeat(at), "x".repeat(20));
            let (_, fault) = scan(&text);
            assert_eq!(fault.map(|fault| fault.offset), Some(1 + 2 * at));
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let text = "[".repeat(1_000_000);
        assert_eq!(fault(&text), Some(FaultKind::End));
        let text = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
        assert_eq!(fault(&text), None);
    }
}
