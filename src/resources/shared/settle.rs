//! Waiting for an object that EventBridge makes, changes or deletes in its own time.

use std::time::{Duration, Instant};

use super::errors::Failure;
use crate::aws::events::Begun;
use crate::aws::{AwsError, scaled};
use crate::provider::Diagnostics;
use crate::resources::context::At;

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Looks that may miss an object that was just made: a read may lag behind the write.
const LAGGING_LOOKS: u32 = 5;

/// States in which nothing is left to say.
const GOOD: [&str; 3] = ["ENABLED", "ACTIVE", "AUTHORIZED"];

/// The state of an object that is on its way out.
pub const DELETING: &str = "DELETING";

/// What EventBridge says of an object at one look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    /// Such as `CREATING` or `ACTIVE`.
    pub state: String,
    /// EventBridge's own words on it.
    pub reason: Option<String>,
}

impl Stage {
    /// Whether EventBridge is at work on it: `CREATING`, `AUTHORIZING` and the like.
    pub fn is_under_way(&self) -> bool {
        self.state.ends_with("ING")
    }

    /// EventBridge's reason as a sentence; says so where it gives none.
    pub fn why(&self) -> String {
        match &self.reason {
            Some(reason) => format!("EventBridge says: {reason}"),
            None => "EventBridge gives no reason.".into(),
        }
    }

    /// The error that an object ended in this state.
    pub fn fail(&self, title: &str, out: &mut Diagnostics) -> Failure {
        out.error(format!("The {title} is {}", self.state), self.why());
        Failure::Told
    }
}

/// Looks until the object is at rest; the state it rests in. `begun` is the state
/// that the write itself answered: a good one needs no look.
///
/// # Errors
/// A look's; told, when it is not at rest in time or gone meanwhile.
pub async fn until_settled<F, Fut>(
    at: &At<'_>,
    title: &str,
    limit: Duration,
    begun: &Begun,
    look: F,
    out: &mut Diagnostics,
) -> Result<Stage, Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Result<Option<Stage>, AwsError>> + Send,
{
    if GOOD.contains(&begun.state.as_str()) {
        return Ok(Stage {
            state: begun.state.clone(),
            reason: None,
        });
    }
    let mut missing = 0;
    let settled = poll(at, title, limit, look, |stage| match stage {
        Some(stage) => !stage.is_under_way(),
        None => {
            missing += 1;
            missing > LAGGING_LOOKS
        }
    });
    match settled.await? {
        (true, Some(stage)) => Ok(stage),
        (_, None) => Err(gone_meanwhile(title, out)),
        (false, Some(stage)) => Err(late(title, limit, &stage, out)),
    }
}

/// What a look shows of an object that is there, though a look may not know of it yet.
///
/// # Errors
/// A look's; told, when none finds it.
pub async fn until_seen<T, F, Fut>(
    at: &At<'_>,
    title: &str,
    look: F,
    out: &mut Diagnostics,
) -> Result<T, Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Result<Option<T>, AwsError>> + Send,
{
    for _ in 0..LAGGING_LOOKS {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        at.pause(FIRST_PAUSE).await?;
    }
    look().await?.ok_or_else(|| gone_meanwhile(title, out))
}

/// Looks until the object is no longer there.
///
/// # Errors
/// A look's; told, when it is still there in the end, or in a state that is not
/// on the way out (`DELETE_FAILED`).
pub async fn until_gone<F, Fut>(
    at: &At<'_>,
    title: &str,
    limit: Duration,
    look: F,
    out: &mut Diagnostics,
) -> Result<(), Failure>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Result<Option<Stage>, AwsError>> + Send,
{
    let gone_or_stuck =
        |stage: Option<&Stage>| stage.is_none_or(|stage| stage.state.ends_with("_FAILED"));
    match poll(at, title, limit, look, gone_or_stuck).await? {
        (_, None) => Ok(()),
        (true, Some(stage)) => Err(stage.fail(title, out)),
        (false, Some(stage)) => Err(late(title, limit, &stage, out)),
    }
}

