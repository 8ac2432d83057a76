//! The policy of an event bus: which bus a resource means, and writes that last.
//!
//! EventBridge keeps one document per bus and loses one of two writes made at
//! once, with success for both. So writes of this process take turns, each is
//! read back, and one that another run's write undid is made once more.

use std::time::{Duration, Instant};

use super::bus_name;
use super::errors::Failure;
use crate::aws::{AwsError, BusRef, scaled};
use crate::provider::{Attribute, Diagnostics, Equality, Path, Value};
use crate::resources::context::At;

const NAME: &str = "event_bus_name";

/// After the second write: a read may lag behind it.
const READ_BACK: Duration = Duration::from_secs(30);
const READ_BACK_POLL: Duration = Duration::from_secs(2);

/// `event_bus_name`, of which name and ARN are the same.
pub fn attribute() -> Attribute {
    bus_name::attribute()
        .equal(Equality::By(same_bus))
        .describe("Name or ARN of the event bus. Partner buses have no policy.")
}

fn same_bus(a: &Value, b: &Value) -> bool {
    let (Some(a), Some(b)) = (a.as_str(), b.as_str()) else {
        return false;
    };
    let (a, b) = (BusRef::new(a), BusRef::new(b));
    let region = a.arn().or(b.arn()).map(|arn| arn.region.clone());
    a.same(&b, None, &region.unwrap_or_default())
}

/// The bus's name, however it is written.
pub fn name_of(state: &Value) -> String {
    let bus = state.get(NAME).as_set_str().unwrap_or(bus_name::DEFAULT);
    BusRef::new(bus).name().to_owned()
}

/// Refuses a bus that has no policy of ours.
pub fn check(config: &Value, out: &mut Diagnostics) {
    let bus = BusRef::new(config.get(NAME).as_str().unwrap_or_default());
    if bus.name().starts_with("aws.partner/") {
        out.error_at(
            Path::of(NAME),
            "A partner event bus has no policy",
            format!(
                "{NAME}: {:?} is the bus of a partner event source. Only the partner sends to it, so EventBridge \
                 keeps no policy for it; name another bus.",
                bus.name()
            ),
        );
    }
    let region = config.get("region").as_set_str();
    if let (Some(arn), Some(region)) = (bus.arn(), region)
        && arn.region != region
    {
        elsewhere(&arn.to_string(), &format!("region {region}"), out);
    }
}

/// The bus's name, after making sure that the calls made here reach it.
///
/// # Errors
/// Told: an ARN of another account or region.
pub async fn own_bus(at: &At<'_>, state: &Value, out: &mut Diagnostics) -> Result<String, Failure> {
    let bus = BusRef::new(state.get(NAME).as_set_str().unwrap_or(bus_name::DEFAULT));
    let Some(arn) = bus.arn() else {
        return Ok(bus.name().to_owned());
    };
    let account = at.region().account().await?;
    if bus.is_own(Some(&account), at.region_name()) {
        return Ok(bus.name().to_owned());
    }
    let here = format!("account {account}, region {}", at.region_name());
    elsewhere(&arn.to_string(), &here, out);
    Err(Failure::Told)
}

fn elsewhere(arn: &str, here: &str, out: &mut Diagnostics) {
    out.error_at(
        Path::of(NAME),
        "The event bus is elsewhere",
        format!(
            "{NAME}: {arn:?} is not in {here}. Only the bus's own account may change its policy, in the bus's own \
             region: use a provider block (or `region`) for it."
        ),
    );
}

/// The policy of a bus, `""` for none; `None` when there is no such bus. May
/// come from a page read a moment ago.
pub async fn read(at: &At<'_>, bus: &str) -> Result<Option<String>, AwsError> {
    let bus = at.events().read_bus(bus).await?;
    Ok(bus.map(|bus| bus.policy.unwrap_or_default()))
}

/// Makes one write to the policy of a bus, until the policy is as `done` wants it.
///
/// # Errors
/// The write's; told, when the write was undone twice.
pub async fn write<F, Fut>(
    at: &At<'_>,
    bus: &str,
    done: impl Fn(&str) -> bool + Send + Sync,
    write: F,
    out: &mut Diagnostics,
) -> Result<(), Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Result<(), AwsError>> + Send,
{
    let key = format!("bus policy {} {bus}", at.region_name());
    let _turn = at.region().locks().hold(&key).await;
    write().await?;
    if is_done(at, bus, &done).await? {
        return Ok(());
    }
    tracing::warn!(
        bus,
        "the policy is not as it was just written; writing again"
    );
    write().await?;
    let deadline = Instant::now() + scaled(READ_BACK);
    while !is_done(at, bus, &done).await? {
        if Instant::now() >= deadline {
            out.error(
                format!("The policy of event bus {bus:?} does not keep what is written"),
                "The write was made twice, EventBridge accepted it twice, and the policy that it answers is another. \
                 Something else writes this policy at the same time: another Terraform run, or \
                 `eventbridge_bus_policy` beside `eventbridge_permission` on one bus. Leave the bus to one of them \
                 and apply again.",
            );
            return Err(Failure::Told);
        }
        at.pause(READ_BACK_POLL).await?;
    }
    Ok(())
}

/// Looks directly: a page may be older than the write. A bus that is gone has
/// no policy.
async fn is_done(
    at: &At<'_>,
    bus: &str,
    done: &(impl Fn(&str) -> bool + Sync),
) -> Result<bool, AwsError> {
    let bus = at.events().describe_bus(bus).await?;
    Ok(done(&bus.and_then(|bus| bus.policy).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:events:eu-west-1:123456789012:event-bus/orders";

    fn checked(bus: &str, region: Option<&str>) -> Diagnostics {
        let mut out = Diagnostics::new();
        let config = Value::map([(NAME, Value::from(bus)), ("region", region.into())]);
        check(&config, &mut out);
        out
    }

    #[test]
    fn name_and_arn_are_one_bus() {
        assert!(same_bus(&"orders".into(), &ARN.into()));
        assert!(same_bus(&ARN.into(), &"orders".into()));
        assert!(!same_bus(&"other".into(), &ARN.into()));
        let elsewhere = ARN.replace("eu-west-1", "us-east-1");
        assert!(!same_bus(&elsewhere.as_str().into(), &ARN.into()));
        assert_eq!(name_of(&Value::map([(NAME, Value::from(ARN))])), "orders");
        assert_eq!(name_of(&Value::map([(NAME, Value::Null)])), "default");
    }

    #[test]
    fn partner_buses_have_none() {
        let partner = "aws.partner/example.com/a/b";
        let arn = format!("arn:aws:events:eu-west-1:123456789012:event-bus/{partner}");
        assert!(checked(partner, None).has_errors() && checked(&arn, None).has_errors());
        assert!(checked("orders", None).is_empty());
    }

    #[test]
    fn an_arn_names_its_region() {
        assert!(checked(ARN, Some("us-east-1")).has_errors());
        assert!(checked(ARN, Some("eu-west-1")).is_empty() && checked(ARN, None).is_empty());
    }
}
