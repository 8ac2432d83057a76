//! `equals-ignore-case`: folding as AWS's matcher does it, character by character.
//!
//! Each character of the **pattern** may appear in the event as its full lower
//! or its full upper case, and as nothing else. That is not symmetric: the
//! pattern `straße` accepts `STRASSE`, the pattern `STRASSE` never `straße`.

use crate::json::quote;

/// Text to be compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Folded {
    text: String,
    /// The two spellings of each character.
    characters: Vec<[Box<str>; 2]>,
}

impl Folded {
    /// Prepares the operand of an `equals-ignore-case`.
    pub fn new(text: &str) -> Self {
        let spellings = |character: char| {
            [
                character
                    .to_lowercase()
                    .collect::<String>()
                    .into_boxed_str(),
                character
                    .to_uppercase()
                    .collect::<String>()
                    .into_boxed_str(),
            ]
        };
        Folded {
            text: text.to_owned(),
            characters: text.chars().map(spellings).collect(),
        }
    }

    /// Returns the text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether `value` is this text in some case.
    pub fn equals(&self, value: &str) -> bool {
        self.after_prefix(value) == Some("")
    }

    /// Returns whether `value` begins with this text in some case.
    pub fn is_prefix_of(&self, value: &str) -> bool {
        self.after_prefix(value).is_some()
    }

    /// Returns whether `value` ends with this text in some case.
    pub fn is_suffix_of(&self, value: &str) -> bool {
        let mut rest = value;
        for [lower, upper] in self.characters.iter().rev() {
            match rest
                .strip_suffix(&**lower)
                .or_else(|| rest.strip_suffix(&**upper))
            {
                Some(before) => rest = before,
                None => return false,
            }
        }
        true
    }

    /// What follows this text in `value`. No spelling of a character begins
    /// with the other, so the first that fits is the only one.
    fn after_prefix<'v>(&self, value: &'v str) -> Option<&'v str> {
        let mut rest = value;
        for [lower, upper] in &self.characters {
            rest = rest
                .strip_prefix(&**lower)
                .or_else(|| rest.strip_prefix(&**upper))?;
        }
        Some(rest)
    }

    /// Returns the operand as JSON writes it.
    pub fn json(&self) -> String {
        quote(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pattern_decides() {
        for (pattern, value) in [
            ("Alice", "aLICE"),
            ("straße", "STRASSE"),
            ("straße", "STRAßE"),
            ("ı", "I"),
            ("ς", "Σ"),
            ("\u{212a}", "k"),
            ("\u{212a}", "\u{212a}"),
            ("ǅ", "Ǆ"),
            ("ǅ", "ǆ"),
            ("ﬁ", "FI"),
            ("ⱥ", "Ⱥ"),
            ("𐐀", "𐐨"),
            ("😀", "😀"),
            ("", ""),
            ("İ", "i\u{307}"),
        ] {
            assert!(Folded::new(pattern).equals(value), "{pattern} {value}");
        }
        for (pattern, value) in [
            ("straße", "strasse"),
            ("straße", "STRAẞE"),
            ("I", "ı"),
            ("ς", "σ"),
            ("\u{212a}", "K"),
            ("ǅ", "ǅ"),
            ("é", "e\u{301}"),
            ("Σ", "ς"),
            ("k", "\u{212a}"),
            ("😀", "??"),
            ("", "a"),
        ] {
            assert!(!Folded::new(pattern).equals(value), "{pattern} {value}");
        }
    }

    #[test]
    fn at_either_end() {
        assert!(Folded::new("EventB").is_prefix_of("EVENTBridge"));
        assert!(!Folded::new("EventB").is_prefix_of("event"));
        assert!(Folded::new(".PnG").is_suffix_of("a.png"));
        assert!(Folded::new("ß").is_suffix_of("GROSS"));
        assert!(!Folded::new("é").is_suffix_of("cafe"));
        assert!(Folded::new("").is_suffix_of("x"));
    }

    #[test]
    fn no_spelling_contains_the_other_at_an_end() {
        for character in '\0'..=char::MAX {
            let [lower, upper] = &Folded::new(&character.to_string()).characters[0];
            if lower != upper {
                assert!(
                    !lower.starts_with(&**upper) && !upper.starts_with(&**lower),
                    "{character}"
                );
                assert!(
                    !lower.ends_with(&**upper) && !upper.ends_with(&**lower),
                    "{character}"
                );
            }
        }
    }
}
