//! AWS: the only place that opens a socket to AWS.
//!
//! Takes plain structs and knows nothing of ours; no type of the AWS SDK
//! leaves it. In reading order:
//!
//! | file | what |
//! |---|---|
//! | `settings` | what can be configured, as plain data |
//! | `client` | [`Aws`], its [`Region`]s, and the account |
//! | `events/` | EventBridge's calls, one file per noun |
//! | `dynamodb/`, `lambda/`, `iam`, `sqs`, `logs`, `tagging`, `sts` | the calls of other services |
//! | `call` | the loop around every call: limit, timeout, retry, cancel |
//! | `pages`, `own_bus`, `tag_pages` | what was read before, and own writes over it |
//! | `gather` | targets of one rule, put in one call |
//! | `retry`, `limiter`, `waits`, `locks` | what the loop and callers need |
//! | `error`, `classify` | what a failed call says |
//! | `config`, `credentials`, `assume_role`, `http` | from settings to SDK clients |
//! | `arn`, `service`, `tags`, `secret` | words used everywhere |

mod account;
mod arn;
mod assume_role;
mod call;
mod classify;
mod client;
mod config;
mod convert;
mod credentials;
pub mod dynamodb;
mod error;
pub mod events;
mod gather;
mod http;
mod http_insecure;
pub mod iam;
pub mod lambda;
mod limiter;
mod locks;
pub mod logs;
mod own_bus;
mod pages;
mod retry;
mod sdk;
mod secret;
mod service;
mod settings;
pub mod sqs;
mod sts;
mod tag_pages;
mod tagging;
mod tags;
#[cfg(test)]
mod testing;
mod waits;

pub use arn::{Arn, BusRef};
pub use client::{Aws, Region};
pub use error::{AwsError, ErrorKind};
pub use locks::Locks;
pub use secret::Secret;
pub use service::Service;
pub use settings::{AssumeRole, Settings, UserAgent, WebIdentity};
pub use tagging::Tagging;
pub use tags::Tags;
pub use waits::{WAIT_SCALE, scale, scaled};
