//! Lambda: a function, its permissions, and invoking it.

mod asynchronous;
mod function;
mod invoke;
mod permission;

pub use asynchronous::AsyncSettings;
pub use function::{Function, FunctionSettings, NewFunction};
pub use invoke::{InvocationKind, InvocationResult};
pub use permission::Permission;

use super::client::Region;

/// Lambda's calls in one region. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Lambda {
    pub(super) region: Region,
}
