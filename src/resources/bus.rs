//! `eventbridge_bus`: an event bus (`aws_cloudwatch_event_bus` in hashicorp/aws).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html>

use std::time::{Duration, Instant};

use async_trait::async_trait;

use super::context::{At, Context};
use super::shared::{Failure, Object, adopt, bus_name, import, region, tags, unset_as};
use crate::aws::events::{Bus as Remote, BusSettings, LogConfig, Rule};
use crate::aws::{Arn, scaled};
use crate::provider::{
    Attribute, Call, Check, Create, Diagnostics, IdentitySchema, ImportBy, NestedBlock, Path, Plan,
    Schema, State, Update, Value, timeouts,
};

/// An event bus.
pub struct Bus;

/// How long a bus may still seem to have rules after the last was deleted.
const DELETE_TIMEOUT: Duration = Duration::from_secs(120);
const DELETE_POLL: Duration = Duration::from_secs(3);

#[async_trait]
impl Object for Bus {
    const TYPE: &'static str = "eventbridge_bus";
    const AWS_TYPE: Option<&'static str> = Some("aws_cloudwatch_event_bus");
    const NOT_COMPARED: &'static [&'static str] = &["adopt_default", "event_source_name"];

    fn schema(&self) -> Schema {
        Schema::new(
            "An event bus: receives events and hands them to its rules.\n\nThe `default` bus exists in every account \
             and region; it is managed here only with `adopt_default = true`, and never deleted.",
        )
        .attribute(
            Attribute::string("name").required().replaces().check(bus_name::name()).describe(
                "Name of the bus. Of a partner bus: the name of its event source (`event_source_name`).",
            ),
        )
        .attribute(
            Attribute::string("description").optional().check(Check::length(0, 512)).describe("Description of the bus."),
        )
        .attribute(
            Attribute::string("event_source_name")
                .optional()
                .replaces()
                .check(Check::length(1, 256))
                .check(Check::matches(
                    r"aws\.partner(/[.\-_A-Za-z0-9]+){2,}",
                    "a partner event source name, such as \"aws.partner/example.com/a/b\"",
                ))
                .describe("Partner event source to match the bus with; the bus has the same `name`."),
        )
        .attribute(
            Attribute::string("kms_key_identifier").optional().check(Check::length(1, 2048)).describe(
                "Customer managed KMS key that encrypts the events: key id, key ARN, alias name or alias ARN.",
            ),
        )
        .attribute(adopt::attribute())
        .attribute(Attribute::bool("adopt_default").default(false).describe(
            "Whether to manage the settings of the `default` bus. Create updates it, destroy leaves it as it is.",
        ))
        .attribute(region::attribute())
        .attributes(tags::attributes())
        .attribute(Attribute::string("arn").computed().describe("ARN of the bus."))
        .attribute(Attribute::string("id").computed().describe("Name of the bus."))
        .block(
            NestedBlock::list("dead_letter_config")
                .max(1)
                .describe("Where events go that could not be delivered to any target.")
                .attribute(
                    Attribute::string("arn")
                        .optional()
                        .check(Check::arn())
                        .check(Check::length(1, 1600))
                        .describe("ARN of a standard SQS queue."),
                ),
        )
        .block(
            NestedBlock::list("log_config")
                .max(1)
                .describe(
                    "What EventBridge logs of the bus. By itself this delivers nothing: a delivery source and a \
                     destination of CloudWatch Logs take the logs further.",
                )
                .attribute(
                    Attribute::string("include_detail")
                        .optional()
                        .check(Check::one_of(&["NONE", "FULL"]))
                        .describe("Whether log entries hold the event's detail: `NONE` or `FULL`."),
                )
                .attribute(
                    Attribute::string("level")
                        .optional()
                        .check(Check::one_of(&["OFF", "ERROR", "INFO", "TRACE"]))
                        .describe("How much is logged: `OFF`, `ERROR`, `INFO` or `TRACE`."),
                ),
        )
        .block(timeouts::block(&["delete"]))
        .iam(&[
            "events:CreateEventBus",
            "events:DescribeEventBus",
            "events:UpdateEventBus",
            "events:DeleteEventBus",
            "events:ListRules",
            "events:ListTagsForResource",
            "events:TagResource",
            "events:UntagResource",
        ])
        .import(&["NAME"])
    }

    /// The default bus is always there: `adopt_default` is said for nothing else.
    fn adopts(&self, planned: &Value) -> bool {
        ["adopt", "adopt_default"]
            .iter()
            .any(|name| planned.get(name).as_bool() == Some(true))
    }

    fn identity_schema(&self) -> IdentitySchema {
        import::named_identity("Name of the bus.")
    }

    fn title(&self, state: &Value) -> String {
        format!("event bus {:?}", name_of(state))
    }

    fn key(&self, state: &Value) -> String {
        name_of(state).to_owned()
    }

    fn identity(&self, at: &At<'_>, state: &Value) -> Value {
        import::identity(
            arn_of(state).as_ref(),
            Some(at.region_name()),
            &[("name", name_of(state))],
        )
    }

    fn validate(&self, config: &Value, out: &mut Diagnostics) {
        let Some(name) = config.get("name").as_str() else {
            return;
        };
        let at_name = || Path::of("name");
        if name == bus_name::DEFAULT {
            if config.get("adopt_default").as_bool() == Some(false)
                || config.get("adopt_default").is_null()
            {
                out.error_at(
                    at_name(),
                    "The default bus cannot be created",
                    "name: cannot be 'default': that bus exists in every account and region. To manage its settings, \
                     set `adopt_default = true`; to use it, write `event_bus_name = \"default\"` in rules, or leave \
                     that argument out.",
                );
            }
            return;
        }
        let source = config.get("event_source_name");
        match source.as_set_str() {
            Some(source) if source != name => out.error_at(
                at_name(),
                "A partner bus is named like its event source",
                format!("name: {name:?} differs from event_source_name {source:?}; write name = {source:?}."),
            ),
            None if name.contains('/') && !source.is_unknown() => out.error_at(
                at_name(),
                "A custom bus name has no slash",
                format!(
                    "name: {name:?} holds a `/`, which only partner buses may. Leave it out, or set \
                     `event_source_name = {name:?}`."
                ),
            ),
            _ => {}
        }
    }

    fn plan(&self, _call: Call<'_, Context>, plan: &mut Plan<'_>, out: &mut Diagnostics) {
        if plan.is_create() && plan.planned.get("name").as_str().is_some() {
            let name = plan.planned.get("name").clone();
            plan.set("id", name);
        }
        let log_level = plan
            .after("log_config")
            .at(0)
            .get("level")
            .as_set_str()
            .unwrap_or("OFF");
        if plan.changes("log_config") && log_level != "OFF" {
            let name = plan.after("name").as_str().unwrap_or("(known after apply)");
            out.warning_at(
                Path::of("log_config"),
                format!("Logs of event bus {name} need a delivery"),
                "`log_config` alone delivers nothing: make a delivery source for the bus and a delivery to a log \
                 group, bucket or stream (CloudWatch Logs: PutDeliverySource, CreateDelivery).",
            );
        }
    }

    async fn find(
        &self,
        at: &At<'_>,
        like: &Value,
        _out: &mut Diagnostics,
    ) -> Result<Option<Value>, Failure> {
        let Some(bus) = at.events().describe_bus(name_of(like)).await? else {
            return Ok(None);
        };
        let remote_tags = at.events().list_tags(&bus.arn).await?.unwrap_or_default();
        let mut state = state_of(&bus, like);
        tags::read(at.conventions(), like, &remote_tags, &mut state);
        Ok(Some(state))
    }

    async fn make(
        &self,
        at: &At<'_>,
        new: Create<'_>,
        _out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let arn = at.events().create_bus(&settings(new.planned)).await?;
        let mut state = new.planned.clone();
        state.set("arn", arn);
        Ok(state)
    }

    async fn change(
        &self,
        at: &At<'_>,
        change: Update<'_>,
        _out: &mut Diagnostics,
    ) -> Result<Value, Failure> {
        let (prior, planned) = (change.prior, change.planned);
        let (before, after) = (settings(prior), settings(planned));
        let mut update = BusSettings {
            name: after.name.clone(),
            ..BusSettings::default()
        };
        // What was removed is sent empty: absent would leave it as it is.
        update.description = changed(&before.description, &after.description);
        update.kms_key_identifier = changed(&before.kms_key_identifier, &after.kms_key_identifier);
        update.dead_letter_arn = changed(&before.dead_letter_arn, &after.dead_letter_arn);
        update.log_config = changed_logs(before.log_config.as_ref(), after.log_config.as_ref());
        if update
            != (BusSettings {
                name: after.name,
                ..BusSettings::default()
            })
        {
            at.events().update_bus(&update).await?;
        }
        let arn = prior.get("arn").as_str().unwrap_or_default();
        tags::update(at, arn, prior, planned).await?;
        let mut state = planned.clone();
        state.set("arn", arn);
        Ok(state)
    }

    async fn remove(
        &self,
        at: &At<'_>,
        prior: &Value,
        out: &mut Diagnostics,
    ) -> Result<(), Failure> {
        let name = name_of(prior);
        if name == bus_name::DEFAULT {
            return Ok(());
        }
        // AWS refuses; emulators delete the rules too. Look, so that nothing of anybody else's goes.
        let deadline = Instant::now() + scaled(timeouts::limit(prior, "delete", DELETE_TIMEOUT));
        loop {
            let rules = at
                .events()
                .list_rules(name, None)
                .await?
                .unwrap_or_default();
            if !rules.is_empty() {
                rules_in_the_way(name, &rules, out);
                return Err(Failure::Told);
            }
            match at.events().delete_bus(name).await {
                // The lists say that no rule is left: EventBridge is about to notice.
                Err(error) if error.has_rules() && Instant::now() < deadline => {
                    at.pause(DELETE_POLL).await?
                }
                result => return Ok(result?),
            }
        }
    }

    fn import(&self, by: &ImportBy, out: &mut Diagnostics) -> Option<State> {
        import::by_name(by, out, "bus")
    }
}

