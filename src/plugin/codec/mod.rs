//! The model's values, schemas and diagnostics, in the protocol's messages.
//!
//! Knows proto, MessagePack and the model; must not know calls. Values are
//! written as <https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/object-wire-format.md>
//! describes.
//!
//! - [`value`]: a DynamicValue is MessagePack or JSON, read by its type;
//! - [`msgpack`], [`json`]: the two encodings;
//! - [`schema`]: schemas, identities and functions, for Terraform to read;
//! - [`diagnostic`]: findings and their places.

pub mod diagnostic;
mod fault;
mod json;
mod msgpack;
pub mod schema;
pub mod value;

pub use fault::Fault;
