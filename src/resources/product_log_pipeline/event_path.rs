//! Paths into an event, as the pipeline's `log_item` and `idempotency_key` write them:
//! `$.detail.items[0].price:N?`. Pure; knows neither Terraform nor AWS.
//!
//! ```text
//! path    = "$" 1*( "." key *( "[" index "]" ) ) [ ":" type ] [ "?" ]
//! key     = 1*( any character but . [ ] : ? " and white space ) | quoted
//! quoted  = `"`, any characters, `\"` and `\\` for a quote and a backslash, `"`
//! type    = "S" | "N" | "BOOL" | "M" | "L"         the event's value must have it
//! "?"     = may be absent or null: the attribute is left out
//! ```
//!
//! The writer (writer/log_writer.py) reads the same grammar when an event comes.

/// The highest index of a list plus one; no event of EventBridge's size has more elements.
const INDEX_LIMIT: usize = 1_000_000;

/// A way into the event, and what must be found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// The steps from the event's root; at least one.
    pub steps: Vec<Step>,
    /// The type that the value must have, if one is asked for.
    pub of: Option<Type>,
    /// Whether the value may be absent or null.
    pub optional: bool,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Into an object, by key.
    Key(String),
    /// Into a list, from 0.
    Index(usize),
}

/// The types of DynamoDB that JSON has too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A string.
    S,
    /// A number.
    N,
    /// A boolean.
    Bool,
    /// A map, JSON's object.
    M,
    /// A list.
    L,
}

/// A malformed path: what is wrong where, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` (character {position}): {wrong}; {instead}")]
pub struct Malformed {
    /// The value as the user wrote it.
    pub value: String,
    /// Where the mistake is, in characters from 1.
    pub position: usize,
    /// What is wrong there.
    pub wrong: String,
    /// What to write instead.
    pub instead: String,
}

impl Type {
    /// Returns the type with its article, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Type::S => "a string",
            Type::N => "a number",
            Type::Bool => "a boolean",
            Type::M => "an object",
            Type::L => "a list",
        }
    }
}

impl Path {
    /// Reads a path with its type and question mark, if it has them.
    pub fn parse(text: &str) -> Result<Path, Malformed> {
        Parser { text, at: 1 }.path()
    }
}

/// A path's text and how far it is read, in bytes; the `$` is behind us.
struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl Parser<'_> {
    fn path(mut self) -> Result<Path, Malformed> {
        let mut steps = Vec::new();
        while self.take('.') {
            steps.push(Step::Key(self.key()?));
            while self.take('[') {
                steps.push(Step::Index(self.index()?));
            }
        }
        let of = match self.take(':') {
            true => Some(self.type_name()?),
            false => None,
        };
        let optional = self.take('?');
        match self.next() {
            None => Ok(Path {
                steps,
                of,
                optional,
            }),
            Some(':' | '?') => Err(self.malformed(
                "the path should end here",
                "write one type, then the question mark, as in `$.detail.price:N?`",
            )),
            Some(_) => Err(self.malformed(
                "the path should go on with a dot or an index, or end",
                "put a key with other characters in quotes, as in `$.detail.\"a b\"`",
            )),
        }
    }

    fn key(&mut self) -> Result<String, Malformed> {
        if self.take('"') {
            return self.quoted();
        }
        let ends = |c: char| {
            matches!(
                c,
                '.' | '[' | ']' | ':' | '?' | '"' | ' ' | '\t' | '\r' | '\n'
            )
        };
        let rest = self.rest();
        let key = rest.split(ends).next().unwrap_or(rest).to_owned();
        if key.is_empty() {
            return Err(self.malformed(
                "a key is missing after the dot",
                "write one, as in `$.detail.userId`; the empty key is `\"\"`",
            ));
        }
        self.at += key.len();
        Ok(key)
    }

    /// The rest of a quoted key, behind its first quote.
    fn quoted(&mut self) -> Result<String, Malformed> {
        let start = self.at - 1;
        let mut key = String::new();
        while let Some(c) = self.next() {
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(key),
                '\\' => match self.next() {
                    Some(escaped @ ('"' | '\\')) => {
                        self.at += 1;
                        key.push(escaped);
                    }
                    _ => {
                        self.at -= 1;
                        return Err(self.malformed(
                            "a backslash in a quoted key stands before a quote or a backslash",
                            r#"write `\\` for a backslash"#,
                        ));
                    }
                },
                _ => key.push(c),
            }
        }
        self.at = start;
        Err(self.malformed("this quote is never closed", "add the closing quote"))
    }

    /// The rest of an index, behind its bracket.
    fn index(&mut self) -> Result<usize, Malformed> {
        let rest = self.rest();
        let digits = rest.split(']').next().unwrap_or(rest);
        let plain = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        let index = match plain || digits == "0" {
            true => digits.parse().ok().filter(|index| *index < INDEX_LIMIT),
            false => None,
        };
        let closed = digits.len() < rest.len();
        match index {
            Some(index) if closed => {
                self.at += digits.len() + 1;
                Ok(index)
            }
            _ => Err(self.malformed(
                "this is no index of a list",
                "write digits and a closing bracket, as in `$.resources[0]`",
            )),
        }
    }

    /// The type, behind its colon.
    fn type_name(&mut self) -> Result<Type, Malformed> {
        let rest = self.rest();
        let name = rest.split('?').next().unwrap_or(rest);
        let of = match name {
            "S" => Type::S,
            "N" => Type::N,
            "BOOL" => Type::Bool,
            "M" => Type::M,
            "L" => Type::L,
            _ => {
                return Err(self.malformed(
                    &format!("`{name}` is no type"),
                    "write S, N, BOOL, M or L, or put a key with a colon in quotes",
                ));
            }
        };
        self.at += name.len();
        Ok(of)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, expected: char) -> bool {
        let there = self.next() == Some(expected);
        if there {
            self.at += expected.len_utf8();
        }
        there
    }

    fn malformed(&self, wrong: &str, instead: &str) -> Malformed {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        Malformed {
            value: self.text.to_owned(),
            position: before.chars().count() + 1,
            wrong: wrong.to_owned(),
            instead: instead.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_into_its_parts() {
        let path = Path::parse(r#"$.detail."a.b"[2].c:BOOL?"#);
        let steps = vec![
            Step::Key("detail".into()),
            Step::Key("a.b".into()),
            Step::Index(2),
            Step::Key("c".into()),
        ];
        let (of, optional) = (Some(Type::Bool), true);
        assert_eq!(
            path,
            Ok(Path {
                steps,
                of,
                optional
            })
        );
    }

    #[test]
    fn mistakes_have_a_place_and_a_way_out() {
        for (text, said) in [
            (
                "$.a..b",
                "`$.a..b` (character 5): a key is missing after the dot",
            ),
            (
                "$.ä.",
                "`$.ä.` (character 5): a key is missing after the dot",
            ),
            (
                "$.a:X",
                "(character 5): `X` is no type; write S, N, BOOL, M or L",
            ),
            ("$.a?:S", "(character 5): the path should end here"),
            ("$.a b", "(character 4): the path should go on with a dot"),
            (r#"$.a."b"#, "(character 5): this quote is never closed"),
            (r#"$."\n""#, "(character 4): a backslash in a quoted key"),
            ("$.a[x]", "(character 5): this is no index of a list"),
        ] {
            let error = Path::parse(text).expect_err(text).to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
