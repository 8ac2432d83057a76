//! All parts as they are now, and the state that follows from them.

use std::collections::BTreeMap;

use super::names::{bus_of, users_tags};
use super::parts::{bus, function, log_group, permission, queue, role, rule, table, target};
use super::schema::DEFAULT_PATTERN;
use super::spec::Spec;
use super::work::{In, Part, Stopped, Work, where_allowed};
use super::{documents, package};
use crate::aws::events::Target;
use crate::provider::Value;
use crate::resources::shared::{Failure, tags};

/// Every part, as far as it is there.
#[derive(Default)]
pub struct Actual {
    pub bus: Option<bus::Seen>,
    pub table: Option<table::Seen>,
    pub queue: Option<queue::Seen>,
    pub roles: Vec<role::Seen>,
    pub log_group: Option<log_group::Seen>,
    pub function: Option<function::Seen>,
    pub permission: permission::Seen,
    pub rule: Option<rule::Seen>,
    pub targets: Vec<Target>,
}

/// Looks at every part. Changes nothing.
pub async fn survey(work: &Work<'_>) -> Result<Actual, Stopped> {
    let managed = work.spec.manages_function();
    Ok(Actual {
        bus: bus::look(work).await.of(Part::Bus)?,
        table: table::look(work).await.of(Part::Table)?,
        queue: queue::look(work).await.of(Part::Queue)?,
        roles: match (managed, work.spec.manages_role()) {
            (_, true) => role::look(work).await.of(Part::Role)?,
            // Of an operator who brings a role, and may have no right to look at others.
            (wanted, false) => where_allowed(wanted, role::look(work))
                .await
                .of(Part::Role)?,
        },
        log_group: if managed {
            log_group::look(work).await.of(Part::LogGroup)?
        } else {
            None
        },
        function: function::look(work).await.of(Part::Function)?,
        permission: permissions(work).await.of(Part::Permission)?,
        rule: rule::look(work).await.of(Part::Rule)?,
        targets: target::look(work).await.of(Part::Target)?,
    })
}

/// The invoke permissions, without those of whole pipelines of this name on other buses,
/// which may share a function of the user's.
async fn permissions(work: &Work<'_>) -> Result<permission::Seen, Failure> {
    let mut seen = permission::look(work).await?;
    let mut left = Vec::new();
    for bus in seen.other_buses {
        let is_whole = rule::is_complete_on(work, &bus).await;
        if where_allowed(true, async { is_whole.map(|is_whole| !is_whole) }).await? {
            left.push(bus);
        }
    }
    seen.other_buses = left;
    Ok(seen)
}

impl Actual {
    /// Whether neither a managed part nor the target is left. On a function of the user's the
    /// permission may be the last of them.
    pub fn is_gone(&self, work: &Work<'_>) -> bool {
        let spec = &work.spec;
        let owns = |tags: &BTreeMap<String, String>| work.names.owns(tags);
        let bus = spec.owns_bus() && self.bus.as_ref().is_some_and(|b| owns(&b.tags));
        let table = self.owns_table(work);
        let queue = spec.manages_queue() && self.queue.as_ref().is_some_and(|q| owns(&q.tags));
        let role = self.roles.iter().any(|r| owns(&r.role.tags));
        let logs = self.log_group.as_ref().is_some_and(|g| owns(&g.tags));
        let function = spec.manages_function()
            && self
                .function
                .as_ref()
                .is_some_and(|f| owns(&f.function.tags));
        let rule = self.rule.as_ref().is_some_and(|r| owns(&r.tags));
        let target = target::own(work, &self.targets).is_some();
        let permission = self.permission.is_there();
        !(bus || table || queue || role || logs || function || permission || rule || target)
    }

    /// Whether the table is there, and the pipeline's own.
    pub fn owns_table(&self, work: &Work<'_>) -> bool {
        let seen = self.table.as_ref().filter(|_| work.spec.manages_table());
        seen.is_some_and(|seen| work.names.owns(&seen.tags))
    }

    /// Whether an earlier create came to its end: the target is made last.
    pub fn is_complete(&self, work: &Work<'_>) -> bool {
        self.rule
            .as_ref()
            .is_some_and(|rule| work.names.owns(&rule.tags))
            && target::own(work, &self.targets).is_some()
    }

    /// The other bus that the tags of the pipeline's parts name, if any does.
    pub fn other_bus(&self, work: &Work<'_>) -> Option<&str> {
        self.named_buses(work).find(|bus| *bus != work.names.bus)
    }

    /// The buses that the tags of the pipeline's parts name, the bus itself left out. Tags of
    /// the user's parts tell nothing, once made by the pipeline or not.
    pub fn named_buses(&self, work: &Work<'_>) -> impl Iterator<Item = &str> {
        let spec = &work.spec;
        let table = self.table.as_ref().filter(|_| spec.manages_table());
        let queue = self.queue.as_ref().filter(|_| spec.manages_queue());
        let function = self.function.as_ref();
        let function = function.filter(|_| spec.manages_function());
        let of_parts = [
            table.map(|seen| &seen.tags),
            queue.map(|seen| &seen.tags),
            self.log_group.as_ref().map(|seen| &seen.tags),
            function.map(|seen| &seen.function.tags),
        ];
        let of_roles = self.roles.iter().map(|seen| &seen.role.tags);
        let owned = of_parts.into_iter().flatten().chain(of_roles);
        owned
            .filter(|tags| work.names.owns(tags))
            .filter_map(bus_of)
    }

