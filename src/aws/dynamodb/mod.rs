//! DynamoDB: a table, its settings and tags, and single rows.

mod row;
mod settings;
mod table;

pub use row::{Row, Value};
pub use settings::TimeToLive;
pub use table::{KeyAttribute, NewTable, Table, TableChange};

use super::client::Region;

/// DynamoDB's calls in one region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DynamoDb {
    pub(super) region: Region,
}
