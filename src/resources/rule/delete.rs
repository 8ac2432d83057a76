//! Deleting a rule, without taking anything of anybody else's along.

use std::time::{Duration, Instant};

use super::super::context::At;
use super::super::shared::Failure;
use super::super::shared::settle::Progress;
use super::state::{bus_of, name_of};
use crate::aws::events::Target;
use crate::aws::scaled;
use crate::provider::{Diagnostics, Value, timeouts};

/// How long a rule may still seem to have targets after the last was removed.
const TIMEOUT: Duration = Duration::from_secs(300);
/// How long targets get to go while this run may be removing them: Terraform
/// knows no order where a target names its rule in plain text.
const GRACE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_secs(2);

/// Deletes the rule; AWS refuses while it has targets, emulators delete them
/// too. So they are looked for, always on the bus by name: DeleteRule on a
/// wrong bus succeeds and does nothing.
pub async fn delete(at: &At<'_>, prior: &Value, out: &mut Diagnostics) -> Result<(), Failure> {
    let (bus, name) = (bus_of(prior), name_of(prior));
    let force = prior.get("force_destroy").as_bool() == Some(true);
    if let (Some(by), false) = (prior.get("managed_by").as_set_str(), force) {
        out.error(
            format!("Rule {name:?} is managed by {by}"),
            format!(
                "A managed rule is deleted by force only, and {by} may not work without it. Set `force_destroy = true`, \
                 apply, then destroy; or take the rule out of the state with a `removed` block."
            ),
        );
        return Err(Failure::Told);
    }
    let remove = prior.get("remove_targets_on_destroy").as_bool() == Some(true);
    let timeout = timeouts::limit(prior, "delete", TIMEOUT);
    let deadline = Instant::now() + scaled(timeout);
    let mut progress = Progress::new(timeout.min(GRACE));
    loop {
        let targets = at
            .events()
            .list_targets(bus, name)
            .await?
            .unwrap_or_default();
        if targets.is_empty() {
            match at.events().delete_rule(bus, name, force).await {
                // The list says that none is left: EventBridge is about to notice.
                Err(error) if error.has_targets() && Instant::now() < deadline => {}
                result => return Ok(result?),
            }
        } else if remove {
            for target in &targets {
                at.events()
                    .remove_target(bus, name, &target.id, force)
                    .await?;
            }
            continue;
        } else if progress.has_ended(targets.len()) {
            in_the_way(name, &targets, out);
            return Err(Failure::Told);
        }
        at.pause(POLL).await?;
    }
}

fn in_the_way(name: &str, targets: &[Target], out: &mut Diagnostics) {
    let lines: Vec<String> = targets
        .iter()
        .map(|target| format!("  {} ({})", target.id, target.arn))
        .collect();
    out.error(
        format!("Rule {name:?} still has targets"),
        format!(
            "EventBridge deletes no rule that has targets, and this run leaves these on it:\n{}\n\nAre they this \
             configuration's, and the rule is replaced? Let them be replaced with it: `lifecycle {{ \
             replace_triggered_by = [eventbridge_rule.NAME.arn] }}` in each `eventbridge_target`. Others: remove them \
             first; or set `remove_targets_on_destroy = true`, apply, then destroy.",
            lines.join("\n")
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_targets_in_the_way_are_named() {
        let target = Target {
            id: "foreign".into(),
            arn: "arn:aws:sqs:us-east-1:123456789012:q".into(),
            ..Target::default()
        };
        let mut out = Diagnostics::new();
        in_the_way("placed", &[target], &mut out);
        let detail = &out.iter().next().expect("an error").detail;
        assert!(
            detail.contains("foreign (arn:aws:sqs") && detail.contains("remove_targets_on_destroy")
        );
        // Of this configuration's own they may be, where only the rule is replaced.
        assert!(
            detail.contains("`lifecycle { replace_triggered_by = [eventbridge_rule.NAME.arn] }`")
        );
    }
}
