//! Reads that may be answered from a page read before (see `aws::pages`).
//!
//! A refresh uses these; a create that must know asks directly with
//! `describe_…` and `list_…`.

use super::super::error::AwsError;
use super::super::tags::Tags;
use super::{Bus, Events, Rule, Target};

impl Events {
    /// One bus; shared by everything that looks at the same bus.
    pub async fn read_bus(&self, bus: &str) -> Result<Option<Bus>, AwsError> {
        self.describe_bus(bus).await
    }

    /// One rule. From a page it carries no `created_by`.
    pub async fn read_rule(&self, bus: &str, name: &str) -> Result<Option<Rule>, AwsError> {
        self.describe_rule(bus, name).await
    }

    /// All rules of a bus; `None` when there is no such bus.
    pub async fn read_rules(&self, bus: &str) -> Result<Option<Vec<Rule>>, AwsError> {
        self.list_rules(bus, None).await
    }

    /// All targets of a rule; `None` when there is no such rule.
    pub async fn read_targets(
        &self,
        bus: &str,
        rule: &str,
    ) -> Result<Option<Vec<Target>>, AwsError> {
        self.list_targets(bus, rule).await
    }

    /// The tags of a bus or rule; `None` when it is not there. `expected`: the
    /// state has tags, so a bulk answer without any is asked again directly.
    pub async fn read_tags(&self, arn: &str, expected: bool) -> Result<Option<Tags>, AwsError> {
        let _ = expected;
        self.list_tags(arn).await
    }

    /// The rules of a bus, from memory alone: nothing is asked.
    pub fn seen_rules(&self, bus: &str) -> Option<Vec<Rule>> {
        let _ = bus;
        None
    }

    /// The targets of a rule, from memory alone: nothing is asked.
    pub fn seen_targets(&self, bus: &str, rule: &str) -> Option<Vec<Target>> {
        let _ = (bus, rule);
        None
    }

    /// A bus, from memory alone: nothing is asked. `Some(None)`: known not to
    /// be there.
    pub fn seen_bus(&self, bus: &str) -> Option<Option<Bus>> {
        let _ = bus;
        None
    }
}
