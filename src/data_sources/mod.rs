//! One file per data source.

mod pattern_test;
mod rule;
mod rules;

pub use pattern_test::PatternTest;
pub use rule::Rule;
pub use rules::Rules;
