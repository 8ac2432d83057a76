//! How long we wait, and the one knob that scales every wait.

use std::sync::OnceLock;
use std::time::Duration;

/// The environment variable that scales every wait, back-off, poll interval,
/// request timeout and rate limit: `0.01` makes tests quick. A positive
/// decimal number; anything else counts as 1.
pub const WAIT_SCALE: &str = "EVENTBRIDGE_WAIT_SCALE";

/// However small the scale, a request gets this long to be answered.
const SHORTEST_TIMEOUT: Duration = Duration::from_secs(2);

/// The scale in force, read once.
pub fn scale() -> f64 {
    static SCALE: OnceLock<f64> = OnceLock::new();
    *SCALE.get_or_init(|| parse(std::env::var(WAIT_SCALE).ok().as_deref()))
}

/// `duration`, scaled.
pub fn scaled(duration: Duration) -> Duration {
    duration.mul_f64(scale())
}

/// A request's timeout, scaled but never under two seconds.
pub(super) fn scaled_timeout(duration: Duration) -> Duration {
    scaled(duration).max(SHORTEST_TIMEOUT.min(duration))
}

fn parse(text: Option<&str>) -> f64 {
    text.and_then(|text| text.trim().parse::<f64>().ok())
        .filter(|scale| scale.is_finite() && *scale > 0.0 && *scale <= 1000.0)
        .unwrap_or(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_positive_numbers_scale() {
        for (text, scale) in [
            (None, 1.0),
            (Some("0.01"), 0.01),
            (Some(" 2 "), 2.0),
            (Some("0"), 1.0),
            (Some("-1"), 1.0),
            (Some("NaN"), 1.0),
            (Some("inf"), 1.0),
            (Some("quick"), 1.0),
        ] {
            assert_eq!(parse(text), scale, "{text:?}");
        }
    }
}
