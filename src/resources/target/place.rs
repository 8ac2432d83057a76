//! Where a target is: its rule and bus, however they are written.

use super::super::shared::{bus_name, rule_ref::RuleRef};
use crate::aws::BusRef;
use crate::provider::Value;

/// A rule and its bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bus as it stands in the state: configured, or from the rule.
    pub bus: String,
    /// The bus as calls name it: of a rule given by its ARN, exactly that ARN's.
    pub bus_to_send: String,
    /// The rule's bare name.
    pub rule: String,
    /// The region of the rule's ARN or of its bus's, where one is given.
    pub region: Option<String>,
}

impl Place {
    /// Reads `rule` and `event_bus_name`; `None` while either is not known (or
    /// is nothing that names a rule, which validation says).
    pub fn of(state: &Value) -> Option<Self> {
        let rule = RuleRef::parse(state.get("rule").as_str()?).ok()?;
        let configured = state.get("event_bus_name");
        // Of an unknown bus only a rule with a bus of its own is somewhere.
        if configured.is_unknown() && rule.bus.is_none() {
            return None;
        }
        let from_rule = rule.bus.as_deref().unwrap_or(bus_name::DEFAULT);
        let bus = configured.as_set_str().unwrap_or(from_rule);
        Some(Self {
            bus: bus.to_owned(),
            bus_to_send: rule.bus_to_send().unwrap_or_else(|| bus.to_owned()),
            region: rule.region(),
            rule: rule.name,
        })
    }

    /// Whether both are one rule, seen from an account and region of ours.
    pub fn same(&self, other: &Self, account: Option<&str>, region: &str) -> bool {
        let bus = |place: &Self| BusRef::new(&place.bus_to_send);
        self.rule == other.rule && bus(self).same(&bus(other), account, region)
    }

    /// The bus by its name where it is our own, by its ARN where it is not.
    pub fn canonical_bus(&self, account: Option<&str>, region: &str) -> String {
        BusRef::new(&self.bus_to_send)
            .sent(account, region)
            .to_owned()
    }

    /// The id that hashicorp/aws writes. It cannot be read back, and need not.
    pub fn id(&self, target_id: &str) -> String {
        match self.bus.as_str() {
            bus_name::DEFAULT => format!("{}-{target_id}", self.rule),
            bus => format!("{bus}-{}-{target_id}", self.rule),
        }
    }

    /// The id to import a target by.
    pub fn import_id(&self, target_id: &str) -> String {
        match self.bus_to_send.as_str() {
            bus_name::DEFAULT => format!("{}/{target_id}", self.rule),
            bus => format!("{bus}/{}/{target_id}", self.rule),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUS: &str = "arn:aws:events:us-east-1:123456789012:event-bus/orders";
    const RULE: &str = "arn:aws:events:us-east-1:123456789012:rule/orders/placed";

    fn place(rule: &str, bus: Option<&str>) -> Place {
        let state = Value::map([
            ("rule", Value::from(rule)),
            ("event_bus_name", bus.map(Value::from).into()),
        ]);
        Place::of(&state).expect("a place")
    }

    #[test]
    fn every_spelling_is_one_place() {
        let spellings = [
            place("placed", Some("orders")),
            place("placed", Some(BUS)),
            place("orders/placed", None),
            place("orders/placed", Some("orders")),
            place(&format!("{BUS}/placed"), None),
            place(RULE, None),
        ];
        for a in &spellings {
            for b in &spellings {
                assert!(a.same(b, Some("123456789012"), "us-east-1"), "{a:?} {b:?}");
            }
            assert_eq!(a.canonical_bus(Some("123456789012"), "us-east-1"), "orders");
            assert!(!a.same(&place("placed", None), None, "us-east-1"));
        }
        let (name, arn) = (&spellings[0], &spellings[1]);
        assert!(!name.same(arn, Some("999999999999"), "us-east-1"));
        assert_eq!(arn.canonical_bus(Some("999999999999"), "us-east-1"), BUS);
    }

    #[test]
    fn the_bus_comes_from_the_rule() {
        assert_eq!(place("placed", None).bus, "default");
        assert_eq!(place("orders/placed", None).bus, "orders");
        assert_eq!(place(RULE, None).bus, "orders");
        assert_eq!(place(RULE, None).bus_to_send, BUS);
    }

    #[test]
    fn ids_are_those_of_the_peer() {
        assert_eq!(place("placed", None).id("one"), "placed-one");
        assert_eq!(place("orders/placed", None).id("one"), "orders-placed-one");
        assert_eq!(
            place("orders/placed", None).import_id("one"),
            "orders/placed/one"
        );
        assert_eq!(place("placed", None).import_id("one"), "placed/one");
    }

    #[test]
    fn what_is_not_known_is_nowhere() {
        let unknown = Value::map([("rule", Value::unknown())]);
        assert_eq!(Place::of(&unknown), None);
        let unknown = Value::map([
            ("rule", Value::from("a")),
            ("event_bus_name", Value::unknown()),
        ]);
        assert_eq!(Place::of(&unknown), None);
    }
}
