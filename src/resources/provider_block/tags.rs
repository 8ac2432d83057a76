//! Tags of the block and of the environment: those for every object, and those that others manage.

use std::env;

use super::settings::texts;
use crate::provider::{Entries, IgnoreTags, Key, Value};

/// The block's tags over those of the environment.
pub(super) fn default_tags(config: &Value) -> Value {
    const PREFIX: &str = "TF_AWS_DEFAULT_TAGS_";
    let mut tags: Entries = env::vars()
        .filter_map(|(name, value)| {
            Some((Key::from(name.strip_prefix(PREFIX)?), Value::from(value)))
        })
        .filter(|(key, _)| !key.is_empty())
        .collect();
    let blocks = config.get("default_tags");
    if blocks.is_unknown() {
        return Value::unknown();
    }
    for block in blocks.items() {
        match block.get("tags") {
            Value::Map(configured) => {
                for (key, value) in configured {
                    tags.insert(key.clone(), value.clone());
                }
            }
            Value::Unknown(_) => return Value::unknown(),
            _ => {}
        }
    }
    Value::Map(tags)
}

pub(super) fn ignore_tags(config: &Value) -> IgnoreTags {
    let listed = |name: &str| -> Vec<String> {
        let words = env::var(name).unwrap_or_default();
        words
            .split(',')
            .map(str::trim)
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let mut ignored = IgnoreTags {
        keys: listed("TF_AWS_IGNORE_TAGS_KEYS"),
        key_prefixes: listed("TF_AWS_IGNORE_TAGS_KEY_PREFIXES"),
    };
    for block in config.get("ignore_tags").items() {
        ignored.keys.extend(texts(block, "keys"));
        ignored.key_prefixes.extend(texts(block, "key_prefixes"));
    }
    ignored
}
