//! The connection's plan beyond its schema.

use crate::provider::{Plan, Value};

const BLOCK: &str = "resource_parameters";
const CONFIGURATION: &str = "resource_configuration_arn";
const ASSOCIATION: &str = "resource_association_arn";

/// Plans the id, and new associations for new resource configurations.
pub fn adjust(plan: &mut Plan<'_>) {
    if plan.is_create() {
        if plan.after("name").as_str().is_some() {
            let name = plan.after("name").clone();
            plan.set("id", name);
        }
        return;
    }
    const INVOCATION: &str = "invocation_connectivity_parameters";
    const CONNECTIVITY: &str = "connectivity_parameters";
    let invocation = associated(plan.before(INVOCATION), plan.after(INVOCATION));
    plan.set(INVOCATION, invocation);
    let (before, after) = (
        plan.before("auth_parameters"),
        plan.after("auth_parameters"),
    );
    let auth = each(before, after, |before, after| {
        let mut auth = after.clone();
        let connectivity = associated(before.get(CONNECTIVITY), after.get(CONNECTIVITY));
        auth.set(CONNECTIVITY, connectivity);
        auth
    });
    plan.set("auth_parameters", auth);
}

/// The blocks with an unknown association wherever the configuration is another.
fn associated(before: &Value, after: &Value) -> Value {
    each(before, after, |before, after| {
        let mut outer = after.clone();
        let inner = each(before.get(BLOCK), after.get(BLOCK), |before, after| {
            let mut resource = after.clone();
            if before.get(CONFIGURATION) != after.get(CONFIGURATION) {
                resource.set(ASSOCIATION, Value::unknown());
            }
            resource
        });
        outer.set(BLOCK, inner);
        outer
    })
}

/// Each block of a list, beside the one of before in its place.
fn each(before: &Value, after: &Value, change: impl Fn(&Value, &Value) -> Value) -> Value {
    match after {
        Value::List(items) => {
            let items = items.iter().enumerate();
            Value::List(items.map(|(i, item)| change(before.at(i), item)).collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(configuration: &str) -> Value {
        let resource =
            serde_json::json!([{BLOCK: [{CONFIGURATION: configuration, ASSOCIATION: "old"}]}]);
        Value::from_json(resource)
    }

    #[test]
    fn another_configuration_gets_another_association() {
        let of = |value: &Value| value.at(0).get(BLOCK).at(0).get(ASSOCIATION).clone();
        assert_eq!(associated(&blocks("a"), &blocks("a")), blocks("a"));
        assert!(of(&associated(&blocks("a"), &blocks("b"))).is_unknown());
        assert!(of(&associated(&Value::Null, &blocks("b"))).is_unknown());
        assert!(associated(&blocks("a"), &Value::unknown()).is_unknown());
    }
}
