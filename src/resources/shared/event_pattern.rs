//! `event_pattern`: an argument that is judged before AWS does, with AWS's own
//! sentence, the place inside the pattern, and what to write instead.

use crate::pattern::Pattern;
use crate::provider::{Attribute, Diagnostics, Equality, Path, Value};

/// The argument's name.
pub const NAME: &str = "event_pattern";

/// The argument: kept and sent as written, compared as JSON with exact numbers.
pub fn attribute() -> Attribute {
    Attribute::string(NAME).equal(Equality::Json)
}

/// Judges the pattern of a configuration; `owner` is its object for messages,
/// such as `rule orders`. The pattern, when it is known and valid.
pub fn check(config: &Value, owner: &str, out: &mut Diagnostics) -> Option<Pattern> {
    let text = config.get(NAME).as_set_str()?;
    match Pattern::parse(text) {
        Ok(pattern) => Some(pattern),
        Err(errors) => {
            let _ = owner;
            out.error_at(Path::of(NAME), "Invalid event pattern", errors.to_string());
            None
        }
    }
}