/// Looks until `enough`, or the limit; whether it was enough, and the last look.
///
/// # Errors
/// A look's, and `Cancelled`.
pub async fn poll<F, Fut>(
    at: &At<'_>,
    title: &str,
    limit: Duration,
    look: F,
    mut enough: impl FnMut(Option<&Stage>) -> bool + Send,
) -> Result<(bool, Option<Stage>), AwsError>
where
    F: Fn() -> Fut + Send + Sync,
    Fut: Future<Output = Result<Option<Stage>, AwsError>> + Send,
{
    let (begun, limit) = (Instant::now(), scaled(limit));
    let mut pause = FIRST_PAUSE;
    loop {
        let stage = look().await?;
        if enough(stage.as_ref()) {
            return Ok((true, stage));
        }
        if begun.elapsed() >= limit {
            return Ok((false, stage));
        }
        let state = stage.as_ref().map_or("not there yet", |stage| &stage.state);
        tracing::info!(
            state,
            seconds = begun.elapsed().as_secs(),
            "waiting for {title}"
        );
        at.pause(pause).await?;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn gone_meanwhile(title: &str, out: &mut Diagnostics) -> Failure {
    out.error(
        format!("The {title} is gone"),
        "It was made, and then EventBridge did not know it: something else deleted it meanwhile.",
    );
    Failure::Told
}

fn late(title: &str, limit: Duration, stage: &Stage, out: &mut Diagnostics) -> Failure {
    let reason = stage.reason.as_ref().map(|_| format!(" {}.", stage.why()));
    out.error(
        format!("The {title} is still {}", stage.state),
        format!(
            "It did not come to rest within {} s.{} The state holds it; apply again to go on, or give it more time \
             in a `timeouts` block where the resource has one.",
            limit.as_secs(),
            reason.unwrap_or_default()
        ),
    );
    Failure::Told
}

/// Whether what is in the way is still going: other resources of this run remove it.
pub struct Progress {
    left: usize,
    grace: Duration,
    until: Instant,
}

impl Progress {
    /// `grace`: how long nothing may go before that is the end of it.
    pub fn new(grace: Duration) -> Self {
        let until = Instant::now() + scaled(grace);
        Self {
            left: usize::MAX,
            grace,
            until,
        }
    }

    /// Whether no fewer are left than before, for as long as that was granted.
    pub fn has_ended(&mut self, left: usize) -> bool {
        if left < self.left && self.left != usize::MAX {
            self.until = Instant::now() + scaled(self.grace);
        }
        self.left = left;
        Instant::now() >= self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_gets_more_time() {
        let mut progress = Progress::new(Duration::ZERO);
        assert!(progress.has_ended(2));
        let mut progress = Progress::new(Duration::from_secs(60));
        assert!(!progress.has_ended(2) && !progress.has_ended(1) && !progress.has_ended(1));
    }

    #[test]
    fn states_under_way_end_in_ing() {
        let at_work = |state: &str| {
            let stage = Stage {
                state: state.into(),
                reason: None,
            };
            stage.is_under_way()
        };
        for state in [
            "CREATING",
            "UPDATING",
            "AUTHORIZING",
            "DEAUTHORIZING",
            "DELETING",
        ] {
            assert!(at_work(state), "{state}");
        }
        for state in [
            "ENABLED",
            "ACTIVE",
            "AUTHORIZED",
            "FAILED_CONNECTIVITY",
            "CREATE_FAILED",
            "",
        ] {
            assert!(!at_work(state), "{state}");
        }
    }

    #[tokio::test]
    async fn a_look_may_lag_behind_the_write() {
        let settings = crate::aws::Settings {
            region: Some("eu-west-1".into()),
            ..crate::aws::Settings::default()
        };
        let ctx = crate::resources::context::Context::new(settings, vec![]);
        let call = crate::provider::Call {
            ctx: &ctx,
            conventions: &crate::provider::Conventions::default(),
            cancel: &tokio_util::sync::CancellationToken::new(),
        };
        let mut out = Diagnostics::new();
        let at = ctx.at(call, &crate::provider::Value::Null, &mut out).await;
        let at = at.expect("a region");
        let looks = std::sync::atomic::AtomicUsize::new(0);
        let third = || async {
            let nth = looks.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Ok((nth == 2).then_some("there"))
        };
        let seen = until_seen(&at, "thing", third, &mut out).await;
        assert!(seen.is_ok_and(|seen| seen == "there") && out.is_empty());
        let never = || async { Ok(None::<()>) };
        assert!(until_seen(&at, "thing", never, &mut out).await.is_err());
        assert!(out.has_errors());
    }

    #[test]
    fn a_failure_gives_eventbridges_reason() {
        let stage = Stage {
            state: "CREATE_FAILED".into(),
            reason: Some("no such bus".into()),
        };
        let mut out = Diagnostics::new();
        stage.fail("endpoint \"a\"", &mut out);
        let told = out.iter().next().unwrap();
        assert_eq!(told.summary, "The endpoint \"a\" is CREATE_FAILED");
        assert!(told.detail.contains("no such bus"));
    }
}
