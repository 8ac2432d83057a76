//! The bus: the pipeline's own, or an existing one that is only listened on.

use super::{foreign, rule, unusable};
use crate::aws::events::{Bus, BusSettings, Rule};
use crate::aws::{Arn, Tags};
use crate::provider::Diagnostics;
use crate::resources::product_log_pipeline::names::{BUS_TAG, bus_of};
use crate::resources::product_log_pipeline::work::{MISSING, Part, Work, tag_changes, tags_differ};
use crate::resources::shared::Failure;

/// The bus as it is; tags only of one that the pipeline owns.
pub struct Seen {
    pub bus: Bus,
    pub tags: Tags,
}

pub async fn look(work: &Work<'_>) -> Result<Option<Seen>, Failure> {
    let Some(bus) = work
        .at
        .events()
        .describe_bus(&work.spec.event_bus_name)
        .await?
    else {
        return Ok(None);
    };
    let tags = match work.spec.owns_bus() {
        true => work
            .at
            .events()
            .list_tags(&bus.arn)
            .await?
            .unwrap_or_default(),
        false => Tags::new(),
    };
    Ok(Some(Seen { bus, tags }))
}

pub fn drift(work: &Work<'_>, seen: Option<&Seen>) -> Option<String> {
    match seen {
        None => Some(MISSING.into()),
        Some(seen) if work.spec.owns_bus() && tags_differ(work, &seen.tags) => {
            Some("tags differ".into())
        }
        Some(_) => None,
    }
}

/// Refuses a bus that is not there, and one of somebody else's where the pipeline makes its own.
pub fn check(work: &Work<'_>, seen: Option<&Seen>, out: &mut Diagnostics) -> Result<(), Failure> {
    let owns = work.spec.owns_bus();
    let (name, names) = (&work.spec.event_bus_name, &work.names);
    if let Some(arn) = Arn::parse(name)
        && (&arn.account, &arn.region) != (&names.account, &names.region)
    {
        let problem = format!(
            "The pipeline listens on a bus of its own account and region, {} in {}. Have that bus send its events to \
             one of these, and name this one.",
            names.account, names.region
        );
        return Err(unusable(Part::Bus, name, &problem, out));
    }
    match seen {
        None if !owns => {
            let problem = "There is no such bus in this account and region. Make it first, or leave \
                           `event_bus_name` out to have the pipeline make its own.";
            Err(unusable(Part::Bus, name, problem, out))
        }
        Some(seen) if owns && !work.names.owns(&seen.tags) => {
            Err(foreign(work, Part::Bus, &work.names.bus, out))
        }
        _ => Ok(()),
    }
}

pub async fn ensure(work: &Work<'_>, seen: Option<&Seen>) -> Result<(), Failure> {
    if !work.spec.owns_bus() {
        return Ok(());
    }
    let Some(seen) = seen else {
        let settings = BusSettings {
            name: work.names.bus.clone(),
            tags: work.tags(),
            ..BusSettings::default()
        };
        return match work.at.events().create_bus(&settings).await {
            // The answer to an earlier try was lost: it is there, and ours.
            Err(error) if error.is_already_exists() && error.maybe_applied => Ok(()),
            result => Ok(result.map(drop)?),
        };
    };
    let (set, removed) = tag_changes(work, &seen.tags);
    work.at.events().untag(&seen.bus.arn, &removed).await?;
    Ok(work.at.events().tag(&seen.bus.arn, &set).await?)
}

/// Has the tag of a bus that stays name the one which the pipeline is on from now on.
pub async fn leave_to_others(
    work: &Work<'_>,
    seen: Option<&Seen>,
    now_on: &str,
) -> Result<(), Failure> {
    let Some(seen) = seen.filter(|seen| work.names.owns(&seen.tags)) else {
        return Ok(());
    };
    let tag = Tags::from([(BUS_TAG.to_owned(), now_on.to_owned())]);
    Ok(work.at.events().tag(&seen.bus.arn, &tag).await?)
}

/// Whether an owned bus was left to others by an earlier change.
pub fn is_left_to_others(work: &Work<'_>, seen: &Seen) -> bool {
    bus_of(&seen.tags).is_some_and(|bus| bus != work.names.bus)
}

/// The rules on the bus that are not the pipeline's. One of its name may be somebody else's:
/// `seen` is what it is.
pub async fn others_rules(
    work: &Work<'_>,
    seen: Option<&rule::Seen>,
) -> Result<Vec<Rule>, Failure> {
    let is_ours = seen.is_none_or(|seen| work.names.owns(&seen.tags));
    let rules = work
        .at
        .events()
        .list_rules(&work.names.bus, None)
        .await?
        .unwrap_or_default();
    Ok(rules
        .into_iter()
        .filter(|rule| !is_ours || rule.name != work.spec.name)
        .collect())
}

pub async fn remove(work: &Work<'_>) -> Result<(), Failure> {
    Ok(work.at.events().delete_bus(&work.names.bus).await?)
}
