//! How long we wait, and the one knob that scales every wait.

use std::sync::OnceLock;
use std::time::Duration;

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
