//! How fast patterns are parsed, matched and explained. See docs/benchmarks.md.
fn main() {}
