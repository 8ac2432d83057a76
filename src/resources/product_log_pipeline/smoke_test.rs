//! The smoke test: publish an event, wait for its row, compare and delete it. A
//! failure says which hop lost the event.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::row::{self, Attribute};
use super::spec::SmokeTest;
use super::work::Work;
use crate::aws::dynamodb::{Row, Value as Cell};
use crate::aws::events::{Event, PutEventResult};
use crate::aws::{AwsError, scaled};
use crate::json::Document;
use crate::provider::validate::parse_duration;

const POLL: Duration = Duration::from_millis(500);

/// Runs the test of a pipeline that has one.
///
/// # Errors
/// What was expected, what came, and which hop lost it.
pub async fn run(work: &Work<'_>) -> Result<(), String> {
    let Some(test) = &work.spec.smoke_test else {
        return Ok(());
    };
    let dynamodb = work.at.region().dynamodb();
    let table = work.spec.table_name();
    // Where the key does not come from the envelope it is known already, and must be free.
    let before = expected(work, test, "00000000-0000-0000-0000-000000000000")?;
    let key_is_new = work.spec.idempotency_key == "$.id";
    if !key_is_new
        && dynamodb
            .get_row(&table, &key_of(&before))
            .await
            .map_err(told)?
            .is_some()
    {
        return Err(format!(
            "The table already has a row with the key {} of the smoke test's event, so its arrival cannot be seen. \
             Delete that row, or choose another event.",
            shown(before.get("PK"))
        ));
    }
    let started = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |t| t.as_millis() as i64);
    let id = publish(work, test).await?;
    let wanted = expected(work, test, &id)?;
    let limit = parse_duration(&test.timeout).unwrap_or(Duration::from_secs(60));
    let deadline = Instant::now() + scaled(limit);
    let found = loop {
        match dynamodb
            .get_row(&table, &key_of(&wanted))
            .await
            .map_err(told)?
        {
            Some(found) => break found,
            None if Instant::now() >= deadline => {
                return Err(lost(work, &id, started, &test.timeout).await);
            }
            None => work.at.pause(POLL).await.map_err(told)?,
        }
    };
    let differences = differences(&wanted, &found);
    // A key of the detail's may be another event's, which came first: its row stays.
    let is_of_the_event = key_is_new || differences.is_empty();
    if is_of_the_event {
        // As it was found: what somebody has written since is theirs.
        dynamodb
            .delete_row_as(&table, &key_of(&wanted), &found)
            .await
            .map_err(told)?;
    }
    if differences.is_empty() {
        return Ok(());
    }
    let left = match is_of_the_event {
        true => "",
        false => "\nIt may be another event's with the same key, so it was left in the table.",
    };
    Err(format!(
        "The row of event {id} is not what `log_item` says:\n{}{left}",
        differences.join("\n")
    ))
}

