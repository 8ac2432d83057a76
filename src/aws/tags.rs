//! Tags as every AWS service has them: keys to values.

use std::collections::BTreeMap;

/// Tag keys (at most 128 characters) to values (at most 256).
pub type Tags = BTreeMap<String, String>;
