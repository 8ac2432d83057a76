//! `event_bus_name`: a bus by its name or by its ARN, which mean the same where
//! account and region are the provider's.

use std::sync::LazyLock;

use crate::aws::{Arn, BusRef};
use crate::provider::{Attribute, Check, Plan, Value};

/// The bus that every account has.
pub const DEFAULT: &str = "default";

/// The attribute, `default` when absent.
pub fn attribute() -> Attribute {
    Attribute::string("event_bus_name")
        .default(DEFAULT)
        .replaces()
        .check(name_or_arn())
}

/// The attribute of a data source.
pub fn question() -> Attribute {
    Attribute::string("event_bus_name")
        .optional()
        .computed()
        .check(name_or_arn())
        .describe("Name or ARN of the event bus to look at. Defaults to `default`.")
}

/// The bus that a data source's configuration asks for.
pub fn asked(config: &Value) -> &str {
    config.get("event_bus_name").as_set_str().unwrap_or(DEFAULT)
}

/// A name, or the ARN of a bus.
pub fn name_or_arn() -> Check {
    Check::text("must be the name or the ARN of an event bus", |text| {
        if text.starts_with("arn:") {
            return bus_arn(text);
        }
        name().run(&text.into())
    })
}

/// A bus's name; partner buses hold slashes.
pub fn name() -> Check {
    /// One for all: each has an expression of its own to compile.
    static NAME: LazyLock<Check> = LazyLock::new(|| {
        Check::matches(
            r"[/.\-_A-Za-z0-9]{1,256}",
            "an event bus name: 1 to 256 letters, digits, `.`, `-`, `_` or `/`",
        )
    });
    NAME.clone()
}

/// The ARN of a bus.
pub fn arn() -> Check {
    Check::text("must be the ARN of an event bus", bus_arn)
}

fn bus_arn(text: &str) -> Result<(), String> {
    let Some(arn) = Arn::parse(text) else {
        return Err(format!(
            "{text:?} is not the ARN of an event bus (`arn:aws:events:REGION:ACCOUNT:event-bus/NAME`)"
        ));
    };
    if arn.resource.starts_with("event-busv2/") {
        return Err(format!(
            "{text:?} is a bus of the newer Custom Event Bus API (event-busv2), which has subscribers instead of \
             rules; use the ARN of a classic event bus (`event-bus/NAME`)"
        ));
    }
    match arn.bus_name() {
        Some(_) => Ok(()),
        None => Err(format!(
            "{text:?} is not the ARN of an event bus (`arn:aws:events:REGION:ACCOUNT:event-bus/NAME`)"
        )),
    }
}

/// Plans the prior spelling again when both name one bus. `arn` is an ARN that
/// tells the object's account and region.
pub fn keep_same(plan: &mut Plan<'_>, attribute: &str, arn: &str) {
    let (Some(before), Some(after)) = (
        plan.before(attribute).as_str(),
        plan.after(attribute).as_str(),
    ) else {
        return;
    };
    if same(before, after, arn) {
        plan.keep(attribute);
    }
}

/// Whether two spellings name one bus, seen from an object of that ARN.
pub fn same(a: &str, b: &str, own_arn: &str) -> bool {
    if a == b {
        return true;
    }
    let Some(own) = Arn::parse(own_arn) else {
        return false;
    };
    BusRef::new(a).same(&BusRef::new(b), Some(&own.account), &own.region)
}

/// The spelling to store of a bus that AWS answered: the prior one while it
/// still means the same.
pub fn spelling(prior: &Value, actual: &str, own_arn: &str) -> Value {
    match prior.as_set_str() {
        Some(prior) if same(prior, actual, own_arn) => prior.into(),
        _ => actual.into(),
    }
}
