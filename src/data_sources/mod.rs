//! One file per data source.

mod bus;
mod buses;
mod connection;
mod pattern_test;
mod rule;
mod rules;
mod source;

pub use bus::Bus;
pub use buses::Buses;
pub use connection::Connection;
pub use pattern_test::PatternTest;
pub use rule::Rule;
pub use rules::Rules;
pub use source::Source;
