//! `eventbridge_archive`: an archive of a bus's events
//! (`aws_cloudwatch_event_archive` in hashicorp/aws).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateArchive.html>

use std::time::Duration;

use async_trait::async_trait;

use super::context::{At, Context};
use super::shared::{
    Failure, Object, adopt, bus_name, event_pattern, form, import, kms, region, settle,
};
use crate::aws::Arn;
use crate::aws::events::{Archive as Remote, ArchiveSettings, Begun};
use crate::provider::{
    Attribute, Call, Check, Create, Diagnostics, IdentitySchema, ImportBy, Plan, Schema, State,
    Update, Value,
};

/// An archive.
pub struct Archive;

/// How long an archive may be `CREATING` or `UPDATING`.
const WAIT: Duration = Duration::from_secs(120);

/// What matches every event. UpdateArchive keeps a pattern that is left out, and
/// an archive that filters less must not be made anew: its events would be gone.
const EVERY_EVENT: &str = r#"{"source":[{"prefix":""}]}"#;

#[async_trait]
impl Object for Archive {
    const TYPE: &'static str = "eventbridge_archive";
    const AWS_TYPE: Option<&'static str> = Some("aws_cloudwatch_event_archive");

    fn schema(&self) -> Schema {
        Schema::new("An archive: keeps the events of a bus, to be replayed later.")
            .attribute(
                Attribute::string("name")
                    .required()
                    .replaces()
                    .check(Check::matches(
                        r"[.\-_A-Za-z0-9]{1,48}",
                        "an archive name: 1 to 48 letters, digits, `.`, `-` or `_`",
                    ))
                    .describe("Name of the archive. Another name makes a new archive, and the events of the old are gone."),
            )
            .attribute(
                Attribute::string("event_source_arn")
                    .required()
                    .replaces()
                    .check(bus_name::arn())
                    .describe("ARN of the event bus."),
            )
            .attribute(
                Attribute::string("description")
                    .optional()
                    .check(Check::length(0, 512))
                    .describe("Description of the archive."),
            )
            .attribute(event_pattern::attribute().optional().describe(
                "Which events are kept, as JSON; all of them when absent. Removing it keeps the archive and its \
                 events: the pattern then becomes one that matches every event.",
            ))
            .attribute(
                Attribute::number("retention_days")
                    .default(0)
                    .check(Check::range(0, i64::from(i32::MAX)))
                    .describe("Days after which events are dropped; `0` keeps them for ever."),
            )
            .attribute(
                kms::attribute()
                    .describe(
                        "Customer managed KMS key that encrypts the archive: key id, key ARN, alias name or alias ARN.",
                    ),
            )
            .attribute(adopt::attribute())
            .attribute(region::attribute())
            .attribute(Attribute::string("arn").computed().describe("ARN of the archive."))
            .attribute(Attribute::string("id").computed().describe("Name of the archive."))
            .iam(&[
                "events:CreateArchive",
                "events:DescribeArchive",
                "events:UpdateArchive",
                "events:DeleteArchive",
            ])
            .import(&["NAME"])
    }

    fn identity_schema(&self) -> IdentitySchema {
        import::named_identity("Name of the archive.")
    }

    fn title(&self, state: &Value) -> String {
        format!("archive {:?}", name_of(state))
    }

    fn key(&self, state: &Value) -> String {
        name_of(state).to_owned()
    }

    fn identity(&self, at: &At<'_>, state: &Value) -> Value {
        let arn = state.get("arn").as_str().and_then(Arn::parse);
        import::identity(
            arn.as_ref(),
            Some(at.region_name()),
            &[("name", name_of(state))],
        )
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        event_pattern::check(config, &format!("Archive {}", name_of(config)), out);
    }

    fn plan(&self, _call: Call<'_, Context>, plan: &mut Plan<'_>, _out: &mut Diagnostics) {
        if plan.is_create() && plan.after("name").as_str().is_some() {
            let name = plan.after("name").clone();
            plan.set("id", name);
        }
    }

    async fn find(
        &self,
        at: &At<'_>,
        like: &Value,
        _out: &mut Diagnostics,
    ) -> Result<Option<Value>, Failure> {
        let archive = at.events().describe_archive(name_of(like)).await?;
        Ok(archive.map(|archive| self.state_of(&archive, like)))
    }

    async fn make(
        &self,
        at: &At<'_>,
        new: Create<'_>,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let begun = at.events().create_archive(&settings(new.planned)).await?;
        self.settled(at, new.planned, &begun, out).await?;
        let mut state = new.planned.clone();
        state.set("arn", begun.arn);
        state.set("id", name_of(new.planned));
        Ok(state)
    }

    async fn change(
        &self,
        at: &At<'_>,
        change: Update<'_>,
        out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let (before, after) = (settings(change.prior), settings(change.planned));
        if before != after {
            let begun = at.events().update_archive(&update(&before, after)).await?;
            self.settled(at, change.planned, &begun, out).await?;
        }
        Ok(change.planned.clone())
    }

    async fn remove(
        &self,
        at: &At<'_>,
        prior: &Value,
        _out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        Ok(at.events().delete_archive(name_of(prior)).await?)
    }

    fn import(&self, by: &ImportBy, out: &mut Diagnostics) -> Option<State> {
        import::by_name(by, out, "archive")
    }
}

