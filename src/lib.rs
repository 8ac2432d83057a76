//! A Terraform and OpenTofu provider for Amazon EventBridge that knows what an
//! event pattern means.
//!
//! The layers in reading order; arrows go down only (`tests/layers.rs` fails on
//! an upward one), and each names what it must not know:
//!
//! * [`plugin`] — the wire protocol: gRPC, TLS, MessagePack. Sees the provider
//!   only as `provider::Server`.
//! * [`cli`] — what a person runs by hand: `match`, `adopt`.
//! * [`registry`] — the one list of what this provider offers.
//! * [`resources`] — one file or folder per Terraform type. Knows no wire and no
//!   SDK.
//! * [`data_sources`], [`functions`] — likewise.
//! * [`provider`] — the model: values, schemas, plans. Knows neither the wire
//!   nor AWS.
//! * [`pattern`] — event patterns: matched, explained and judged. Pure; knows
//!   neither Terraform nor AWS.
//! * [`schedule`], [`transform`] — schedules and input transformers, pure.
//! * [`aws`] — the only place that opens a socket to AWS. Knows nothing of ours.
//! * [`json`] — exact JSON: number text, order, places. The bottom layer.

pub mod aws;
pub mod cli;
pub mod data_sources;
pub mod functions;
pub mod json;
pub mod pattern;
pub mod plugin;
pub mod provider;
pub mod registry;
pub mod resources;
pub mod schedule;
pub mod transform;
