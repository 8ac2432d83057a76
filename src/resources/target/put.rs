//! The calls that write targets.

use std::time::Duration;

use super::super::context::At;
use super::super::shared::{Failure, failed, retry};
use super::place::Place;
use crate::aws::events::Target;
use crate::aws::{Arn, AwsError};
use crate::provider::Diagnostics;

/// How long the policy of a bus of another account may take: it may be made by
/// the same run, through another provider configuration.
const NEW_POLICY: Duration = Duration::from_secs(30);

/// Puts the target; waits for a new role to be known, and for a new policy on
/// the bus that events go to.
pub async fn put(at: &At<'_>, place: &Place, target: &Target) -> Result<(), AwsError> {
    let to_bus = Arn::parse(&target.arn).is_some_and(|arn| arn.bus_name().is_some());
    let no_policy = move |error: &AwsError| {
        to_bus && error.is_access_denied() && error.message.contains("events:PutEvents")
    };
    let call = || async {
        let events = at.events();
        events
            .put_target(&place.bus_to_send, &place.rule, target)
            .await
    };
    let with_policy = || retry::while_not_yet(at, NEW_POLICY, no_policy, call);
    retry::while_not_yet(
        at,
        retry::NEW_ROLE,
        AwsError::cannot_be_assumed,
        with_policy,
    )
    .await
}

/// Whether the rule has a target of this id, asked directly.
pub async fn exists(at: &At<'_>, place: &Place, id: &str) -> Result<bool, AwsError> {
    let targets = at
        .events()
        .list_targets(&place.bus_to_send, &place.rule)
        .await?;
    Ok(targets
        .unwrap_or_default()
        .iter()
        .any(|target| target.id == id))
}

/// Takes the target off and puts it anew; if that fails, the old one comes back.
pub async fn put_anew(
    at: &At<'_>,
    place: &Place,
    before: &Target,
    after: &Target,
    force: bool,
    out: &mut Diagnostics,
) -> Result<(), Failure> {
    let (bus, rule) = (&place.bus_to_send, &place.rule);
    let removed = at
        .events()
        .remove_target(bus, rule, &before.id, force)
        .await;
    let error = match removed {
        Ok(()) => match put(at, place, after).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        },
        // Its answer was lost: the target may be gone.
        Err(error) if error.maybe_applied => error,
        Err(error) => return Err(error.into()),
    };
    failed(
        out,
        &format!("updating target {:?} of rule {rule:?}", after.id),
        &error,
    );
    // Even when Terraform is told to stop: events go nowhere meanwhile.
    let back = match at.uncancelled().await {
        Ok(at) => at.events().put_target(bus, rule, before).await,
        Err(error) => Err(error),
    };
    match back {
        Ok(()) => out.warning(
            format!("The old target {:?} of rule {rule:?} was put back", before.id),
            "A role goes only with its target, so the target was removed and put again without the role. That failed, \
             and the target is as it was.",
        ),
        Err(error) => out.error(
            format!("Target {:?} of rule {rule:?} is removed", before.id),
            format!("The new target was refused, and the old one could not be put back: {error}"),
        ),
    }
    Err(Failure::Told)
}

/// Removes the target; one that is gone already is no error.
pub async fn remove(
    at: &At<'_>,
    place: &Place,
    id: &str,
    force: bool,
    out: &mut Diagnostics,
) -> Result<(), Failure> {
    let result = at
        .events()
        .remove_target(&place.bus_to_send, &place.rule, id, force)
        .await;
    match result {
        Err(error) if error.code == "ManagedRuleException" && !force => {
            out.error(
                format!("Rule {:?} is managed by an AWS service", place.rule),
                format!(
                    "{error}\n\nA managed rule's targets are removed by force only. Set `force_destroy = true`, apply, \
                     then destroy."
                ),
            );
            Err(Failure::Told)
        }
        result => Ok(result?),
    }
}
