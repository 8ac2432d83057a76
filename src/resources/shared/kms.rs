//! `kms_key_identifier`: a key in any of the four forms that KMS takes.

use crate::provider::{Attribute, Check};

/// The argument's name.
pub const NAME: &str = "kms_key_identifier";

/// The argument: key id, key ARN, alias name or alias ARN.
pub fn attribute() -> Attribute {
    Attribute::string(NAME)
        .optional()
        .check(Check::length(1, 2048))
        .check(Check::matches(
            r"[a-zA-Z0-9_\-/:]*",
            "a KMS key: its id, its ARN, or an alias by name (`alias/NAME`) or ARN",
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_four_forms() {
        for key in [
            "0a1b2c3d-0000-4000-8000-000000000000",
            "arn:aws:kms:eu-west-1:123456789012:key/mrk-0a1b",
            "alias/events",
            "arn:aws-cn:kms:cn-north-1:123456789012:alias/events",
        ] {
            let checks = attribute().checks;
            assert!(
                checks.iter().all(|check| check.run(&key.into()).is_ok()),
                "{key}"
            );
        }
        let checks = attribute().checks;
        assert!(
            checks
                .iter()
                .any(|check| check.run(&"my key".into()).is_err())
        );
    }
}
