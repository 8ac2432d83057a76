//! Waiting: for AWS to catch up, for a state, and the one knob that scales
//! every wait.

use std::sync::OnceLock;
use std::time::Duration;

use tokio::time::Instant;

use super::client::Region;
use super::error::{AwsError, ErrorKind};
use super::service::Service;

/// The environment variable that scales every wait, back-off, poll interval,
/// request timeout and rate limit: `0.01` makes tests quick. A positive
/// decimal number; anything else counts as 1.
pub const WAIT_SCALE: &str = "EVENTBRIDGE_WAIT_SCALE";

/// However small the scale, a request gets this long to be answered.
const SHORTEST_TIMEOUT: Duration = Duration::from_millis(if cfg!(test) { 300 } else { 2000 });
/// The scale where the variable is not set; unit tests do not wait.
const DEFAULT_SCALE: f64 = if cfg!(test) { 0.01 } else { 1.0 };

/// The scale in force, read once.
pub fn scale() -> f64 {
    static SCALE: OnceLock<f64> = OnceLock::new();
    *SCALE.get_or_init(|| {
        let text = std::env::var(WAIT_SCALE).ok();
        text.map_or(DEFAULT_SCALE, |text| parse(&text))
    })
}

/// `duration`, scaled.
pub fn scaled(duration: Duration) -> Duration {
    duration.mul_f64(scale())
}

/// A request's timeout, scaled but never under two seconds (in unit tests 0.3).
pub(super) fn scaled_timeout(duration: Duration) -> Duration {
    scaled(duration).max(SHORTEST_TIMEOUT.min(duration))
}

fn parse(text: &str) -> f64 {
    let number = text.trim().parse::<f64>().ok();
    number
        .filter(|scale| scale.is_finite() && *scale > 0.0 && *scale <= 1000.0)
        .unwrap_or(1.0)
}

impl Region {
    /// Sleeps; `false` when told to stop.
    pub(super) async fn pause(&self, wait: Duration) -> bool {
        if self.is_cancelled() {
            return false;
        }
        if wait.is_zero() {
            return true;
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => true,
            () = self.cancelled() => false,
        }
    }

    /// Makes `call` again while `again` says so of its error, for at most
    /// `budget`: for refusals that pass by themselves, such as a fresh role
    /// that "cannot be assumed by" its service yet.
    pub async fn retry_while<T, F, Fut>(
        &self,
        budget: Duration,
        again: impl Fn(&AwsError) -> bool,
        call: F,
    ) -> Result<T, AwsError>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, AwsError>>,
    {
        let deadline = Instant::now() + scaled(budget);
        let mut attempts = 0;
        loop {
            let error = match call().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            attempts += 1;
            let wait = scaled(super::retry::jittered(Duration::from_secs(1), attempts));
            if !again(&error) || Instant::now() + wait > deadline || !self.pause(wait).await {
                return Err(error);
            }
            tracing::debug!(error = %error, "waiting for AWS to catch up");
        }
    }

    /// Asks `look` every `interval` until it answers `Some`, for at most
    /// `budget`; `None` when the time is up.
    ///
    /// # Errors
    /// Those of `look`, and `Cancelled`.
    pub async fn wait_for<T, F, Fut>(
        &self,
        what: &str,
        interval: Duration,
        budget: Duration,
        look: F,
    ) -> Result<Option<T>, AwsError>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<Option<T>, AwsError>>,
    {
        let started = Instant::now();
        loop {
            if let Some(found) = look().await? {
                return Ok(Some(found));
            }
            let waited = started.elapsed();
            if waited + scaled(interval) > scaled(budget) {
                return Ok(None);
            }
            tracing::info!(waited_s = waited.as_secs(), "waiting for {what}");
            if !self.pause(scaled(interval)).await {
                return Err(AwsError::new(
                    Service::Events,
                    "",
                    ErrorKind::Cancelled,
                    format!("stopped while waiting for {what}"),
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_positive_numbers_scale() {
        for (text, scale) in [
            ("0.01", 0.01),
            (" 2 ", 2.0),
            ("0", 1.0),
            ("-1", 1.0),
            ("NaN", 1.0),
            ("inf", 1.0),
            ("quick", 1.0),
        ] {
            assert_eq!(parse(text), scale, "{text:?}");
        }
    }
}
