//! One entry of `input_paths`: a key and a path into the event. Knows no template.

use super::{Finding, Place, Severity};

const MAX_KEY: usize = 256;
const MAX_PATH: usize = 256;

/// Checks an entry; `path` is `None` while it is not known.
pub(super) fn check(key: &str, path: Option<&str>) -> Option<Finding> {
    check_key(key).or_else(|| path.and_then(|path| check_path(key, path)))
}

fn check_key(key: &str) -> Option<Finding> {
    let (wrong, instead) = if key.starts_with("AWS") {
        ("begins with AWS, which is reserved", "Choose another name")
    } else if key.is_empty() || key.chars().count() > MAX_KEY {
        ("does not have 1 to 256 characters", "Choose another name")
    } else if !key
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    {
        (
            "has other characters than letters, digits, _ and -",
            "Use these only",
        )
    } else {
        return None;
    };
    Some(error(
        key,
        format!("the key {key:?} of input_paths {wrong}"),
        instead,
    ))
}

fn check_path(key: &str, path: &str) -> Option<Finding> {
    if path.chars().count() > MAX_PATH {
        let wrong = format!("the path of {key:?} has more than {MAX_PATH} characters");
        return Some(error(
            key,
            wrong,
            "Take a larger part of the event by a shorter path",
        ));
    }
    if !path.starts_with('$') {
        let wrong = format!("the path {path:?} of {key:?} does not begin with $");
        return Some(error(
            key,
            wrong,
            format!("Write \"$.{}\"", path.trim_start_matches('.')),
        ));
    }
    if path.contains("['") || path.contains("[\"") {
        let wrong = format!("the path {path:?} of {key:?} is in bracket notation");
        return Some(error(key, wrong, format!("Write {:?}", with_dots(path))));
    }
    for (sign, name) in [
        ("..", "a search through all levels (..)"),
        ("[?", "a filter ([?…])"),
    ] {
        if path.contains(sign) {
            return Some(Finding {
                severity: Severity::Warning,
                place: Place::Path(key.to_owned()),
                wrong: format!(
                    "the path {path:?} of {key:?} has {name}, which EventBridge does not evaluate: \
                     <{key}> will be empty"
                ),
                instead: "Name each level, such as $.detail.items[0].name".to_owned(),
            });
        }
    }
    None
}

/// `$['detail']["id"]` as `$.detail.id`.
fn with_dots(path: &str) -> String {
    ["['", "[\""]
        .iter()
        .fold(path.replace("']", "").replace("\"]", ""), |path, open| {
            path.replace(open, ".")
        })
}

fn error(key: &str, wrong: String, instead: impl Into<String>) -> Finding {
    Finding {
        severity: Severity::Error,
        place: Place::Path(key.to_owned()),
        wrong,
        instead: instead.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        for key in ["a", "A-b_9", "aws"] {
            assert_eq!(check(key, None), None, "{key}");
        }
        for key in ["", "a.b", "a b", "AWSname", "ä"] {
            assert_eq!(
                check(key, None).map(|found| found.severity),
                Some(Severity::Error),
                "{key}"
            );
        }
    }

    #[test]
    fn paths() {
        for path in [
            "$",
            "$.detail",
            "$.resources[0]",
            "$.detail.a-b.c_d[1].e",
            "$.detail.l[*]",
        ] {
            assert_eq!(check("k", Some(path)), None, "{path}");
        }
        let bracket = check("k", Some("$['detail'][\"id\"][0]")).expect("a finding");
        assert_eq!(bracket.instead, "Write \"$.detail.id[0]\"");
        assert_eq!(
            check("k", Some("detail.id")).expect("a finding").instead,
            "Write \"$.detail.id\""
        );
        let filter = check("k", Some("$.detail.items[?(@.a)]")).expect("a finding");
        assert_eq!(filter.severity, Severity::Warning);
    }
}
