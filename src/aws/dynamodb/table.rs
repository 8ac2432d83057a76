//! Tables: CreateTable, DescribeTable, UpdateTable, DeleteTable.

use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types as sdk;

use super::super::call::{Operation, found, gone};
use super::super::error::AwsError;
use super::super::service::Service;
use super::super::tags::Tags;
use super::DynamoDb;

const CREATE: Operation = Operation::write(Service::DynamoDb, "CreateTable");
const DESCRIBE: Operation = Operation::read(Service::DynamoDb, "DescribeTable");
const UPDATE: Operation = Operation::write(Service::DynamoDb, "UpdateTable");
const DELETE: Operation = Operation::write(Service::DynamoDb, "DeleteTable");

/// One attribute of a table's key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyAttribute {
    pub name: String,
    /// `S`, `N` or `B`.
    pub kind: String,
}

/// A table to create.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewTable {
    pub name: String,
    pub hash_key: KeyAttribute,
    pub range_key: Option<KeyAttribute>,
    /// `PAY_PER_REQUEST` or `PROVISIONED`.
    pub billing_mode: String,
    /// Read and write units, of a provisioned table.
    pub capacity: Option<(i64, i64)>,
    /// `STANDARD` or `STANDARD_INFREQUENT_ACCESS`.
    pub table_class: Option<String>,
    pub deletion_protection: bool,
    /// Encrypted with this key; else with the key that AWS owns.
    pub kms_key_arn: Option<String>,
    /// `KEYS_ONLY`, `NEW_IMAGE`, `OLD_IMAGE` or `NEW_AND_OLD_IMAGES`.
    pub stream_view_type: Option<String>,
    pub tags: Tags,
}

/// What UpdateTable is to change; `None` stays. AWS takes some changes only
/// one at a time: see the API's page of UpdateTable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableChange {
    pub billing_mode: Option<String>,
    pub capacity: Option<(i64, i64)>,
    pub table_class: Option<String>,
    pub deletion_protection: Option<bool>,
    /// `Some(None)`: back to the key that AWS owns.
    pub kms_key_arn: Option<Option<String>>,
    /// `Some(None)`: no stream.
    pub stream_view_type: Option<Option<String>>,
}

/// A table as DynamoDB answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub arn: String,
    /// `CREATING`, `ACTIVE`, `UPDATING`, `DELETING`…
    pub status: String,
    pub hash_key: Option<KeyAttribute>,
    pub range_key: Option<KeyAttribute>,
    pub billing_mode: String,
    pub read_capacity: i64,
    pub write_capacity: i64,
    pub table_class: String,
    pub deletion_protection: bool,
    pub kms_key_arn: Option<String>,
    pub stream_view_type: Option<String>,
}

impl DynamoDb {
    /// Starts the creation of a table; the answer is its ARN. Poll
    /// [`describe_table`](Self::describe_table) until it is `ACTIVE`.
    pub async fn create_table(&self, table: &NewTable) -> Result<String, AwsError> {
        let keys = [
            Some((&table.hash_key, sdk::KeyType::Hash)),
            table
                .range_key
                .as_ref()
                .map(|key| (key, sdk::KeyType::Range)),
        ];
        let keys: Vec<_> = keys.into_iter().flatten().collect();
        let request = self
            .region
            .sdk_dynamodb()
            .await?
            .create_table()
            .table_name(&table.name)
            .set_attribute_definitions(Some(definitions(&keys)?))
            .set_key_schema(Some(schema(keys)?))
            .billing_mode(table.billing_mode.as_str().into())
            .set_provisioned_throughput(throughput(table.capacity)?)
            .set_table_class(table.table_class.as_deref().map(Into::into))
            .deletion_protection_enabled(table.deletion_protection)
            .set_sse_specification(
                table
                    .kms_key_arn
                    .as_deref()
                    .map(|key| encryption(Some(key))),
            )
            .set_stream_specification(stream(table.stream_view_type.as_deref())?)
            .set_tags(tags(&table.tags)?);
        let answer = self.region.call(CREATE, || request.clone().send()).await?;
        let arn = answer.table_description.and_then(|table| table.table_arn);
        Ok(arn.unwrap_or_default())
    }

    /// One table, by name or ARN; `None` when there is none.
    pub async fn describe_table(&self, name: &str) -> Result<Option<Table>, AwsError> {
        let request = self
            .region
            .sdk_dynamodb()
            .await?
            .describe_table()
            .table_name(name);
        let answer = found(self.region.call(DESCRIBE, || request.clone().send()).await)?;
        Ok(answer.and_then(|answer| answer.table).map(Table::from))
    }

    /// Starts a change; the table is `UPDATING` meanwhile.
    pub async fn update_table(&self, name: &str, change: &TableChange) -> Result<(), AwsError> {
        let stream = match &change.stream_view_type {
            None => None,
            Some(None) => Some(
                sdk::StreamSpecification::builder()
                    .stream_enabled(false)
                    .build()?,
            ),
            Some(view) => stream(view.as_deref())?,
        };
        let request = self
            .region
            .sdk_dynamodb()
            .await?
            .update_table()
            .table_name(name)
            .set_billing_mode(change.billing_mode.as_deref().map(Into::into))
            .set_provisioned_throughput(throughput(change.capacity)?)
            .set_table_class(change.table_class.as_deref().map(Into::into))
            .set_deletion_protection_enabled(change.deletion_protection)
            .set_sse_specification(
                change
                    .kms_key_arn
                    .as_ref()
                    .map(|key| encryption(key.as_deref())),
            )
            .set_stream_specification(stream);
        let result = self.region.call(UPDATE, || request.clone().send()).await;
        result.map(drop)
    }

