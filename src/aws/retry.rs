//! When a failed call is made again, and after how long.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::error::{AwsError, ErrorKind};
use super::waits;

/// Tries of one call in all, where the settings name none.
pub(super) const DEFAULT_MAX_ATTEMPTS: u32 = 25;
/// Tries for an AWS that fails or does not answer: longer outages are the
/// user's to see.
const MAX_ATTEMPTS_OUTAGE: u32 = 6;
/// No call is retried past this.
const TIME_BUDGET: Duration = Duration::from_secs(300);
/// Nor one that only meets other writers.
const TIME_BUDGET_CONCURRENT: Duration = Duration::from_secs(120);
/// However small the scale of waits, a call is retried for this long.
const SHORTEST_BUDGET: Duration = Duration::from_secs(20);
const FIRST_BACK_OFF: Duration = Duration::from_millis(400);
const FIRST_BACK_OFF_CONCURRENT: Duration = Duration::from_millis(150);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(20);

/// Retry policy of one configured provider.
#[derive(Debug)]
pub(super) struct Retry {
    max_attempts: u32,
    /// `token_bucket_rate_limiter_capacity`: what retries are paid from.
    tokens: Option<Mutex<Tokens>>,
}

#[derive(Debug)]
struct Tokens {
    left: u32,
    capacity: u32,
}

/// As the AWS SDKs price them.
const RETRY_COST: u32 = 5;
const LOST_COST: u32 = 10;

impl Retry {
    /// `max_attempts` counts the first try. A capacity of 0 is no bucket.
    pub(super) fn new(max_attempts: u32, token_capacity: u32) -> Self {
        let tokens = (token_capacity > 0).then(|| {
            Mutex::new(Tokens {
                left: token_capacity,
                capacity: token_capacity,
            })
        });
        Self {
            max_attempts: max_attempts.max(1),
            tokens,
        }
    }

    /// How long to wait before trying again, or `None`: give up.
    ///
    /// `attempts` were made, the first of them `elapsed` ago.
    pub(super) fn next(
        &self,
        error: &AwsError,
        attempts: u32,
        elapsed: Duration,
    ) -> Option<Duration> {
        let (most, budget, first) = match error.kind {
            ErrorKind::Throttling => (self.max_attempts, TIME_BUDGET, FIRST_BACK_OFF),
            ErrorKind::ConcurrentModification => (
                self.max_attempts,
                TIME_BUDGET_CONCURRENT,
                FIRST_BACK_OFF_CONCURRENT,
            ),
            ErrorKind::Server | ErrorKind::Lost => (
                self.max_attempts.min(MAX_ATTEMPTS_OUTAGE),
                TIME_BUDGET,
                FIRST_BACK_OFF,
            ),
            _ => return None,
        };
        if attempts >= most {
            return None;
        }
        let back_off = error
            .retry_after
            .map(|asked| asked.min(LONGEST_BACK_OFF))
            .unwrap_or_else(|| jittered(first, attempts));
        let back_off = waits::scaled(back_off);
        let in_time = elapsed + back_off < waits::scaled(budget).max(SHORTEST_BUDGET);
        (in_time && self.pay(error.kind)).then_some(back_off)
    }

    /// A call went well: what its retries cost comes back.
    pub(super) fn refund(&self, attempts: u32) {
        if let Some(tokens) = &self.tokens {
            let mut tokens = tokens.lock().unwrap_or_else(PoisonError::into_inner);
            let back = 1.max(attempts.saturating_sub(1) * RETRY_COST);
            tokens.left = (tokens.left + back).min(tokens.capacity);
        }
    }

    fn pay(&self, kind: ErrorKind) -> bool {
        let Some(tokens) = &self.tokens else {
            return true;
        };
        let cost = if kind == ErrorKind::Lost {
            LOST_COST
        } else {
            RETRY_COST
        };
        let mut tokens = tokens.lock().unwrap_or_else(PoisonError::into_inner);
        match tokens.left.checked_sub(cost) {
            Some(left) => {
                tokens.left = left;
                true
            }
            None => false,
        }
    }
}

/// Doubles with every attempt, with half of it left to chance, so that many
/// callers do not come back together.
pub(super) fn jittered(first: Duration, attempts: u32) -> Duration {
    let doubled = first.saturating_mul(1 << attempts.saturating_sub(1).min(16));
    doubled
        .min(LONGEST_BACK_OFF)
        .mul_f64(0.5 + fastrand::f64() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::super::service::Service;
    use super::*;

    fn error(kind: ErrorKind) -> AwsError {
        AwsError::new(Service::Events, "PutRule", kind, "")
    }

    #[test]
    fn final_errors_are_final_at_once() {
        let retry = Retry::new(25, 0);
        for kind in [
            ErrorKind::LimitExceeded,
            ErrorKind::AccessDenied,
            ErrorKind::Validation,
            ErrorKind::NotFound,
            ErrorKind::AlreadyExists,
            ErrorKind::Credentials,
            ErrorKind::Cancelled,
            ErrorKind::Other,
        ] {
            assert_eq!(
                retry.next(&error(kind), 1, Duration::ZERO),
                None,
                "{kind:?}"
            );
        }
    }

    #[test]
    fn attempts_and_time_end_the_retries() {
        let retry = Retry::new(4, 0);
        let throttled = error(ErrorKind::Throttling);
        assert!(retry.next(&throttled, 3, Duration::ZERO).is_some());
        assert!(retry.next(&throttled, 4, Duration::ZERO).is_none());
        assert!(retry.next(&throttled, 1, TIME_BUDGET).is_none());
        let many = Retry::new(25, 0);
        assert!(
            many.next(&error(ErrorKind::Server), 6, Duration::ZERO)
                .is_none()
        );
    }

    #[test]
    fn back_off_grows_to_a_limit_and_heeds_retry_after() {
        let first = jittered(FIRST_BACK_OFF, 1);
        assert!(first >= FIRST_BACK_OFF / 2 && first <= FIRST_BACK_OFF);
        assert!(jittered(FIRST_BACK_OFF, 30) <= LONGEST_BACK_OFF);
        let mut asked = error(ErrorKind::Throttling);
        asked.retry_after = Some(Duration::from_secs(7));
        let retry = Retry::new(25, 0);
        assert_eq!(
            retry.next(&asked, 1, Duration::ZERO),
            Some(waits::scaled(Duration::from_secs(7)))
        );
    }

    #[test]
    fn an_empty_bucket_ends_the_retries_until_calls_go_well() {
        let retry = Retry::new(25, 10);
        let server = error(ErrorKind::Server);
        assert!(retry.next(&server, 1, Duration::ZERO).is_some());
        assert!(retry.next(&server, 2, Duration::ZERO).is_some());
        assert!(retry.next(&server, 3, Duration::ZERO).is_none());
        retry.refund(3);
        assert!(retry.next(&server, 1, Duration::ZERO).is_some());
    }
}
