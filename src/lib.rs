pub mod plugin;
pub mod schedule;
pub mod transform;
pub mod json;
