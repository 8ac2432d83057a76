//! What UpdateTable must be told, one change a call: DynamoDB refuses some
//! together, and each leaves the table UPDATING for a while.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html>

use crate::aws::dynamodb::{Table, TableChange};
use crate::resources::product_log_pipeline::spec::Spec;

/// The calls that bring a table to its configuration, in order.
pub fn changes(spec: &Spec, table: &Table) -> Vec<TableChange> {
    let wanted = &spec.log_table;
    let mut changes = Vec::new();
    let mode = wanted.billing_mode.as_deref().unwrap_or("PAY_PER_REQUEST");
    let capacity = wanted.read_capacity.zip(wanted.write_capacity);
    let other_capacity = capacity.is_some_and(|c| c != (table.read_capacity, table.write_capacity));
    if mode != table.billing_mode || mode == "PROVISIONED" && other_capacity {
        let billing_mode = Some(mode.to_owned());
        changes.push(TableChange {
            billing_mode,
            capacity,
            ..TableChange::default()
        });
    }
    let class = wanted.table_class.as_deref().unwrap_or("STANDARD");
    if class != table.table_class {
        changes.push(TableChange {
            table_class: Some(class.to_owned()),
            ..TableChange::default()
        });
    }
    let protected = wanted.deletion_protection == Some(true);
    if protected != table.deletion_protection {
        changes.push(TableChange {
            deletion_protection: Some(protected),
            ..TableChange::default()
        });
    }
    if kms(spec) != table.kms_key_arn {
        changes.push(TableChange {
            kms_key_arn: Some(kms(spec)),
            ..TableChange::default()
        });
    }
    let stream = wanted
        .stream_view_type
        .clone()
        .filter(|view| !view.is_empty());
    if stream != table.stream_view_type {
        // A stream's view is changed by switching it off and on.
        if table.stream_view_type.is_some() {
            changes.push(TableChange {
                stream_view_type: Some(None),
                ..TableChange::default()
            });
        }
        if stream.is_some() {
            changes.push(TableChange {
                stream_view_type: Some(stream),
                ..TableChange::default()
            });
        }
    }
    changes
}

/// The table's own key; `None` for the one that AWS owns.
pub fn kms(spec: &Spec) -> Option<String> {
    spec.log_table
        .kms_key_arn
        .clone()
        .filter(|arn| !arn.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(table: serde_json::Value) -> Spec {
        let spec = serde_json::json!({
            "name": "shop", "event_bus_name": "shop", "event_pattern": "{}", "idempotency_key": "$.id",
            "log_item": {}, "log_table": table, "log_function": {},
        });
        serde_json::from_value(spec).expect("a spec")
    }

    fn table() -> Table {
        Table {
            billing_mode: "PAY_PER_REQUEST".into(),
            table_class: "STANDARD".into(),
            ..Table::default()
        }
    }

    #[test]
    fn a_table_that_is_as_it_should_be_needs_no_call() {
        assert!(changes(&spec(serde_json::json!({})), &table()).is_empty());
    }

    #[test]
    fn each_change_is_a_call_of_its_own() {
        let wanted = serde_json::json!({
            "billing_mode": "PROVISIONED", "read_capacity": 1, "write_capacity": 2, "deletion_protection": true,
            "stream_view_type": "NEW_IMAGE",
        });
        let streaming = Table {
            stream_view_type: Some("KEYS_ONLY".into()),
            ..table()
        };
        let calls = changes(&spec(wanted), &streaming);
        assert_eq!(calls.len(), 4);
        assert_eq!(calls[0].capacity, Some((1, 2)));
        assert_eq!(calls[2].stream_view_type, Some(None));
        assert_eq!(calls[3].stream_view_type, Some(Some("NEW_IMAGE".into())));
    }
}
