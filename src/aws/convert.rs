//! Small conversions from the SDK's types.

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;

/// A point in time as RFC 3339 text; empty for years outside the format.
pub(super) fn timestamp(time: DateTime) -> String {
    time.fmt(Format::DateTime).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_rfc_3339() {
        assert_eq!(timestamp(DateTime::from_secs(0)), "1970-01-01T00:00:00Z");
    }
}
