//! How many targets a rule has, as far as memory tells.

use super::super::shared::census::Group;
use super::super::shared::preflight::{Quota, seen};
use super::TYPE;
use super::place::Place;
use crate::aws::Region;
use crate::provider::Value;

/// Targets of a rule. The quota cannot be raised.
const TARGETS: usize = 5;

/// The targets of the rule.
pub fn groups(account: Option<&str>, region: &str, state: &Value) -> Vec<Group> {
    let place = Place::of(state);
    let group = place.map(|place| Group {
        type_name: TYPE,
        region: region.to_owned(),
        within: format!("{}/{}", place.canonical_bus(account, region), place.rule),
    });
    group.into_iter().collect()
}

/// What a target counts against, with the targets of its rule that memory tells of.
pub fn quotas(
    used: Option<&Region>,
    region: &str,
    account: Option<&str>,
    planned: &Value,
) -> Vec<Quota> {
    let (Some(place), groups) = (Place::of(planned), groups(account, region, planned)) else {
        return Vec::new();
    };
    let targets = seen(used, |region| {
        region
            .events()
            .seen_targets(&place.bus_to_send, &place.rule)
    });
    let quotas = groups.into_iter().map(|group| Quota {
        group,
        seen: targets.iter().map(|target| target.id.clone()).collect(),
        limit: TARGETS,
        what: format!("targets of rule {:?}", place.rule),
        detail: "EventBridge takes no more, and this quota cannot be raised: make another rule with the same pattern."
            .to_owned(),
    });
    quotas.collect()
}
