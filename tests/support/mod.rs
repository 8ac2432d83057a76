//! Drives the built provider over gRPC, as Terraform does: the process, the
//! certificates, the connection, and the calls with values as JSON.
//!
//! ```ignore
//! let plugin = Plugin::start(&[("AWS_ENDPOINT_URL", &fake)]).await;
//! plugin.configure(json!({"region": "eu-west-1"})).await.good();
//! let bus = plugin.create("eventbridge_bus", json!({"name": "orders"})).await.good();
//! ```
//!
//! - [`process`]: one started provider and what it prints;
//! - [`connection`]: certificates, TLS, the gRPC channel;
//! - [`calls`]: plan, apply, read, import, … with values as JSON;
//! - [`values`]: JSON to values and back, by the schema that the provider told.

#![allow(dead_code, unused_imports, reason = "each test program uses a part")]

pub mod calls;
pub mod connection;
pub mod process;
pub mod values;

pub use calls::{Answer, Object, Planned, Plugin};
pub use connection::{Client, Handshake};
pub use process::Process;
pub use values::unknown;