    /// Starts the deletion; a table that is not there is no error.
    ///
    /// # Errors
    /// `Validation` while deletion protection is on.
    pub async fn delete_table(&self, name: &str) -> Result<(), AwsError> {
        let request = self
            .region
            .sdk_dynamodb()
            .await?
            .delete_table()
            .table_name(name);
        gone(self.region.call(DELETE, || request.clone().send()).await)
    }
}

fn definitions(
    keys: &[(&KeyAttribute, sdk::KeyType)],
) -> Result<Vec<sdk::AttributeDefinition>, BuildError> {
    keys.iter()
        .map(|(key, _)| {
            sdk::AttributeDefinition::builder()
                .attribute_name(&key.name)
                .attribute_type(key.kind.as_str().into())
                .build()
        })
        .collect()
}

fn schema(
    keys: Vec<(&KeyAttribute, sdk::KeyType)>,
) -> Result<Vec<sdk::KeySchemaElement>, BuildError> {
    keys.into_iter()
        .map(|(key, kind)| {
            sdk::KeySchemaElement::builder()
                .attribute_name(&key.name)
                .key_type(kind)
                .build()
        })
        .collect()
}

fn throughput(
    capacity: Option<(i64, i64)>,
) -> Result<Option<sdk::ProvisionedThroughput>, BuildError> {
    capacity
        .map(|(read, write)| {
            sdk::ProvisionedThroughput::builder()
                .read_capacity_units(read)
                .write_capacity_units(write)
                .build()
        })
        .transpose()
}

/// With a customer's key, or with the one that AWS owns.
fn encryption(key: Option<&str>) -> sdk::SseSpecification {
    let specification = sdk::SseSpecification::builder().enabled(key.is_some());
    match key {
        Some(key) => specification
            .sse_type(sdk::SseType::Kms)
            .kms_master_key_id(key)
            .build(),
        None => specification.build(),
    }
}

fn stream(view: Option<&str>) -> Result<Option<sdk::StreamSpecification>, BuildError> {
    view.map(|view| {
        sdk::StreamSpecification::builder()
            .stream_enabled(true)
            .stream_view_type(view.into())
            .build()
    })
    .transpose()
}

/// The SDK's list; `None` when there are no tags.
pub(super) fn tags(tags: &Tags) -> Result<Option<Vec<sdk::Tag>>, BuildError> {
    let list = tags
        .iter()
        .map(|(key, value)| sdk::Tag::builder().key(key).value(value).build())
        .collect::<Result<Vec<_>, _>>()?;
    Ok((!list.is_empty()).then_some(list))
}

impl From<sdk::TableDescription> for Table {
    fn from(from: sdk::TableDescription) -> Self {
        let definitions = from.attribute_definitions.unwrap_or_default();
        let schema = from.key_schema.unwrap_or_default();
        let key = |wanted: sdk::KeyType| {
            let element = schema.iter().find(|element| element.key_type == wanted)?;
            let name = &element.attribute_name;
            let definition = definitions.iter().find(|d| &d.attribute_name == name)?;
            Some(KeyAttribute {
                name: name.clone(),
                kind: definition.attribute_type.as_str().to_owned(),
            })
        };
        let capacity = from.provisioned_throughput;
        let units = |read: bool| {
            let capacity = capacity.as_ref()?;
            match read {
                true => capacity.read_capacity_units,
                false => capacity.write_capacity_units,
            }
        };
        Self {
            name: from.table_name.unwrap_or_default(),
            arn: from.table_arn.unwrap_or_default(),
            status: from
                .table_status
                .map(|v| v.as_str().to_owned())
                .unwrap_or_default(),
            hash_key: key(sdk::KeyType::Hash),
            range_key: key(sdk::KeyType::Range),
            // A table that was never on demand has no summary.
            billing_mode: from
                .billing_mode_summary
                .and_then(|summary| summary.billing_mode)
                .map_or("PROVISIONED".into(), |v| v.as_str().to_owned()),
            read_capacity: units(true).unwrap_or(0),
            write_capacity: units(false).unwrap_or(0),
            table_class: from
                .table_class_summary
                .and_then(|summary| summary.table_class)
                .map_or("STANDARD".into(), |v| v.as_str().to_owned()),
            deletion_protection: from.deletion_protection_enabled.unwrap_or(false),
            kms_key_arn: from
                .sse_description
                .filter(|sse| sse.status != Some(sdk::SseStatus::Disabled))
                .and_then(|sse| sse.kms_master_key_arn),
            stream_view_type: from
                .stream_specification
                .filter(|stream| stream.stream_enabled)
                .and_then(|stream| stream.stream_view_type)
                .map(|v| v.as_str().to_owned()),
        }
    }
}
