//! Provider-defined functions: pure, and run without configuration or credentials.

mod event;
mod explain;
mod json_argument;
mod matches;

pub use event::Event;
pub use explain::Explain;
pub use matches::Matches;
