//! Near misses: why a value that an operator does not accept is nearly one that it does.

use std::net::IpAddr;

use crate::json::Decimal;
use crate::pattern::names::is_near;
use crate::pattern::operator::address::parse_address;
use crate::pattern::operator::wildcard::Wildcard;
use crate::pattern::operator::{Operator, Value};

/// Longer texts are no near miss of anything.
const COMPARED: usize = 1_000;

/// How far what is excluded is from what is wanted.
pub(super) const EXCLUDED: u8 = 4;

/// Why a value is a near miss; none if it is not.
pub(super) fn compare(operator: &Operator, value: &Value<'_>) -> Option<(u8, String)> {
    match (operator, value) {
        (Operator::AnythingBut(_), _) => Some((EXCLUDED, "excluded by ".to_owned())),
        (Operator::Address(own, wanted), Value::String(text)) => {
            let wanted = |address: IpAddr| address == *wanted;
            no_address(text, wanted).or_else(|| near_text(own, text))
        }
        (Operator::Cidr(own), Value::String(text)) => {
            no_address(text, |address| own.contains(address))
                .or_else(|| other_family(text, |address| own.is_of_family(address)))
        }
        (Operator::Text(own) | Operator::Exactly(own), Value::String(text)) => {
            literal_star(own, own, text).or_else(|| near_text(own, text))
        }
        (Operator::EqualsIgnoreCase(own), Value::String(text)) if text.len() <= COMPARED => {
            let (own, text) = (own.text().to_lowercase(), text.to_lowercase());
            literal_star(&own, &own, &text).or_else(|| near_text(&own, &text))
        }
        (Operator::Prefix(own), Value::String(text)) => {
            let start: String = text.chars().take(own.chars().count()).collect();
            literal_star(own, &format!("{own}*"), text).or_else(|| near_text(own, &start))
        }
        (Operator::Suffix(own), Value::String(text)) => {
            let skip = text.chars().count().saturating_sub(own.chars().count());
            let end = text.chars().skip(skip).collect::<String>();
            literal_star(own, &format!("*{own}"), text).or_else(|| near_text(own, &end))
        }
        (Operator::Wildcard(own), Value::String(text)) if text.len() <= COMPARED => {
            let folded = Wildcard::parse(&own.text().to_lowercase()).ok()?;
            folded
                .matches(&text.to_lowercase())
                .then(|| (1, "only the case differs".to_owned()))
        }
        (Operator::Text(own) | Operator::Exactly(own), other) => {
            (*own == other.json()).then(|| {
                (
                    0,
                    format!("the event has {}, without quotes", other.type_name()),
                )
            })
        }
        (Operator::Number(own), Value::Number(text))
            if own.value().is_none() || Decimal::as_exact_f64(text).is_none() =>
        {
            let rounded = own.text().parse::<f64>() == text.parse::<f64>();
            let words = "numbers like these are not compared: their texts have to be the same";
            rounded.then(|| (1, words.to_owned()))
        }
        (Operator::Number(own), Value::String(text)) => {
            let same =
                Decimal::parse(text).is_some_and(|other| Decimal::parse(own.text()) == Some(other));
            same.then(|| (0, "the event has a string, in quotes".to_owned()))
        }
        (Operator::True | Operator::False | Operator::Null, Value::String(text)) => {
            (operator.json() == **text).then(|| (0, "the event has a string, in quotes".to_owned()))
        }
        (Operator::Numeric(_) | Operator::NumericEquals(_), Value::Number(text)) => {
            Decimal::as_exact_f64(text).is_none().then(|| {
                (
                    2,
                    "the event's number has more digits than can be compared".to_owned(),
                )
            })
        }
        _ => None,
    }
}

/// A text that is no address, though without the zeros before its octets it would be one
/// that is wanted.
fn no_address(text: &str, wanted: impl Fn(IpAddr) -> bool) -> Option<(u8, String)> {
    if parse_address(text).is_some() || text.len() > COMPARED {
        return None;
    }
    let octets = text
        .split('.')
        .map(|octet| match octet.trim_start_matches('0') {
            "" if !octet.is_empty() => "0",
            digits => digits,
        });
    let plain = octets.collect::<Vec<_>>().join(".");
    let zeros = parse_address(&plain).is_some_and(wanted);
    zeros.then(|| {
        (
            1,
            "an octet with a zero before it makes a text no address".to_owned(),
        )
    })
}

