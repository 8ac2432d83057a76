//! Reads by the page: what one walk over a bus's rules answers for all of them.

use super::events::RuleSettings;

/// The pages of one region.
#[derive(Debug, Default)]
pub(super) struct Pages {}

impl Pages {
    pub(super) fn forget_bus(&self, _bus: &str) {}
    pub(super) fn forget_rule(&self, _bus: &str, _rule: &str) {}
    pub(super) fn rule_written(&self, _bus: &str, _rule: &RuleSettings, _arn: &str) {}
    pub(super) fn rule_deleted(&self, _bus: &str, _rule: &str) {}
    pub(super) fn forget_tags(&self, _arn: &str) {}
}
