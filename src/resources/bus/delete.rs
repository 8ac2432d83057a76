//! Deleting a bus, without taking anything of anybody else's along.

use std::time::{Duration, Instant};

use super::super::context::At;
use super::super::shared::Failure;
use super::super::shared::settle::Progress;
use super::state::name_of;
use crate::aws::events::Rule;
use crate::aws::{AwsError, scaled};
use crate::provider::{Diagnostics, Value, timeouts};

/// How long a bus may still seem to have rules after the last was deleted.
const TIMEOUT: Duration = Duration::from_secs(120);
/// How long rules get to go while this run may be deleting them: Terraform
/// knows no order where a rule names its bus in plain text.
const GRACE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_secs(2);

/// What EventBridge names the rule of an archive.
const ARCHIVE_RULE: &str = "Events-Archive-";

/// Deletes the bus; AWS refuses while it has rules, emulators delete them too.
pub async fn delete(at: &At<'_>, prior: &Value, out: &mut Diagnostics) -> Result<(), Failure> {
    let name = name_of(prior);
    let timeout = timeouts::limit(prior, "delete", TIMEOUT);
    let deadline = Instant::now() + scaled(timeout);
    let mut progress = Progress::new(timeout.min(GRACE));
    loop {
        let rules = at
            .events()
            .list_rules(name, None)
            .await?
            .unwrap_or_default();
        if rules.is_empty() {
            match at.events().delete_bus(name).await {
                // The list says that none is left: EventBridge is about to notice.
                Err(error) if error.has_rules() && Instant::now() < deadline => {}
                result => return Ok(result?),
            }
        } else if progress.has_ended(rules.len()) {
            let leftovers = Instant::now() < deadline && are_leftovers(at, prior, &rules).await?;
            if !leftovers {
                in_the_way(name, &rules, out);
                return Err(Failure::Told);
            }
        }
        at.pause(POLL).await?;
    }
}

/// Whether these are only rules of archives that are gone: EventBridge deletes
/// them in its own time.
async fn are_leftovers(at: &At<'_>, prior: &Value, rules: &[Rule]) -> Result<bool, AwsError> {
    let arn = prior.get("arn").as_str().unwrap_or_default();
    if !rules.iter().all(|rule| rule.name.starts_with(ARCHIVE_RULE)) {
        return Ok(false);
    }
    let archives = at.events().list_archive_names(arn).await?;
    Ok(archives.is_empty())
}

fn in_the_way(name: &str, rules: &[Rule], out: &mut Diagnostics) {
    const SHOWN: usize = 20;
    let mut lines: Vec<String> = rules
        .iter()
        .take(SHOWN)
        .map(|rule| match rule.managed_by.as_deref() {
            Some(by) if rule.name.starts_with(ARCHIVE_RULE) => {
                format!(
                    "  {} (managed by {by} for an archive: delete the archive)",
                    rule.name
                )
            }
            Some(by) => format!("  {} (managed by {by})", rule.name),
            None => format!("  {}", rule.name),
        })
        .collect();
    if rules.len() > SHOWN {
        lines.push(format!("  … and {} more", rules.len() - SHOWN));
    }
    out.error(
        format!("Event bus {name:?} still has rules"),
        format!(
            "EventBridge deletes no bus that has rules. Delete these first, or remove the bus from the state with \
             a `removed` block:\n{}",
            lines.join("\n")
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_in_the_way_are_named() {
        let rule = |name: &str, by: Option<&str>| Rule {
            name: name.into(),
            managed_by: by.map(str::to_owned),
            ..Rule::default()
        };
        let mut rules = vec![
            rule("placed", None),
            rule("Events-Archive-all", Some("prod.vhs.events.aws.internal")),
            rule("stack", Some("stacksets.cloudformation.amazonaws.com")),
        ];
        rules.resize(23, rule("more", None));
        let mut out = Diagnostics::new();
        in_the_way("orders", &rules, &mut out);
        let detail = &out.iter().next().unwrap().detail;
        for said in [
            "  placed\n",
            "for an archive: delete the archive)",
            "stack (managed by stacksets.cloudformation.amazonaws.com)",
            "… and 3 more",
        ] {
            assert!(detail.contains(said), "{said}: {detail}");
        }
    }
}
