//! Single rows, and how many there are: GetItem, DeleteItem, Scan.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_dynamodb::types::{AttributeValue, Select};

use super::super::call::{Operation, found};
use super::super::error::AwsError;
use super::super::service::Service;
use super::DynamoDb;

const GET: Operation = Operation::read(Service::DynamoDb, "GetItem");
const PUT: Operation = Operation::write(Service::DynamoDb, "PutItem");
const DELETE: Operation = Operation::write(Service::DynamoDb, "DeleteItem");
const SCAN: Operation = Operation::read(Service::DynamoDb, "Scan");

/// A row: attribute to value.
pub type Row = BTreeMap<String, Value>;

/// An attribute's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `S`
    String(String),
    /// `N`, as DynamoDB writes numbers.
    Number(String),
    /// `BOOL`
    Bool(bool),
    /// `NULL`
    Null,
    /// `M`
    Map(Row),
    /// `L`
    List(Vec<Value>),
    /// Sets and binary, which no writer of ours makes.
    Other,
}

impl DynamoDb {
    /// One row by its whole key, read consistently; `None` when it, or the
    /// table, is not there.
    pub async fn get_row(&self, table: &str, key: &Row) -> Result<Option<Row>, AwsError> {
        let sdk = self.region.sdk_dynamodb().await?;
        let request = sdk
            .get_item()
            .table_name(table)
            .consistent_read(true)
            .set_key(Some(to_sdk(key)));
        let answer = found(self.region.call(GET, || request.clone().send()).await)?;
        Ok(answer.and_then(|answer| answer.item).map(from_sdk))
    }

    /// Puts a row where there is none of its key; `false` when there is one.
    pub async fn put_new_row(
        &self,
        table: &str,
        key_attribute: &str,
        row: &Row,
    ) -> Result<bool, AwsError> {
        let sdk = self.region.sdk_dynamodb().await?;
        let request = sdk
            .put_item()
            .table_name(table)
            .set_item(Some(to_sdk(row)))
            .condition_expression("attribute_not_exists(#key)")
            .expression_attribute_names("#key", key_attribute);
        held(self.region.call(PUT, || request.clone().send()).await)
    }

    /// Deletes a row if it still has all attributes of `row`; `false` when it has
    /// not (or is not there).
    pub async fn delete_row_as(&self, table: &str, key: &Row, row: &Row) -> Result<bool, AwsError> {
        let sdk = self.region.sdk_dynamodb().await?;
        let mut request = sdk
            .delete_item()
            .table_name(table)
            .set_key(Some(to_sdk(key)));
        let mut conditions = Vec::new();
        for (index, (name, value)) in row.iter().enumerate() {
            conditions.push(format!("#n{index} = :v{index}"));
            request = request
                .expression_attribute_names(format!("#n{index}"), name)
                .expression_attribute_values(format!(":v{index}"), value.to_sdk());
        }
        let request = request.condition_expression(conditions.join(" AND "));
        held(self.region.call(DELETE, || request.clone().send()).await)
    }

    /// How many rows a table has, counting to `most`; `None` when it is not
    /// there. (DescribeTable's count is six hours old.)
    pub async fn count_rows(&self, table: &str, most: usize) -> Result<Option<usize>, AwsError> {
        let sdk = self.region.sdk_dynamodb().await?;
        let mut start = None;
        let mut count = 0;
        loop {
            let left = i32::try_from(most.saturating_sub(count)).unwrap_or(i32::MAX);
            let request = sdk
                .scan()
                .table_name(table)
                .select(Select::Count)
                .consistent_read(true)
                .limit(left.max(1))
                .set_exclusive_start_key(start);
            let page = self.region.call(SCAN, || request.clone().send()).await;
            let Some(page) = found(page)? else {
                return Ok(None);
            };
            count += usize::try_from(page.count).unwrap_or(0);
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() || count >= most {
                return Ok(Some(count.min(most)));
            }
        }
    }
}

/// Whether the condition of a conditional write held.
fn held<T>(result: Result<T, AwsError>) -> Result<bool, AwsError> {
    match result {
        Ok(_) => Ok(true),
        Err(error) if error.is_condition_failed() => Ok(false),
        Err(error) => Err(error),
    }
}

fn to_sdk(row: &Row) -> HashMap<String, AttributeValue> {
    let attributes = row.iter();
    attributes
        .map(|(name, value)| (name.clone(), value.to_sdk()))
        .collect()
}

fn from_sdk(row: HashMap<String, AttributeValue>) -> Row {
    let attributes = row.into_iter();
    attributes
        .map(|(name, value)| (name, Value::from(value)))
        .collect()
}

impl Value {
    fn to_sdk(&self) -> AttributeValue {
        match self {
            Self::String(text) => AttributeValue::S(text.clone()),
            Self::Number(text) => AttributeValue::N(text.clone()),
            Self::Bool(value) => AttributeValue::Bool(*value),
            Self::Null | Self::Other => AttributeValue::Null(true),
            Self::Map(row) => AttributeValue::M(to_sdk(row)),
            Self::List(items) => AttributeValue::L(items.iter().map(Self::to_sdk).collect()),
        }
    }
}

impl From<AttributeValue> for Value {
    fn from(value: AttributeValue) -> Self {
        match value {
            AttributeValue::S(text) => Self::String(text),
            AttributeValue::N(text) => Self::Number(text),
            AttributeValue::Bool(value) => Self::Bool(value),
            AttributeValue::Null(_) => Self::Null,
            AttributeValue::M(row) => Self::Map(from_sdk(row)),
            AttributeValue::L(items) => Self::List(items.into_iter().map(Self::from).collect()),
            _ => Self::Other,
        }
    }
}
