//! HTTPS URLs as EventBridge takes them, for API destinations and OAuth.

use crate::provider::{Check, check::quoted};

/// Characters that may stand in a URL besides letters and digits.
const OTHERS: &str = "-()_.!~*';/?:@&=+$,%";

/// HTTPS alone, with a host, and without a fragment.
pub fn url() -> Check {
    Check::text("must be an HTTPS URL", |text| {
        let Some((scheme, rest)) = text.split_once("://") else {
            return Err(format!(
                "{} is not a URL; write it as \"https://…\"",
                quoted(text)
            ));
        };
        if !scheme.eq_ignore_ascii_case("https") {
            return Err(format!(
                "{} is not HTTPS; EventBridge calls HTTPS endpoints only",
                quoted(text)
            ));
        }
        if rest.split(['/', '?']).next().unwrap_or_default().is_empty() {
            return Err(format!("{} names no host", quoted(text)));
        }
        let strange = |c: &char| !c.is_ascii_alphanumeric() && !OTHERS.contains(*c);
        match text.chars().find(strange) {
            Some('{' | '}') => Err(format!(
                "{} holds a brace; write `*` for each part of the path that a target fills in",
                quoted(text)
            )),
            Some(c) => Err(format!(
                "{} holds {c:?}, which EventBridge takes in no URL; write it as a %-escape",
                quoted(text)
            )),
            None => Ok(()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        for good in [
            "https://hooks.example.com/",
            "https://hooks.example.com",
            "https://api.example.com:8443/orders/*/items/*?key=a%20b&x=*",
            "HTTPS://example.com/a;b",
        ] {
            assert_eq!(url().run(&good.into()), Ok(()), "{good}");
        }
        for (wrong, said) in [
            ("http://example.com/", "HTTPS endpoints only"),
            ("example.com/a", "not a URL"),
            ("https:///a", "no host"),
            ("https://example.com/{id}", "write `*`"),
            ("https://example.com/a b", "%-escape"),
            ("https://example.com/#top", "%-escape"),
        ] {
            let problem = url().run(&wrong.into()).unwrap_err();
            assert!(problem.contains(said), "{wrong}: {problem}");
        }
    }
}
