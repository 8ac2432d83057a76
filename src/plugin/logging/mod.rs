//! The log that Terraform shows with TF_LOG: one JSON object a line on stderr.
//!
//! Knows the environment's log variables and tracing; must not know calls.
//!
//! - [`hclog`] writes a record as go-hclog reads it;
//! - [`secret`] keeps secrets out of it.

mod hclog;
mod secret;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;

pub use secret::{mask, redacted};

use super::handshake::Environment;
use super::lifecycle::Owner;

/// The variables that set the level, the most particular first.
const LEVEL_VARIABLES: [&str; 3] = ["TF_LOG_PROVIDER_EVENTBRIDGE", "TF_LOG_PROVIDER", "TF_LOG"];
/// Secrets that the AWS SDK takes from the environment.
const SECRET_VARIABLES: [&str; 3] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
];

/// Starts the log, if anyone wants one.
pub fn start(environment: Environment, owner: Owner) {
    let level = level(environment, owner);
    if level == LevelFilter::OFF {
        return;
    }
    for name in SECRET_VARIABLES {
        if let Some(value) = environment(name).and_then(|value| value.into_string().ok()) {
            mask(&value);
        }
    }
    let layer = hclog::Hclog::new(level, std::io::stderr);
    // A second start in one process changes nothing.
    drop(tracing::subscriber::set_global_default(
        tracing_subscriber::registry().with(layer),
    ));
}

/// Whether a log is written: what costs time only for the log asks first.
#[must_use]
pub fn is_on() -> bool {
    LevelFilter::current() != LevelFilter::OFF
}

/// A level as Terraform reads it: `JSON` is trace, and so is a word it does not know.
fn level(environment: Environment, owner: Owner) -> LevelFilter {
    let wanted = LEVEL_VARIABLES
        .iter()
        .filter_map(|name| environment(name))
        .find(|value| !value.is_empty());
    let Some(wanted) = wanted else {
        return match owner {
            Owner::Terraform => LevelFilter::OFF,
            Owner::Person => LevelFilter::INFO,
        };
    };
    match wanted.to_string_lossy().to_uppercase().as_str() {
        "OFF" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "INFO" => LevelFilter::INFO,
        "DEBUG" => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)], owner: Owner) -> LevelFilter {
        let environment = |name: &str| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| value.into())
        };
        level(&environment, owner)
    }

    #[test]
    fn the_most_particular_variable_wins() {
        let all = [("TF_LOG", "error"), ("TF_LOG_PROVIDER", "warn")];
        assert_eq!(with(&all, Owner::Terraform), LevelFilter::WARN);
        let ours = [("TF_LOG", "trace"), ("TF_LOG_PROVIDER_EVENTBRIDGE", "Info")];
        assert_eq!(with(&ours, Owner::Terraform), LevelFilter::INFO);
        let off = [("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "off")];
        assert_eq!(with(&off, Owner::Terraform), LevelFilter::OFF);
    }

    #[test]
    fn json_and_unknown_words_are_trace() {
        for word in ["JSON", "json", "TRACE", "1"] {
            let level = with(&[("TF_LOG", word)], Owner::Terraform);
            assert_eq!(level, LevelFilter::TRACE, "{word}");
        }
    }

    #[test]
    fn without_a_word_only_a_person_sees_a_log() {
        assert_eq!(with(&[], Owner::Terraform), LevelFilter::OFF);
        assert_eq!(with(&[("TF_LOG", "")], Owner::Person), LevelFilter::INFO);
    }
}