/// An address of the other family, or text that is no address.
fn other_family(text: &str, is_of_family: impl Fn(IpAddr) -> bool) -> Option<(u8, String)> {
    let words = match parse_address(text) {
        Some(address) if is_of_family(address) => return None,
        Some(IpAddr::V4(_)) => "the event has an IPv4 address",
        Some(IpAddr::V6(_)) => "the event has an IPv6 address",
        None => "the event has text that is no address",
    };
    Some((3, words.to_owned()))
}

/// A literal that would match if its stars were a wildcard's; `whole` is the wildcard
/// that is meant for the whole value.
fn literal_star(own: &str, whole: &str, text: &str) -> Option<(u8, String)> {
    if !own.contains('*') || own.len() > COMPARED || text.len() > COMPARED {
        return None;
    }
    let meant = Wildcard::parse(&Wildcard::meant(whole)).ok()?;
    let words = "a * stands for itself here: any text is {\"wildcard\": …}";
    meant.matches(text).then(|| (1, words.to_owned()))
}

/// How two texts nearly agree.
fn near_text(own: &str, text: &str) -> Option<(u8, String)> {
    if own == text || own.len() > COMPARED || text.len() > COMPARED {
        return None;
    }
    if own.to_lowercase() == text.to_lowercase() {
        return Some((1, "only the case differs".to_owned()));
    }
    if own.trim() == text.trim() {
        return Some((1, "only blanks at an end differ".to_owned()));
    }
    if let Some(accents) = accents(own, text) {
        return Some((1, accents));
    }
    if own.chars().count() < 3 || !is_near(own, text) {
        return None;
    }
    let (wanted, found) = (own.chars().count(), text.chars().count());
    let (one, other) = differing(own, text);
    let how = match (one, other) {
        _ if wanted < found => format!("the event has one character more{}", named(other)),
        _ if wanted > found => format!("the event has one character less{}", named(one)),
        (Some(one), Some(other)) if !(one.is_ascii() && other.is_ascii()) => format!(
            "one character differs, {} in place of {}",
            code_point(other),
            code_point(one)
        ),
        _ if is_changed(own, text) => "one character differs".to_owned(),
        _ => "two characters are swapped".to_owned(),
    };
    Some((2, format!("a near miss: {how}")))
}

/// Whether the texts differ in one place.
fn is_changed(own: &str, text: &str) -> bool {
    own.chars()
        .zip(text.chars())
        .filter(|(own, other)| own != other)
        .count()
        == 1
}

/// The first characters that differ.
fn differing(own: &str, text: &str) -> (Option<char>, Option<char>) {
    let (mut own, mut text) = (own.chars(), text.chars());
    loop {
        match (own.next(), text.next()) {
            (one, other) if one == other && one.is_some() => {}
            both => return both,
        }
    }
}

/// A character that does not show what it is, by its number.
fn named(character: Option<char>) -> String {
    match character {
        Some(character) if !character.is_ascii_graphic() => format!(", {}", code_point(character)),
        _ => String::new(),
    }
}

fn code_point(character: char) -> String {
    format!("U+{:04X}", character as u32)
}

