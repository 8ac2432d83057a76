//! The log writer as Lambda takes it: a ZIP file that is the same every time, and
//! the environment that tells it what to do (writer/log_writer.py).

use std::collections::BTreeMap;
use std::io::{Cursor, Write};

use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;

use super::spec::Spec;
use crate::provider::Value;

/// The writer's source.
const SOURCE: &str = include_str!("writer/log_writer.py");
const FILE: &str = "log_writer.py";
/// The function in the file.
pub const HANDLER: &str = "log_writer.handler";
/// Lambda's current Python.
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>
pub const RUNTIME: &str = "python3.13";

/// The most that a function's environment may hold.
/// <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
pub const MOST_BYTES: usize = 4096;

/// The environment's names that are the writer's own.
pub const PREFIX: &str = "LOG_";

/// The code as a ZIP file, byte for byte the same on every machine.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn zipped() -> Result<Vec<u8>, zip::result::ZipError> {
    // The default time is the format's earliest, 1980-01-01.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(FILE, options)?;
    archive.write_all(SOURCE.as_bytes())?;
    Ok(archive.finish()?.into_inner())
}

/// The writer's environment, with the user's variables.
pub fn environment(spec: &Spec) -> BTreeMap<String, String> {
    let mut variables = spec.log_function.environment.clone().unwrap_or_default();
    let item = serde_json::to_string(&spec.row_item()).unwrap_or_default();
    variables.insert("LOG_TABLE".into(), spec.table_name());
    variables.insert("LOG_ITEM".into(), item);
    variables.insert("LOG_IDEMPOTENCY_KEY".into(), spec.idempotency_key.clone());
    if let Some(days) = spec.log_table.ttl_days {
        variables.insert("LOG_TTL_DAYS".into(), days.to_string());
    }
    if spec.log_function.log_events == Some(true) {
        variables.insert("LOG_EVENTS".into(), "true".into());
    }
    variables
}

/// The writer's own variables that are as none of `wanted` has them.
pub fn unlike(
    wanted: [&BTreeMap<String, String>; 2],
    actual: &BTreeMap<String, String>,
) -> Vec<String> {
    let same = |a: Option<&String>, b: Option<&String>| match (a, b) {
        (Some(a), Some(b)) => a == b || crate::json::equal(a, b),
        (a, b) => a == b,
    };
    let mut names: Vec<&String> = wanted
        .into_iter()
        .chain([actual])
        .flat_map(BTreeMap::keys)
        .collect();
    names.sort();
    names.dedup();
    let mut unlike = names;
    unlike.retain(|name| {
        let right = wanted.iter().any(|w| same(w.get(*name), actual.get(*name)));
        name.starts_with(PREFIX) && !right
    });
    unlike.into_iter().cloned().collect()
}

/// How much of Lambda's limit an environment takes.
pub fn bytes(environment: &BTreeMap<String, String>) -> usize {
    serde_json::to_string(environment).map_or(0, |text| text.len())
}

/// The environment that a plan can tell of a managed writer; `None` while a setting is unknown.
pub fn planned_environment(planned: &Value) -> Option<BTreeMap<String, String>> {
    let spec = planned_spec(planned)?;
    spec.manages_function().then(|| environment(&spec))
}

/// The hash of code and settings that a plan can tell, the result
/// `writer_sha256`; `None` while a setting is unknown.
pub fn planned_sha256(planned: &Value) -> Option<String> {
    planned_spec(planned).map(|spec| sha256(&spec))
}

/// The settings of the writer, all others being as if they were not known.
fn planned_spec(planned: &Value) -> Option<Spec> {
    let settings = [
        "name",
        "idempotency_key",
        "log_item",
        "log_table",
        "log_function",
    ];
    if !settings
        .iter()
        .all(|name| planned.get(name).is_wholly_known())
    {
        return None;
    }
    let mut known = planned.clone();
    // Not among the settings, and maybe unknown.
    known.set("event_bus_name", "");
    known.set("event_pattern", "");
    Spec::from_value(&known).ok()
}

/// The hash of the writer's code and settings.
pub fn sha256(spec: &Spec) -> String {
    let mut hash = Sha256::new();
    hash.update(SOURCE);
    for (name, value) in environment(spec) {
        hash.update(format!("\0{name}={value}"));
    }
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The code's hash as Lambda reports it (`CodeSha256`).
pub fn code_sha256(zip: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(Sha256::digest(zip))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_is_the_same_every_time() {
        let (one, two) = (zipped().expect("a package"), zipped().expect("a package"));
        assert_eq!(one, two);
        assert_eq!(code_sha256(&one).len(), 44);
    }

    #[test]
    fn only_the_writers_variables_are_compared_and_json_by_meaning() {
        let map = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect()
        };
        let before = map(&[
            ("LOG_ITEM", r#"{"A":"$.a","B":"b"}"#),
            ("LOG_TABLE", "shop"),
            ("STAGE", "a"),
        ]);
        let read = map(&[("LOG_ITEM", r#"{"A":"new"}"#), ("LOG_TABLE", "shop")]);
        let found = |pairs| unlike([&before, &read], &map(pairs));
        assert!(
            found(&[
                ("LOG_ITEM", r#"{"B": "b", "A": "$.a"}"#),
                ("LOG_TABLE", "shop"),
                ("MORE", "x")
            ])
            .is_empty()
        );
        assert!(found(&[("LOG_ITEM", r#"{"A":"new"}"#), ("LOG_TABLE", "shop")]).is_empty());
        assert_eq!(
            found(&[("LOG_ITEM", "{"), ("LOG_NEW", "x")]),
            ["LOG_ITEM", "LOG_NEW", "LOG_TABLE"]
        );
    }
}