async fn publish(work: &Work<'_>, test: &SmokeTest) -> Result<String, String> {
    let json: serde_json::Value =
        serde_json::from_str(&test.event).map_err(|error| error.to_string())?;
    let word = |name: &str| {
        json.get(name)
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let document = Document::parse(test.event.as_str()).map_err(|error| error.to_string())?;
    // The detail as the user wrote it: numbers keep their text.
    let detail = document
        .root()
        .and_then(|root| root.get("detail"))
        .map(|node| node.raw().to_owned());
    let resources = json.get("resources").and_then(serde_json::Value::as_array);
    let event = Event {
        event_bus_name: work.spec.event_bus_name.clone(),
        source: word("source"),
        detail_type: word("detail-type"),
        detail: detail.unwrap_or_else(|| "{}".to_owned()),
        resources: resources
            .into_iter()
            .flatten()
            .filter_map(|r| r.as_str().map(str::to_owned))
            .collect(),
    };
    match work.at.events().put_event(&event).await.map_err(told)? {
        PutEventResult::Accepted(id) => Ok(id),
        PutEventResult::Refused { code, message } => {
            Err(format!("The bus refused the event: {code}: {message}"))
        }
    }
}

/// The row that the event becomes, but for what the bus fills in.
fn expected(work: &Work<'_>, test: &SmokeTest, id: &str) -> Result<row::Row, String> {
    let (spec, names) = (&work.spec, &work.names);
    let envelope = [id, names.account.as_str(), names.region.as_str()];
    row_of(
        &test.event,
        envelope,
        &spec.row_item(),
        &spec.idempotency_key,
    )
}

/// The row of an event that the bus gives this id, account and region.
///
/// # Errors
/// Why it has none.
pub fn row_of(
    event: &str,
    [id, account, region]: [&str; 3],
    log_item: &BTreeMap<String, String>,
    idempotency_key: &str,
) -> Result<row::Row, String> {
    let mut event: serde_json::Value =
        serde_json::from_str(event).map_err(|error| error.to_string())?;
    if let Some(envelope) = event.as_object_mut() {
        let filled = [
            ("version", "0"),
            ("id", id),
            ("account", account),
            ("region", region),
            ("time", "1970-01-01T00:00:00Z"),
        ];
        for (name, value) in filled {
            envelope.insert(name.to_owned(), value.into());
        }
        envelope
            .entry("resources")
            .or_insert_with(|| serde_json::json!([]));
    }
    let text = event.to_string();
    let document = Document::parse(text.as_str()).map_err(|error| error.to_string())?;
    let root = document.root().ok_or("the smoke test's event is empty")?;
    row::row(log_item, idempotency_key, root)
        .map_err(|failure| format!("The smoke test's event has no row: {failure}"))
}

/// Which hop lost the event, as far as AWS tells.
async fn lost(work: &Work<'_>, id: &str, started: i64, timeout: &str) -> String {
    let mut text = format!(
        "No row of event {id} came within {timeout}.\n  bus       accepted the event\n  pattern   matches it (checked offline)"
    );
    if !work.spec.enabled {
        text.push_str("\n  rule      is disabled: enabled = false");
        return text;
    }
    let lines = work
        .at
        .region()
        .logs()
        .filter_events(&work.names.log_group(), "", started, 100)
        .await;
    let lines = lines.ok().flatten().unwrap_or_default();
    let of_event: Vec<&str> = lines
        .iter()
        .map(|line| line.message.trim())
        .filter(|m| m.contains(id))
        .collect();
    match of_event.last() {
        Some(line) => text.push_str(&format!("\n  function  was invoked and wrote: {line}")),
        None if lines.is_empty() => text.push_str(
            "\n  function  has written nothing since: it was not invoked (permission? throttled?), or its log is late",
        ),
        None => text.push_str("\n  function  was invoked, but wrote nothing of this event"),
    }
    text
}

fn differences(wanted: &row::Row, found: &Row) -> Vec<String> {
    let found: BTreeMap<&String, Attribute> = found
        .iter()
        .map(|(name, value)| (name, attribute(value)))
        .collect();
    // The envelope's time is the bus's own.
    let compared = wanted
        .iter()
        .filter(|(_, value)| !matches!(value, Attribute::S(s) if s == "1970-01-01T00:00:00Z"));
    compared
        .filter(|(name, value)| found.get(name) != Some(value))
        .map(|(name, value)| {
            format!(
                "  {name}: wanted {}, found {}",
                shown(Some(value)),
                shown(found.get(name))
            )
        })
        .collect()
}

fn key_of(row: &row::Row) -> Row {
    let keys = row
        .iter()
        .filter(|(name, _)| ["PK", "SK"].contains(&name.as_str()));
    keys.map(|(name, value)| (name.clone(), cell(value)))
        .collect()
}

fn cell(value: &Attribute) -> Cell {
    match value {
        Attribute::S(text) => Cell::String(text.clone()),
        Attribute::N(number) => Cell::Number(number.clone()),
        Attribute::Bool(b) => Cell::Bool(*b),
        Attribute::Null => Cell::Null,
        Attribute::L(items) => Cell::List(items.iter().map(cell).collect()),
        Attribute::M(entries) => {
            Cell::Map(entries.iter().map(|(k, v)| (k.clone(), cell(v))).collect())
        }
    }
}

fn attribute(value: &Cell) -> Attribute {
    match value {
        Cell::String(text) => Attribute::S(text.clone()),
        Cell::Number(number) => Attribute::N(number.clone()),
        Cell::Bool(b) => Attribute::Bool(*b),
        Cell::List(items) => Attribute::L(items.iter().map(attribute).collect()),
        Cell::Map(entries) => Attribute::M(
            entries
                .iter()
                .map(|(k, v)| (k.clone(), attribute(v)))
                .collect(),
        ),
        _ => Attribute::Null,
    }
}

fn shown(value: Option<&Attribute>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| format!("{value:?}"))
}

fn told(error: AwsError) -> String {
    error.to_string()
}