/// Texts that look the same: a letter with its accent is one character in one of them, and
/// a letter and a combining accent in the other.
fn accents(own: &str, text: &str) -> Option<String> {
    let is_accent = |character: char| ('\u{300}'..='\u{36f}').contains(&character);
    let (mut own, mut text) = (own.chars().peekable(), text.chars().peekable());
    let mut first = None;
    loop {
        let (one, other) = match (own.next(), text.next()) {
            (None, None) => return first,
            (Some(one), Some(other)) => (one, other),
            _ => return None,
        };
        if one == other {
            continue;
        }
        let (composed, letter, rest) = if one.is_ascii() {
            (other, one, &mut own)
        } else {
            (one, other, &mut text)
        };
        let accent = rest.next_if(|next| is_accent(*next))?;
        while rest.next_if(|next| is_accent(*next)).is_some() {}
        if composed.is_ascii() || !composed.is_alphabetic() || !letter.is_alphabetic() {
            return None;
        }
        first.get_or_insert_with(|| {
            format!(
                "{composed} is one character ({}) in one of them and two ({} {}) in the other",
                code_point(composed),
                code_point(letter),
                code_point(accent)
            )
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::{Event, Pattern};

    /// The words on the only field of a pattern that does not match.
    fn why(element: &str, value: &str) -> String {
        let pattern = Pattern::parse(&format!("{{\"p\":[{element}]}}")).unwrap();
        let event = Event::parse(format!("{{\"p\":{value}}}")).unwrap();
        let explanation = pattern.explain(&event);
        assert_eq!(explanation.matches(), Ok(false), "{element} {value}");
        explanation.rows()[0].words.clone()
    }

    #[test]
    fn what_looks_the_same_is_told_by_its_characters() {
        for (element, value, words) in [
            (
                "\"caf\u{e9}\"",
                "\"cafe\u{301}\"",
                "\u{e9} is one character (U+00E9) in one of them and two (U+0065 U+0301) in the other",
            ),
            (
                "\"e\u{301}t\u{e9}\"",
                "\"\u{e9}te\u{301}\"",
                "(U+00E9) in one of them and two (U+0065 U+0301)",
            ),
            (
                "{\"prefix\":\"caf\u{e9}\"}",
                "\"cafe\u{301}\"",
                "wants prefix",
            ),
            (
                "\"a b c\"",
                "\"a b\u{a0}c\"",
                "one character differs, U+00A0 in place of U+0020",
            ),
            (
                "\"p\u{430}y.me\"",
                "\"pay.me\"",
                "one character differs, U+0061 in place of U+0430",
            ),
            ("\"shop\"", "\"sh\u{200b}op\"", "one character more, U+200B"),
            ("\"shop\"", "\"shiop\"", "one character more"),
            ("\"shop\"", "\"shup\"", "a near miss: one character differs"),
            ("\"shop\"", "\"sohp\"", "two characters are swapped"),
        ] {
            let told = why(element, value);
            assert!(told.contains(words), "{element} {value}: {told}");
        }
    }

    #[test]
    fn addresses_and_numbers_tell_why_they_are_not_the_same() {
        for (element, value, words) in [
            (
                "{\"cidr\":\"10.0.0.0/8\"}",
                "\"010.0.0.1\"",
                "an octet with a zero before it",
            ),
            (
                "\"10.0.0.1\"",
                "\"10.0.0.01\"",
                "an octet with a zero before it",
            ),
            (
                "{\"cidr\":\"0.0.0.0/0\"}",
                "\"::1\"",
                "the event has an IPv6 address",
            ),
            (
                "{\"cidr\":\"::/0\"}",
                "\"10.0.0.1\"",
                "the event has an IPv4 address",
            ),
            (
                "{\"cidr\":\"10.0.0.0/8\"}",
                "\"host\"",
                "text that is no address",
            ),
            (
                "12345678901234567890",
                "12345678901234567890.0",
                "numbers like these are not compared",
            ),
            (
                "9007199254740993",
                "9007199254740992",
                "their texts have to be the same",
            ),
            (
                "{\"prefix\":\"aws.*\"}",
                "\"aws.s3\"",
                "a * stands for itself",
            ),
            (
                "{\"suffix\":\"*.png\"}",
                "\"a.png\"",
                "a * stands for itself",
            ),
            (
                "{\"equals-ignore-case\":\"AWS*\"}",
                "\"aws.s3\"",
                "a * stands for itself",
            ),
        ] {
            let told = why(element, value);
            assert!(told.contains(words), "{element} {value}: {told}");
        }
        let told = why("{\"cidr\":\"10.0.0.0/8\"}", "\"11.0.0.1\"");
        assert_eq!(told, "wants an address in 10.0.0.0/8");
    }
}
