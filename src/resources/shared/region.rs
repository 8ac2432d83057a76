//! `region` on every resource and data source: another region without another
//! provider block, as hashicorp/aws 6 has it.

use crate::provider::{Attribute, Check, Value};

/// The attribute of a resource: planned as the provider's region when absent.
pub fn attribute() -> Attribute {
    region().computed().replaces().describe(
        "The AWS region the object is in. Defaults to the provider's region. Another region makes a new object.",
    )
}

/// The attribute of a data source.
pub fn question() -> Attribute {
    region()
        .computed()
        .describe("The AWS region to look in. Defaults to the provider's region.")
}

fn region() -> Attribute {
    Attribute::string("region").optional().check(Check::matches(
        "[a-z]+(-[a-z]+)+-[0-9]+",
        "a region name, such as \"eu-west-1\"",
    ))
}

/// The region that a state or configuration names; `None` means the provider's.
pub fn of(value: &Value) -> Option<&str> {
    value.get("region").as_set_str()
}

/// Splits `@REGION` off the end of an import id.
pub fn split_import_id(id: &str) -> (&str, Option<&str>) {
    match id.rsplit_once('@') {
        Some((rest, region)) if is_region(region) => (rest, Some(region)),
        _ => (id, None),
    }
}

/// Whether text has a region's shape: no name of an object ends in `@REGION`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() >= 3
        && parts.iter().all(|p| !p.is_empty())
        && parts[..parts.len() - 1]
            .iter()
            .all(|p| p.bytes().all(|b| b.is_ascii_lowercase()))
        && parts[parts.len() - 1].bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_id_may_end_in_a_region() {
        assert_eq!(
            split_import_id("bus/rule@eu-west-1"),
            ("bus/rule", Some("eu-west-1"))
        );
        assert_eq!(
            split_import_id("rule@us-gov-west-1"),
            ("rule", Some("us-gov-west-1"))
        );
        assert_eq!(split_import_id("rule"), ("rule", None));
        assert_eq!(split_import_id("a@b"), ("a@b", None));
    }

    #[test]
    fn regions_of_every_partition_pass() {
        let check = &attribute().checks[0];
        for region in [
            "eu-west-1",
            "us-gov-east-1",
            "us-isob-east-1",
            "eusc-de-east-1",
            "cn-north-1",
        ] {
            assert_eq!(check.run(&region.into()), Ok(()), "{region}");
        }
        assert!(check.run(&"Ireland".into()).is_err());
    }
}
