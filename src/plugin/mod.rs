//! The protocol.
pub mod guard;
pub mod handshake;
pub mod lifecycle;
pub mod logging;
pub mod proto;
pub mod socket;
pub mod tls;
