//! What a target's plan says beyond its schema.

use super::super::context::Context;
use super::checks;
use super::place::Place;
use super::roles;
use crate::provider::validate::is_set;
use crate::provider::{Call, Diagnostics, Path, Plan, Value};

/// Adjusts the plan.
pub fn adjust(call: Call<'_, Context>, plan: &mut Plan<'_>, out: &mut Diagnostics) {
    let stored = stored_account(plan.private);
    let account = stored.as_deref().or(call.ctx.aws().known_account());
    place(account, plan);
    check_region(plan, out);
    // During an apply AWS itself is the judge.
    if !call.ctx.is_applying() {
        if plan.is_create() {
            check_role(account, plan, out);
        }
        check_foreign_bus(account, plan, out);
    }
}

/// What is stored beside the state: the account that the target was made from,
/// which its own arguments do not tell.
pub fn private(account: &str) -> Vec<u8> {
    serde_json::json!({ "account_id": account })
        .to_string()
        .into_bytes()
}

fn stored_account(private: &[u8]) -> Option<String> {
    let stored: serde_json::Value = serde_json::from_slice(private).ok()?;
    stored.get("account_id")?.as_str().map(str::to_owned)
}

/// The bus follows the rule where it is not configured; spellings of one rule
/// are equal.
fn place(account: Option<&str>, plan: &mut Plan<'_>) {
    if plan.config.get("event_bus_name").is_null() {
        let mut alone = plan.planned.clone();
        alone.set("event_bus_name", Value::Null);
        let bus = Place::of(&alone).map(|place| Value::from(place.bus));
        plan.set("event_bus_name", bus.unwrap_or_else(Value::unknown));
    }
    let after = Place::of(&plan.planned);
    if let (Some(before), Some(after)) = (plan.prior.and_then(Place::of), &after) {
        let region = plan
            .after("region")
            .as_str()
            .or(plan.before("region").as_str());
        if before.same(after, account, region.unwrap_or_default()) {
            plan.keep("rule");
            plan.keep("event_bus_name");
        }
    }
    if let (true, Some(place), Some(id)) = (
        plan.is_create(),
        after,
        plan.after("target_id").as_set_str().map(str::to_owned),
    ) {
        plan.set("id", place.id(&id));
    }
}

fn check_region(plan: &Plan<'_>, out: &mut Diagnostics) {
    let of_rule = Place::of(&plan.planned).and_then(|place| place.region);
    if let (Some(of_rule), Some(region)) = (of_rule, plan.after("region").as_str())
        && of_rule != region
    {
        out.error_at(
            Path::of("rule"),
            "The rule is in another region",
            format!("rule: the rule is in {of_rule}, the target would be in {region}. Set `region = {of_rule:?}`."),
        );
    }
}

fn check_role(account: Option<&str>, plan: &Plan<'_>, out: &mut Diagnostics) {
    let role = plan.after("role_arn");
    if role.is_unknown() || role.as_set_str().is_some() {
        return;
    }
    let Some(arn) = checks::arn(&plan.planned) else {
        return;
    };
    if let Some(why) = roles::needed(&arn, account, plan.after("region").as_str()) {
        out.error_at(
            Path::of("role_arn"),
            "Missing argument role_arn",
            format!(
                "role_arn: {why}. Set `role_arn` to an IAM role that events.amazonaws.com may assume and that may use \
                 the target."
            ),
        );
    }
}

fn check_foreign_bus(account: Option<&str>, plan: &Plan<'_>, out: &mut Diagnostics) {
    let foreign =
        checks::arn(&plan.planned).is_some_and(|arn| roles::is_foreign_bus(&arn, account));
    for argument in ["input", "input_path", "input_transformer"] {
        if foreign && is_set(plan.after(argument)) {
            out.error_at(
                Path::of(argument),
                format!("No {argument} on the way to another account"),
                format!(
                    "{argument}: an event bus of another account takes events as they are. Remove it, and transform \
                     at a rule of that bus."
                ),
            );
        }
    }
}
