//! What a plan can say of the world without asking: an object that stands in
//! the way, a quota that will not do. From memory alone, and as warnings: this
//! very run may delete what is there. AWS refuses at apply.

use super::adopt::Existing;
use super::census::Group;
use super::managed::Object;
use crate::aws::Region;
use crate::provider::{Call, Diagnostics, Path, Plan, Value};
use crate::resources::context::Context;

/// A quota that the object counts against.
pub struct Quota {
    pub group: Group,
    /// Names of the group's objects, as far as they were seen.
    pub seen: Vec<String>,
    pub limit: usize,
    /// What is limited, such as `rules on event bus "orders"`.
    pub what: String,
    /// How the limit is documented, and the way out.
    pub detail: String,
}

/// Counts an object of the state that was read.
pub fn read<T: Object>(object: &T, ctx: &Context, region: &str, state: &Value) {
    let Some(name) = object.name_in_group(state) else {
        return;
    };
    for group in object.groups(ctx.aws().known_account(), region, state) {
        ctx.census().read(group, &name);
    }
}

/// Counts an object that is planned, and warns of what is in the way of a new one, and of more than AWS takes.
pub fn plan<T: Object>(
    object: &T,
    call: Call<'_, Context>,
    plan: &Plan<'_>,
    out: &mut Diagnostics,
) {
    let Some(region) = plan.after("region").as_str() else {
        return;
    };
    let census = call.ctx.census();
    let account = call.ctx.aws().known_account();
    let name = object.name_in_group(&plan.planned);
    let groups = object.groups(account, region, &plan.planned);
    let stays = plan.requires_replace().is_empty();
    for group in groups.iter().filter(|_| stays) {
        census.plan(group, name.as_deref(), plan.is_create());
    }
    // During an apply AWS itself is the judge.
    if call.ctx.is_applying() {
        return;
    }
    let used = call.ctx.aws().used_region(region);
    let ours = |group: &Group| {
        name.as_deref()
            .is_some_and(|name| census.was_read(group, name))
    };
    if plan.is_create()
        && !groups.iter().any(ours)
        && let Some(actual) = &object.standing(used.as_ref(), account, &plan.planned)
    {
        let block = object.schema().block;
        let existing = Existing {
            type_name: T::TYPE,
            object: object.title(&plan.planned),
            import_id: object.key(actual),
            block: &block,
            adopt: object.adopts(&plan.planned),
            planned: &plan.planned,
            actual,
            not_compared: T::NOT_COMPARED,
        };
        existing.forewarn(out);
    }
    // All that is seen is counted, which a plan of many objects must not do for each of them.
    if !groups.iter().any(|group| census.may_tell(group)) {
        return;
    }
    for quota in object.quotas(used.as_ref(), region, account, &plan.planned) {
        let seen = quota.seen.iter().map(String::as_str);
        if let Some(total) = census.too_many(&quota.group, quota.limit, seen) {
            out.warning_at(
                Path::root(),
                format!("More than {} {}", quota.limit, quota.what),
                format!("There would be {total}. {}", quota.detail),
            );
        }
    }
}

/// The seen objects of a region that this process has used.
pub fn seen<V>(region: Option<&Region>, look: impl Fn(&Region) -> Option<Vec<V>>) -> Vec<V> {
    region.and_then(look).unwrap_or_default()
}
