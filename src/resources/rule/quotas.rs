//! How many rules a bus holds, as far as memory tells.

use super::super::shared::census::Group;
use super::super::shared::event_pattern;
use super::super::shared::preflight::{Quota, seen};
use super::TYPE;
use super::state::bus_of;
use crate::aws::{BusRef, Region};
use crate::pattern::{Pattern, QUOTA_WILDCARD_RULES};
use crate::provider::Value;

/// Rules of a bus by default; less where the region is young.
const RULES: usize = 300;
const RULES_IN_SMALL_REGIONS: usize = 100;
const SMALL_REGIONS: [&str; 2] = ["af-south-1", "eu-south-1"];

/// Counted apart from other rules.
const WILDCARD_RULES: &str = "eventbridge_rule with wildcards";

/// The rules of the bus, and those with wildcards.
pub fn groups(account: Option<&str>, region: &str, state: &Value) -> Vec<Group> {
    if state.get("event_bus_name").is_unknown() {
        return Vec::new();
    }
    let group = |type_name| Group {
        type_name,
        region: region.to_owned(),
        within: BusRef::new(bus_of(state)).sent(account, region).to_owned(),
    };
    let mut groups = vec![group(TYPE)];
    let pattern = state.get(event_pattern::NAME).as_set_str();
    if pattern.is_some_and(has_wildcards) {
        groups.push(group(WILDCARD_RULES));
    }
    groups
}

/// What a rule counts against, with the rules of its bus that memory tells of.
pub fn quotas(
    used: Option<&Region>,
    region: &str,
    account: Option<&str>,
    planned: &Value,
) -> Vec<Quota> {
    let groups = groups(account, region, planned);
    let Some(group) = groups.first() else {
        return Vec::new();
    };
    let rules = seen(used, |region| region.events().seen_rules(&group.within));
    let quotas = groups.iter().map(|group| {
        let wildcards = group.type_name == WILDCARD_RULES;
        let counts = |pattern: &Option<String>| {
            !wildcards || pattern.as_deref().is_some_and(has_wildcards)
        };
        let counted = rules.iter().filter(|rule| counts(&rule.event_pattern));
        let limit = match region {
            _ if wildcards => QUOTA_WILDCARD_RULES,
            region if SMALL_REGIONS.contains(&region) => RULES_IN_SMALL_REGIONS,
            _ => RULES,
        };
        let (what, detail) = match wildcards {
            true => (
                format!("rules with wildcards on event bus {:?}", group.within),
                "This quota cannot be raised: write patterns without `wildcard`, or use another bus.",
            ),
            false => (
                format!("rules on event bus {:?}", group.within),
                "That is the default quota, which can be raised in the Service Quotas console.",
            ),
        };
        Quota {
            group: group.clone(),
            seen: counted.map(|rule| rule.name.clone()).collect(),
            limit,
            what,
            detail: detail.to_owned(),
        }
    });
    quotas.collect()
}

fn has_wildcards(pattern: &str) -> bool {
    pattern.contains("wildcard")
        && Pattern::parse(pattern).is_ok_and(|pattern| pattern.uses_wildcards())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(pattern: &str) -> Value {
        Value::map([
            ("name", Value::from("placed")),
            ("event_bus_name", "orders".into()),
            ("event_pattern", pattern.into()),
        ])
    }

    #[test]
    fn rules_with_wildcards_count_twice() {
        let plain = groups(None, "us-east-1", &planned(r#"{"source":["wildcard"]}"#));
        assert_eq!(plain.len(), 1);
        let wild = planned(r#"{"source":[{"wildcard":"a*b"}]}"#);
        let found = quotas(None, "us-east-1", None, &wild);
        let limits: Vec<_> = found.iter().map(|quota| quota.limit).collect();
        assert_eq!(limits, [300, 30]);
    }

    #[test]
    fn young_regions_have_less_room() {
        let found = quotas(None, "eu-south-1", None, &planned("{}"));
        assert_eq!(found[0].limit, 100);
    }
}
