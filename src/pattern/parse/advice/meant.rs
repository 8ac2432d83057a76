//! What people mean by a name that is no operator.

use crate::pattern::names::is_near;
use crate::pattern::operator::NAMES;

/// What a name is meant for.
#[derive(Clone, Copy)]
pub(super) enum Meant {
    Operator(&'static str),
    /// The value itself, or several.
    Value,
    Contains,
    Comparison(&'static str),
    Between,
    Regex,
    Null,
    And,
    Time,
}

/// Returns whether a name is negated, and what it means otherwise.
pub(super) fn meant(name: &str) -> Option<(bool, Meant)> {
    let plain: String = match name {
        ">" | ">=" | "<" | "<=" | "=" => name.to_owned(),
        _ => {
            let letters = name.chars().filter(|character| character.is_alphanumeric());
            letters.flat_map(char::to_lowercase).collect()
        }
    };
    if let Some(meant) = known(&plain) {
        return Some((false, meant));
    }
    let negated = ["anythingbut", "doesnot", "isnot", "not"]
        .into_iter()
        .find_map(|no| plain.strip_prefix(no).and_then(known));
    if let Some(meant) = negated {
        return Some((true, meant));
    }
    let dashed = name.to_ascii_lowercase().replace('_', "-");
    let near = NAMES.iter().find(|known| is_near(known, &dashed));
    near.map(|known| (false, Meant::Operator(known)))
}

/// What a name in small letters and without dashes means.
fn known(plain: &str) -> Option<Meant> {
    Some(match plain {
        "prefix" | "startswith" | "startwith" | "beginswith" | "beginwith" | "hasprefix" => {
            Meant::Operator("prefix")
        }
        "suffix" | "endswith" | "endwith" | "hassuffix" => Meant::Operator("suffix"),
        "equalsignorecase" | "equalignorecase" | "ignorecase" | "caseinsensitive" => {
            Meant::Operator("equals-ignore-case")
        }
        "wildcard" | "glob" => Meant::Operator("wildcard"),
        "anythingbut" | "not" | "ne" | "neq" | "nin" | "except" | "exclude" => {
            Meant::Operator("anything-but")
        }
        "exists" | "exist" | "present" | "ispresent" => Meant::Operator("exists"),
        "numeric" => Meant::Operator("numeric"),
        "cidr" | "iprange" | "ipaddressinrange" => Meant::Operator("cidr"),
        "exactly" | "equals" | "equal" | "eq" | "is" | "value" | "values" | "in" | "oneof"
        | "anyof" | "or" => Meant::Value,
        "contains" | "includes" | "substring" => Meant::Contains,
        ">" | "gt" | "greaterthan" => Meant::Comparison(">"),
        ">=" | "gte" | "ge" | "greaterthanorequal" | "greaterthanorequalto" => {
            Meant::Comparison(">=")
        }
        "<" | "lt" | "lessthan" => Meant::Comparison("<"),
        "<=" | "lte" | "le" | "lessthanorequal" | "lessthanorequalto" => Meant::Comparison("<="),
        "=" => Meant::Comparison("="),
        "between" | "range" | "inrange" => Meant::Between,
        "regex" | "regexp" | "match" | "matches" | "pattern" | "like" => Meant::Regex,
        "null" | "isnull" => Meant::Null,
        "and" | "allof" => Meant::And,
        "before" | "after" | "dateafter" | "datebefore" | "dateonorafter" | "dateonorbefore"
        | "indaterange" => Meant::Time,
        _ => return None,
    })
}