impl Archive {
    /// Waits until EventBridge has made or changed it.
    async fn settled(
        &self,
        at: &At<'_>,
        state: &Value,
        begun: &Begun,
        out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        let title = self.title(state);
        let look = || async {
            let archive = at.events().describe_archive(name_of(state)).await?;
            Ok(archive.map(|archive| settle::Stage {
                state: archive.state,
                reason: archive.state_reason,
            }))
        };
        let stage = settle::until_settled(at, &title, WAIT, begun, look, out).await?;
        match stage.state.as_str() {
            "CREATE_FAILED" | "UPDATE_FAILED" => Err(stage.fail(&title, out)),
            _ => Ok(()),
        }
    }

    /// The archive as its state; `like` gives the form of what has several.
    fn state_of(&self, archive: &Remote, like: &Value) -> Value {
        let pattern = archive.event_pattern.clone();
        let pattern = pattern.filter(|pattern| {
            // Ours for "no pattern", unless the user wrote it.
            like.get("event_pattern").as_set_str().is_some()
                || !crate::json::equal(pattern, EVERY_EVENT)
        });
        let actual = Value::map([
            ("name", Value::from(archive.name.as_str())),
            ("arn", archive.arn.as_str().into()),
            ("id", archive.name.as_str().into()),
            ("event_source_arn", archive.event_source_arn.as_str().into()),
            ("description", archive.description.clone().into()),
            ("event_pattern", pattern.into()),
            ("retention_days", i64::from(archive.retention_days).into()),
            (
                "kms_key_identifier",
                archive.kms_key_identifier.clone().into(),
            ),
        ]);
        let mut state = form::keep(&self.schema().block, like, actual);
        for kept in ["adopt", "region"] {
            state.set(kept, like.get(kept).clone());
        }
        state
    }
}

fn name_of(state: &Value) -> &str {
    state.get("name").as_str().unwrap_or_default()
}

/// The archive as CreateArchive takes it.
fn settings(state: &Value) -> ArchiveSettings {
    let text = |name: &str| state.get(name).as_set_str().map(str::to_owned);
    let days = state.get("retention_days").as_i64().unwrap_or(0);
    ArchiveSettings {
        name: name_of(state).to_owned(),
        event_source_arn: text("event_source_arn").unwrap_or_default(),
        description: text("description"),
        event_pattern: text("event_pattern"),
        retention_days: i32::try_from(days).ok(),
        kms_key_identifier: text("kms_key_identifier"),
    }
}

/// The archive as UpdateArchive takes it: everything, and what was removed so
/// that it goes.
fn update(before: &ArchiveSettings, mut after: ArchiveSettings) -> ArchiveSettings {
    let empty = |before: &Option<String>| before.is_some().then(String::new);
    after.description = after.description.or_else(|| empty(&before.description));
    after.kms_key_identifier = after
        .kms_key_identifier
        .or_else(|| empty(&before.kms_key_identifier));
    if after.event_pattern.is_none() && before.event_pattern.is_some() {
        after.event_pattern = Some(EVERY_EVENT.to_owned());
    }
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remote() -> Remote {
        Remote {
            name: "all".into(),
            arn: "arn:aws:events:eu-west-1:123456789012:archive/all".into(),
            event_source_arn: "arn:aws:events:eu-west-1:123456789012:event-bus/orders".into(),
            ..Remote::default()
        }
    }

    #[test]
    fn a_read_keeps_the_form_and_sees_drift() {
        let like = Value::map([
            ("description", Value::from("")),
            ("event_pattern", "{ \"source\": [\"a\"] }".into()),
            ("retention_days", 7.into()),
        ]);
        let same = Remote {
            event_pattern: Some(r#"{"source":["a"]}"#.into()),
            retention_days: 7,
            ..remote()
        };
        let state = Archive.state_of(&same, &like);
        for (name, value) in like.entries().into_iter().flatten() {
            assert_eq!(state.get(name), value, "{name}");
        }
        let state = Archive.state_of(&remote(), &like);
        assert!(state.get("event_pattern").is_null());
        assert_eq!(state.get("retention_days").as_i64(), Some(0));
    }

    #[test]
    fn the_pattern_that_stands_for_none_is_read_as_none() {
        let every = Remote {
            event_pattern: Some(r#"{"source": [{"prefix": ""}]}"#.into()),
            ..remote()
        };
        assert!(
            Archive
                .state_of(&every, &Value::Null)
                .get("event_pattern")
                .is_null()
        );
        let written = Value::map([("event_pattern", Value::from(EVERY_EVENT))]);
        let state = Archive.state_of(&every, &written);
        assert_eq!(state.get("event_pattern").as_str(), Some(EVERY_EVENT));
    }

    #[test]
    fn what_is_removed_is_sent_so_that_it_goes() {
        let before = ArchiveSettings {
            description: Some("d".into()),
            event_pattern: Some("{}".into()),
            kms_key_identifier: Some("alias/a".into()),
            ..ArchiveSettings::default()
        };
        let sent = update(&before, ArchiveSettings::default());
        assert_eq!(sent.description.as_deref(), Some(""));
        assert_eq!(sent.kms_key_identifier.as_deref(), Some(""));
        assert_eq!(sent.event_pattern.as_deref(), Some(EVERY_EVENT));
        let never_set = update(&ArchiveSettings::default(), ArchiveSettings::default());
        assert_eq!(never_set, ArchiveSettings::default());
    }
}