fn name_of(state: &Value) -> &str {
    state.get("name").as_str().unwrap_or_default()
}

fn arn_of(state: &Value) -> Option<Arn> {
    state.get("arn").as_str().and_then(Arn::parse)
}

/// The bus as CreateEventBus takes it.
fn settings(state: &Value) -> BusSettings {
    let text = |name: &str| state.get(name).as_set_str().map(str::to_owned);
    let logs = state.get("log_config").at(0);
    let log = |name: &str| logs.get(name).as_set_str().map(str::to_owned);
    BusSettings {
        name: name_of(state).to_owned(),
        event_source_name: text("event_source_name"),
        description: text("description"),
        kms_key_identifier: text("kms_key_identifier"),
        dead_letter_arn: state
            .get("dead_letter_config")
            .at(0)
            .get("arn")
            .as_set_str()
            .map(str::to_owned),
        log_config: (!logs.is_null()).then(|| LogConfig {
            include_detail: log("include_detail"),
            level: log("level"),
        }),
        tags: tags::planned(state),
    }
}

/// The bus as its state; `like` gives the form of what has several.
fn state_of(bus: &Remote, like: &Value) -> Value {
    let mut state = Value::map([
        ("name", Value::from(bus.name.as_str())),
        ("id", bus.name.as_str().into()),
        ("arn", bus.arn.as_str().into()),
        (
            "description",
            unset_as(like.get("description"), bus.description.clone()),
        ),
        (
            "kms_key_identifier",
            unset_as(
                like.get("kms_key_identifier"),
                bus.kms_key_identifier.clone(),
            ),
        ),
    ]);
    for kept in ["adopt", "adopt_default", "timeouts", "region"] {
        state.set(kept, like.get(kept).clone());
    }
    // A partner bus is named like its source.
    let source = bus
        .name
        .starts_with("aws.partner/")
        .then_some(bus.name.as_str());
    state.set("event_source_name", source);
    state.set(
        "dead_letter_config",
        dead_letters(
            bus.dead_letter_arn.as_deref(),
            like.get("dead_letter_config"),
        ),
    );
    state.set(
        "log_config",
        logs(bus.log_config.as_ref(), like.get("log_config")),
    );
    state
}

