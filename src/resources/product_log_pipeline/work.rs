//! One piece of work on a pipeline: where, what, and until when.

use std::future::Future;
use std::time::{Duration, Instant};

use super::names::Names;
use super::spec::Spec;
use crate::aws::{AwsError, ErrorKind, Service, scaled};
use crate::provider::{Diagnostics, Value, timeouts};
use crate::resources::context::At;
use crate::resources::shared::Failure;

/// What `drift` says of a part that is not there.
pub const MISSING: &str = "missing";

/// The parts, in the order in which create makes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Bus,
    Table,
    Queue,
    Role,
    LogGroup,
    Function,
    Permission,
    Rule,
    Target,
}

impl Part {
    /// The part's key in `drift`.
    pub fn key(self) -> &'static str {
        match self {
            Part::Bus => "event_bus",
            Part::Table => "log_table",
            Part::Queue => "dead_letter_queue",
            Part::Role => "role",
            Part::LogGroup => "log_group",
            Part::Function => "log_function",
            Part::Permission => "invoke_permission",
            Part::Rule => "rule",
            Part::Target => "target",
        }
    }

    /// The part in a sentence.
    pub fn title(self) -> &'static str {
        match self {
            Part::Bus => "event bus",
            Part::Table => "log table",
            Part::Queue => "dead-letter queue",
            Part::Role => "role",
            Part::LogGroup => "log group",
            Part::Function => "log function",
            Part::Permission => "invoke permission",
            Part::Rule => "rule",
            Part::Target => "target",
        }
    }
}

/// Which part stopped the work, and why.
#[derive(Debug)]
pub struct Stopped {
    pub part: Part,
    pub failure: Box<Failure>,
}

/// Names the part that a failure stopped.
pub trait In<T> {
    fn of(self, part: Part) -> Result<T, Stopped>;
}

impl<T, E: Into<Failure>> In<T> for Result<T, E> {
    fn of(self, part: Part) -> Result<T, Stopped> {
        self.map_err(|failure| Stopped {
            part,
            failure: Box::new(failure.into()),
        })
    }
}

impl Stopped {
    /// Adds the error: the part, the call, and how to go on.
    pub fn tell(&self, out: &mut Diagnostics, doing: &str, go_on: &str) {
        let Some(error) = self.failure.aws() else {
            return;
        };
        out.error(
            format!("{doing} failed at its {}", self.part.title()),
            format!("{error}\n\n{go_on}"),
        );
    }
}

/// What a step works with.
pub struct Work<'a> {
    pub at: &'a At<'a>,
    pub spec: Spec,
    pub names: Names,
    deadline: Instant,
}

impl<'a> Work<'a> {
    /// Work on the pipeline that `value` describes. Asks EventBridge for the
    /// account where no answer has told it yet.
    ///
    /// # Errors
    /// Those of DescribeEventBus.
    pub async fn on(
        at: &'a At<'a>,
        value: &Value,
        operation: &str,
        out: &mut Diagnostics,
    ) -> Result<Self, Failure> {
        let spec = Spec::from_value(value).map_err(|problem| {
            out.error(
                "Unreadable pipeline",
                format!("Its arguments do not fit: {problem}. This is a bug in the provider; please report it."),
            );
            Failure::Told
        })?;
        let account = at.region().account().await?;
        let names = Names::new(&spec, &account, at.region_name());
        let limit = timeouts::limit(value, operation, Duration::from_secs(20 * 60));
        Ok(Self {
            at,
            spec,
            names,
            deadline: Instant::now() + scaled(limit),
        })
    }

    /// The same pipeline on a bus that it does not own.
    pub fn on_bus(&self, bus: &str) -> Self {
        let mut there = self.with(self.at);
        there.spec.event_bus_name = bus.to_owned();
        there.spec.owns_event_bus = Some(false);
        there.names.bus = bus.to_owned();
        there
    }

    /// The same work at another place of the same region.
    pub fn with<'b>(&self, at: &'b At<'b>) -> Work<'b> {
        Work {
            at,
            spec: self.spec.clone(),
            names: self.names.clone(),
            deadline: self.deadline,
        }
    }

    /// Waits before the next look, unless the time is up.
    ///
    /// # Errors
    /// `Lost` when the operation's time is up, `Cancelled` when Terraform is told to stop.
    pub async fn pause(
        &self,
        service: Service,
        waiting_for: &str,
        pause: Duration,
    ) -> Result<(), AwsError> {
        if Instant::now() >= self.deadline {
            let text = format!("gave up waiting for {waiting_for}; raise the limit in `timeouts`");
            return Err(AwsError::new(service, "", ErrorKind::Lost, text));
        }
        tracing::info!(pipeline = %self.spec.name, "waiting for {waiting_for}");
        self.at.pause(pause).await
    }

    /// The tags of every part.
    pub fn tags(&self) -> std::collections::BTreeMap<String, String> {
        self.names.tags(&self.spec.tags_all)
    }
}

/// What `look` answers; nothing where it is not wanted, or the credentials may not look.
pub async fn where_allowed<T: Default>(
    wanted: bool,
    look: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    if !wanted {
        return Ok(T::default());
    }
    match look.await {
        Err(failure) if is_denied(&failure) => Ok(T::default()),
        looked => looked,
    }
}

/// The same, and nothing where no answer came either.
pub async fn where_reachable<T: Default>(
    wanted: bool,
    look: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    match where_allowed(wanted, look).await {
        Err(failure) if failure.aws().is_some_and(|e| e.kind == ErrorKind::Lost) => {
            Ok(T::default())
        }
        looked => looked,
    }
}

/// Whether the credentials may not do what was tried.
pub fn is_denied(failure: &Failure) -> bool {
    failure.aws().is_some_and(AwsError::is_access_denied)
}

/// What it takes to bring a part's tags to what they should be.
pub fn tag_changes(
    work: &Work<'_>,
    actual: &std::collections::BTreeMap<String, String>,
) -> (std::collections::BTreeMap<String, String>, Vec<String>) {
    let wanted = work.tags();
    let ignored = &work.at.conventions().ignore_tags;
    let set = wanted
        .iter()
        .filter(|(k, v)| actual.get(*k) != Some(*v))
        .map(|(k, v)| (k.clone(), v.clone()));
    let removed = actual
        .keys()
        .filter(|k| !wanted.contains_key(*k) && !ignored.ignores(k))
        .cloned();
    (set.collect(), removed.collect())
}

/// Whether a part's tags are what they should be.
pub fn tags_differ(work: &Work<'_>, actual: &std::collections::BTreeMap<String, String>) -> bool {
    let (set, removed) = tag_changes(work, actual);
    !set.is_empty() || !removed.is_empty()
}
