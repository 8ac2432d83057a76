//! Keeps secrets out of the log: by the name of a field, by the look of the
//! text, and by value for those that the provider was told.
//!
//! Must not know who logs. Diagnostics do not pass here: the provider writes
//! none with a secret in it, and a short secret such as "test" would tear words
//! apart.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

/// What stands in the log instead of a secret.
pub const MASK: &str = "***";
/// Shorter values are guessed rather than read, and would blacken the whole log.
const SHORTEST: usize = 4;

/// A word of a field's name that makes its value a secret. Compared in lower
/// case, without `-` and `_`.
const SECRET_NAMES: [&str; 12] = [
    "authorization",
    "password",
    "passwd",
    "secret",
    "token",
    "accesskey",
    "privatekey",
    "apikey",
    "credential",
    "signature",
    "cookie",
    "passphrase",
];

/// What stands before a secret inside a text: names of headers, JSON keys and
/// settings. `true`: the secret may hold blanks and goes on to the line's or
/// the quotes' end.
const SECRET_LABELS: [(&str, bool); 17] = [
    ("authorization", true),
    ("x-amz-security-token", false),
    ("aws_secret_access_key", false),
    ("aws_session_token", false),
    ("secretaccesskey", false),
    ("secret_access_key", false),
    ("secret_key", false),
    ("sessiontoken", false),
    ("session_token", false),
    ("client_secret", false),
    ("clientsecret", false),
    ("access_token", false),
    ("refresh_token", false),
    ("api_key_value", false),
    ("apikeyvalue", false),
    ("password", false),
    ("signature", false),
];

static KNOWN: RwLock<BTreeSet<Longest>> = RwLock::new(BTreeSet::new());

/// A secret, ordered so that the longest is replaced first: one may hold another.
#[derive(PartialEq, Eq)]
struct Longest(String);

impl Ord for Longest {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_length = other.0.len().cmp(&self.0.len());
        by_length.then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for Longest {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Tells the log a value that must never stand in it.
///
/// Values under four bytes are not remembered: see the module's head.
pub fn mask(secret: &str) {
    if secret.len() < SHORTEST {
        return;
    }
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    let secret = Longest(secret.to_owned());
    if known.contains(&secret) {
        return;
    }
    drop(known);
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    known.insert(secret);
}

/// Whether a field of this name holds a secret.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    SECRET_NAMES.iter().any(|word| plain.contains(word))
}

/// A text without its secrets.
#[must_use]
pub fn redacted(text: &str) -> String {
    let mut text = Cow::Borrowed(text);
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    for Longest(secret) in known.iter() {
        if text.contains(secret.as_str()) {
            text = text.replace(secret.as_str(), MASK).into();
        }
    }
    drop(known);
    without_access_keys(&without_labelled(&text))
}

/// Masks what follows a label such as `Authorization:`.
fn without_labelled(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let label = SECRET_LABELS
            .iter()
            .find(|(label, _)| lower[at..].starts_with(label));
        let found = label.and_then(|(label, blanks)| {
            let value = value_after(text, at + label.len())?;
            Some((value, secret_end(text, value, *blanks)))
        });
        if let Some((value, end)) = found {
            out += &text[at..value];
            out += MASK;
            at = end;
        } else {
            let next = text[at..].chars().next().map_or(1, char::len_utf8);
            out += &text[at..at + next];
            at += next;
        }
    }
    out
}

/// Where the value of a label begins: after `:`, `=` or `=>`, blanks and quotes.
/// Nothing, if the label is only a word of a sentence.
fn value_after(text: &str, label_end: usize) -> Option<usize> {
    let rest = &text[label_end..];
    let opened = rest.trim_start_matches(['"', '\'', '\\', ' ', ')']);
    if !opened.starts_with([':', '=']) {
        return None;
    }
    let value = opened.trim_start_matches([':', '=', '>', '"', '\'', '\\', ' ', '(']);
    (!value.is_empty()).then(|| text.len() - value.len())
}

fn secret_end(text: &str, start: usize, blanks: bool) -> usize {
    let ends = |c: char| match c {
        '"' | '\'' | '\\' | '\n' | '\r' => true,
        ' ' | ',' | ';' | '&' | '}' | ')' | ']' => !blanks,
        _ => false,
    };
    text[start..].find(ends).map_or(text.len(), |at| start + at)
}

/// Masks access key ids: `AKIA` or `ASIA` and sixteen capitals and digits.
fn without_access_keys(text: &str) -> String {
    const LENGTH: usize = 20;
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    let mut at = 0;
    while let Some(candidate) = bytes.get(at..at + LENGTH) {
        let is_key = matches!(&candidate[..4], b"AKIA" | b"ASIA")
            && candidate
                .iter()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        if is_key {
            out += &text[kept..at];
            out += MASK;
            at += LENGTH;
            kept = at;
        } else {
            at += 1;
        }
    }
    out + &text[kept..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_in_any_spelling() {
        for name in [
            "Authorization",
            "aws_secret_access_key",
            "X-Amz-Security-Token",
            "client_secret",
            "accessKey",
            "password_wo",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in ["tf_req_id", "name", "key", "access_level", "tf_rpc"] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn told_secrets_are_masked_the_longest_first() {
        mask("hunter-two");
        mask("hunter-two-and-more");
        mask("abc");
        let text = "a hunter-two-and-more, a hunter-two, an abc";
        assert_eq!(redacted(text), "a ***, a ***, an abc");
    }

    #[test]
    fn labelled_secrets_are_masked() {
        for (text, wanted) in [
            (
                "Authorization: AWS4-HMAC-SHA256 Credential=x, Signature=y\nnext",
                "Authorization: ***\nnext",
            ),
            (
                r#"{"authorization": "Bearer abc def", "a": 1}"#,
                r#"{"authorization": "***", "a": 1}"#,
            ),
            (
                r#"{\"SessionToken\":\"abc\",\"b\":2}"#,
                r#"{\"SessionToken\":\"***\",\"b\":2}"#,
            ),
            ("aws_secret_access_key = abc", "aws_secret_access_key = ***"),
            ("X-Amz-Signature=abc&x=1", "X-Amz-Signature=***&x=1"),
            ("client_secret=s3&grant=x", "client_secret=***&grant=x"),
            ("the password is wrong", "the password is wrong"),
            ("größer: Passwörter", "größer: Passwörter"),
            ("password:", "password:"),
        ] {
            assert_eq!(redacted(text), wanted);
        }
    }

    #[test]
    fn access_key_ids_are_masked() {
        let text = "key AKIAIOSFODNN7EXAMPLE, not AKIA, ä ASIAIOSFODNN7EXAMPLE";
        assert_eq!(redacted(text), "key ***, not AKIA, ä ***");
    }
}
