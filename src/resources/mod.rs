//! One file (or folder) per resource type. All of them serve an
//! [`Object`](shared::Object) through [`Managed`](shared::Managed), so that
//! siblings differ only in what their objects are.

mod api_destination;
mod archive;
mod bus;
mod bus_policy;
mod connection;
pub mod context;
mod endpoint;
mod permission;
mod product_log_pipeline;
pub mod provider_block;
pub mod rule;
pub mod shared;
pub mod target;

pub use api_destination::ApiDestination;
pub use archive::Archive;
pub use bus::Bus;
pub use bus_policy::BusPolicy;
pub use connection::Connection;
pub use context::{At, Context};
pub use endpoint::Endpoint;
pub use permission::Permission;
pub use product_log_pipeline::ProductLogPipeline;
pub use rule::Rule;
pub use target::Target;