    /// What is wrong with the parts, by part, beyond what the arguments in
    /// `shown` say.
    fn drift(&self, work: &Work<'_>, shown: &Spec) -> BTreeMap<String, String> {
        let mut drift = BTreeMap::new();
        let mut note = |key: &str, wrong: Option<String>| {
            if let Some(wrong) = wrong {
                drift.insert(key.to_owned(), wrong);
            }
        };
        note(Part::Bus.key(), bus::drift(work, self.bus.as_ref()));
        note(
            Part::Table.key(),
            table::drift(work, self.table.as_ref(), shown),
        );
        note(Part::Queue.key(), queue::drift(work, self.queue.as_ref()));
        if work.spec.manages_role() {
            note(Part::Role.key(), role::drift(work, &self.roles, shown));
        }
        if work.spec.manages_function() {
            note(
                Part::LogGroup.key(),
                log_group::drift(work, self.log_group.as_ref()),
            );
        }
        let role = role::current(work, &self.roles).filter(|_| work.spec.manages_role());
        let role_arn = role.map(|seen| seen.role.arn.as_str());
        note(
            Part::Function.key(),
            function::drift(work, self.function.as_ref(), role_arn, shown),
        );
        note(
            "asynchronous_settings",
            function::async_drift(work, self.function.as_ref()),
        );
        note(
            Part::Permission.key(),
            permission::drift(work, &self.permission),
        );
        note(Part::Rule.key(), rule::drift(work, self.rule.as_ref()));
        note(Part::Target.key(), target::drift(work, &self.targets));
        drift
    }

    /// The state: arguments as AWS has them, in the form of `like`.
    pub fn state(&self, work: &Work<'_>, like: &Value) -> Value {
        let mut state = like.clone();
        self.rule_arguments(work, like, &mut state);
        if work.spec.manages_table() && self.table.is_some() {
            self.table_arguments(work, like, &mut state);
        }
        if work.spec.manages_function() && self.function.is_some() {
            self.function_arguments(work, like, &mut state);
        }
        let remote = self.rule.as_ref().map(|rule| users_tags(&rule.tags));
        if let Some(remote) = remote {
            tags::read(work.at.conventions(), like, &remote, &mut state);
        }
        let shown = Spec::from_value(&state).unwrap_or_else(|_| work.spec.clone());
        state.set("drift", Value::from(self.drift(work, &shown)));
        results(work, self.role_arn(work), &mut state);
        state
    }

    /// The tags of the rule that are not the pipeline's own, nor ignored.
    pub fn users_tags(&self, work: &Work<'_>) -> BTreeMap<String, String> {
        let ignored = &work.at.conventions().ignore_tags;
        let mut tags = self
            .rule
            .as_ref()
            .map(|rule| users_tags(&rule.tags))
            .unwrap_or_default();
        tags.retain(|key, _| !ignored.ignores(key));
        tags
    }

    /// The role that the function has, or that is there for it.
    pub fn role_arn(&self, work: &Work<'_>) -> Option<String> {
        let function = self
            .function
            .as_ref()
            .filter(|_| work.spec.manages_function());
        let of_function = function.map(|f| f.function.settings.role_arn.clone());
        of_function.or_else(|| role::current(work, &self.roles).map(|r| r.role.arn.clone()))
    }
}

/// Fills in the results that follow from names and arguments.
pub fn results(work: &Work<'_>, role_arn: Option<String>, state: &mut Value) {
    let (spec, names) = (&work.spec, &work.names);
    let bus_arn = names.bus_arn();
    state.set("id", spec.name.as_str());
    state.set("region", names.region.as_str());
    state.set("owns_event_bus", spec.owns_bus());
    state.set("put_events_policy", documents::put_events_policy(&bus_arn));
    state.set("event_bus_arn", bus_arn);
    state.set("rule_arn", names.rule_arn());
    state.set("log_table_arn", documents::table_arn(spec, names));
    state.set("log_table_name", spec.table_name());
    state.set("log_function_arn", documents::function_arn(spec, names));
    state.set("queue_arn", documents::queue_arn(spec, names));
    state.set("role_arn", role_arn.filter(|_| spec.manages_function()));
    let pattern = state.get("event_pattern").as_str().unwrap_or_default();
    let is_default = crate::json::equal(pattern, DEFAULT_PATTERN);
    state.set("sample_event", is_default.then(documents::sample_event));
    let settings = Spec::from_value(state)
        .ok()
        .filter(|_| spec.manages_function());
    state.set("writer_sha256", settings.map(|spec| package::sha256(&spec)));
    if state.get("drift").is_null() || state.get("drift").is_unknown() {
        state.set("drift", Value::map([] as [(&str, Value); 0]));
    }
    if !state.get("smoke_test_passed").is_wholly_known() {
        state.set("smoke_test_passed", Value::Null);
    }
}
