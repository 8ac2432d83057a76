//! What every resource shares through the provider block: the region, default
//! tags and ignored tags. Plain facts, so that planning asks nobody.

use std::collections::BTreeMap;

use super::value::{Entries, Value};

/// The provider block's answers for planning.
#[derive(Clone, Debug, Default)]
pub struct Conventions {
    /// The provider's region: a string, unknown (the block holds unknowns), or
    /// null when none is configured anywhere.
    pub region: Value,
    /// `default_tags`: a map whose values may be unknown, or wholly unknown.
    pub default_tags: Value,
    pub ignore_tags: IgnoreTags,
}

/// Tags that this provider leaves to others.
#[derive(Clone, Debug, Default)]
pub struct IgnoreTags {
    pub keys: Vec<String>,
    pub key_prefixes: Vec<String>,
}

impl IgnoreTags {
    /// Whether a tag is someone else's: ignored by configuration, or AWS's own.
    pub fn ignores(&self, key: &str) -> bool {
        key.starts_with("aws:")
            || self.keys.iter().any(|k| k == key)
            || self
                .key_prefixes
                .iter()
                .any(|p| key.starts_with(p.as_str()))
    }
}

/// Tags by key.
pub type Tags = BTreeMap<String, String>;

impl Conventions {
    /// `tags_all` as planned: default tags under the resource's own, without
    /// ignored ones. Unknown when either is.
    pub fn plan_tags_all(&self, tags: &Value) -> Value {
        if tags.is_unknown() || self.default_tags.is_unknown() {
            return Value::unknown();
        }
        let mut all = Entries::new();
        for source in [&self.default_tags, tags] {
            for (key, value) in source.set_entries() {
                all.insert(key.clone(), value.clone());
            }
        }
        all.retain(|key, _| !self.ignore_tags.ignores(key));
        if all.values().all(Value::is_wholly_known) {
            Value::Map(all)
        } else {
            Value::unknown()
        }
    }

    /// `tags` and `tags_all` of a read: what AWS has, told apart into the
    /// resource's own and those that are there by default. `prior` is the state's
    /// `tags`, whose form (null or empty, null entries) and explicit defaults are kept.
    pub fn read_tags(&self, prior: &Value, remote: &Tags) -> (Value, Value) {
        let ours: Tags = remote
            .iter()
            .filter(|(k, _)| !self.ignore_tags.ignores(k))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        let explicit = |key: &str| !prior.get(key).is_null();
        let is_default =
            |key: &str, value: &str| self.default_tags.get(key).as_str() == Some(value);
        let mut own: Entries = ours
            .iter()
            .filter(|(k, v)| explicit(k) || !is_default(k, v))
            .map(|(k, v)| (k.into(), Value::from(v.as_str())))
            .collect();
        // A configured tag that is also ignored is not ours to judge: keep its word.
        for (key, value) in prior.entries().into_iter().flatten() {
            if self.ignore_tags.ignores(key) {
                own.insert(key.clone(), value.clone());
            } else if value.is_null() {
                own.entry(key.clone()).or_insert(Value::Null);
            }
        }
        let tags = if own.is_empty() && prior.is_null() {
            Value::Null
        } else {
            Value::Map(own)
        };
        (tags, Value::from(ours))
    }

    /// The calls that bring an object's tags from one `tags_all` to another:
    /// what to set, and which keys to remove. Ignored tags are never touched.
    pub fn tag_changes(&self, before: &Value, after: &Value) -> (Tags, Vec<String>) {
        let (before, after) = (text_map(before), text_map(after));
        let set = after
            .iter()
            .filter(|(k, v)| before.get(*k) != Some(*v))
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect();
        let removed = before
            .keys()
            .filter(|k| !after.contains_key(*k) && !self.ignore_tags.ignores(k))
            .cloned()
            .collect();
        (set, removed)
    }
}

/// The known text entries of a map.
pub fn text_map(value: &Value) -> Tags {
    let entries = value.entries().into_iter().flatten();
    entries
        .filter_map(|(k, v)| Some((k.to_string(), v.as_str()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> Value {
        Value::map(pairs.iter().map(|(k, v)| (*k, Value::from(*v))))
    }

    fn conventions() -> Conventions {
        Conventions {
            default_tags: tags(&[("team", "a"), ("env", "dev")]),
            ignore_tags: IgnoreTags {
                keys: vec!["cost".into()],
                key_prefixes: vec!["k8s/".into()],
            },
            ..Conventions::default()
        }
    }

    #[test]
    fn own_tags_win_over_defaults() {
        let all = conventions().plan_tags_all(&tags(&[("env", "prod"), ("cost", "1")]));
        assert_eq!(all, tags(&[("team", "a"), ("env", "prod")]));
        let unknown = Value::map([("x", Value::unknown())]);
        assert!(conventions().plan_tags_all(&unknown).is_unknown());
    }

    #[test]
    fn a_read_tells_defaults_from_own() {
        let remote = text_map(&tags(&[
            ("team", "a"),
            ("env", "dev"),
            ("x", "1"),
            ("cost", "9"),
            ("aws:cf", "s"),
        ]));
        let (own, all) = conventions().read_tags(&tags(&[("env", "dev")]), &remote);
        assert_eq!(own, tags(&[("env", "dev"), ("x", "1")]));
        assert_eq!(all, tags(&[("team", "a"), ("env", "dev"), ("x", "1")]));
        let only_defaults = text_map(&tags(&[("team", "a")]));
        assert!(
            conventions()
                .read_tags(&Value::Null, &only_defaults)
                .0
                .is_null()
        );
        assert_eq!(
            conventions().read_tags(&tags(&[]), &only_defaults).0,
            tags(&[])
        );
    }

    #[test]
    fn a_null_tag_is_one_that_is_not_written() {
        let written = Value::map([("env", Value::Null), ("x", Value::Null)]);
        let all = conventions().plan_tags_all(&written);
        assert_eq!(all, tags(&[("team", "a"), ("env", "dev")]));
        let read = conventions().read_tags(&written, &text_map(&all));
        assert_eq!(read, (written.clone(), all));
        let drifted = text_map(&tags(&[("env", "prod")]));
        let (own, _) = conventions().read_tags(&written, &drifted);
        assert_eq!(own.get("env").as_str(), Some("prod"));
    }

    #[test]
    fn ignored_tags_are_never_removed() {
        let (set, removed) = conventions().tag_changes(
            &tags(&[("cost", "1"), ("old", "1")]),
            &tags(&[("new", "2")]),
        );
        assert_eq!(set, text_map(&tags(&[("new", "2")])));
        assert_eq!(removed, ["old"]);
    }
}
