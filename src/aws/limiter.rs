//! A rate limiter that adapts: so many requests a second and no burst beyond
//! what AWS's own bucket takes; slower when AWS throttles, back up when not.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::waits;

/// However hard AWS throttles, so many requests go out each second: one in two seconds.
const SLOWEST_PER_SECOND: f64 = 0.5;
/// What a throttled answer leaves of the rate.
const SLOW_DOWN: f64 = 0.7;
/// Throttled answers within this time are one complaint, not many.
const ONE_COMPLAINT: Duration = Duration::from_millis(500);
/// The share of the full rate that comes back with each second without complaint.
const RECOVERY_PER_SECOND: f64 = 0.05;

/// Lets requests of one account, region and service through at a rate.
#[derive(Debug)]
pub(super) struct Limiter {
    full_rate: f64,
    /// Requests that may go out at once: a fifth of a second's worth.
    burst: f64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    rate: f64,
    /// Requests that may go out at once; negative: promised to waiters.
    tokens: f64,
    refilled: Instant,
    complained: Option<Instant>,
}

impl Limiter {
    /// Lets `per_second` requests through each second, and never none.
    pub(super) fn new(per_second: f64) -> Self {
        let per_second = per_second.max(SLOWEST_PER_SECOND);
        let full_rate = per_second / waits::scale();
        let burst = (per_second / 5.0).max(1.0);
        Self {
            full_rate,
            burst,
            state: Mutex::new(State {
                rate: full_rate,
                tokens: burst,
                refilled: Instant::now(),
                complained: None,
            }),
        }
    }

    /// Takes a place in the queue: how long to wait before sending.
    pub(super) fn reserve(&self) -> Duration {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.refill(&mut state);
        state.tokens -= 1.0;
        if state.tokens >= 0.0 {
            return Duration::ZERO;
        }
        Duration::from_secs_f64(-state.tokens / state.rate)
    }

    /// AWS said "too many requests": slow down.
    pub(super) fn throttled(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.refill(&mut state);
        let now = Instant::now();
        if state
            .complained
            .is_some_and(|last| now.duration_since(last) < waits::scaled(ONE_COMPLAINT))
        {
            return;
        }
        state.complained = Some(now);
        state.rate = (state.rate * SLOW_DOWN).max(SLOWEST_PER_SECOND.min(self.full_rate));
        state.tokens = state.tokens.min(0.0);
        tracing::debug!(rate = state.rate, "throttled: requests per second lowered");
    }

    /// The rate in force, in requests per second.
    #[cfg(test)]
    fn rate(&self) -> f64 {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .rate
    }

    fn refill(&self, state: &mut State) {
        let now = Instant::now();
        let seconds = now.duration_since(state.refilled).as_secs_f64();
        state.refilled = now;
        state.tokens = (state.tokens + seconds * state.rate).min(self.burst);
        if state.rate < self.full_rate {
            let recovered = self.full_rate * RECOVERY_PER_SECOND * seconds / waits::scale();
            state.rate = (state.rate + recovered).min(self.full_rate);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_at_once_and_the_rest_at_the_rate() {
        let limiter = Limiter::new(50.0);
        let waits: Vec<_> = (0..60).map(|_| limiter.reserve()).collect();
        assert!(waits[..10].iter().all(Duration::is_zero));
        let last = waits[59].as_secs_f64() / waits::scale();
        assert!((0.8..=1.0).contains(&last), "50 more take a second: {last}");
    }

    #[test]
    fn throttling_slows_down_once_per_complaint_and_never_to_nothing() {
        let limiter = Limiter::new(50.0);
        let full = limiter.rate();
        limiter.throttled();
        limiter.throttled();
        assert!((limiter.rate() / full - SLOW_DOWN).abs() < 0.05);
        for _ in 0..100 {
            limiter.state.lock().expect("state").complained = None;
            limiter.throttled();
        }
        assert!(limiter.rate() >= SLOWEST_PER_SECOND);
    }

    #[test]
    fn a_rate_that_is_none_lets_requests_through_all_the_same() {
        for rate in [0.0, -1.0, f64::MIN, f64::NAN] {
            let limiter = Limiter::new(rate);
            let longest = (0..3).map(|_| limiter.reserve()).max();
            let slowest = Duration::from_secs_f64(3.0 / SLOWEST_PER_SECOND);
            assert!(
                longest.is_some_and(|wait| wait <= waits::scaled(slowest)),
                "{rate}"
            );
        }
    }
}