/// The block in the form of before: an empty block and none are the same.
fn dead_letters(arn: Option<&str>, like: &Value) -> Value {
    match (arn, like.items()) {
        (None, []) => Value::List(vec![]),
        (None, [block, ..]) if block.get("arn").as_set_str().is_none() => like.clone(),
        (arn, _) => match arn {
            Some(arn) => Value::List(vec![Value::map([("arn", Value::from(arn))])]),
            None => Value::List(vec![]),
        },
    }
}

/// Logs switched off equal no block at all: the form of before is kept.
fn logs(actual: Option<&LogConfig>, like: &Value) -> Value {
    let level = actual.and_then(|l| l.level.as_deref()).unwrap_or("OFF");
    let detail = actual
        .and_then(|l| l.include_detail.as_deref())
        .unwrap_or("NONE");
    if level == "OFF" && detail == "NONE" && like.items().is_empty() {
        return Value::List(vec![]);
    }
    let before = like.at(0);
    let kept = |name: &str, actual: &str, default: &str| match before.get(name).as_set_str() {
        None if actual == default => before.get(name).clone(),
        _ => actual.into(),
    };
    Value::List(vec![Value::map([
        ("include_detail", kept("include_detail", detail, "NONE")),
        ("level", kept("level", level, "OFF")),
    ])])
}

/// What to send of an optional text: nothing when it stays, `""` when it goes.
fn changed(before: &Option<String>, after: &Option<String>) -> Option<String> {
    (before != after).then(|| after.clone().unwrap_or_default())
}

fn changed_logs(before: Option<&LogConfig>, after: Option<&LogConfig>) -> Option<LogConfig> {
    let off = || LogConfig {
        include_detail: Some("NONE".into()),
        level: Some("OFF".into()),
    };
    (before != after).then(|| {
        let after = after.cloned().unwrap_or_else(off);
        LogConfig {
            include_detail: after.include_detail.or(off().include_detail),
            level: after.level.or(off().level),
        }
    })
}

fn rules_in_the_way(name: &str, rules: &[Rule], out: &mut Diagnostics) {
    const SHOWN: usize = 20;
    let mut lines: Vec<String> = rules
        .iter()
        .take(SHOWN)
        .map(|rule| match rule.managed_by.as_deref() {
            Some(by) if rule.name.starts_with("Events-Archive-") => {
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
