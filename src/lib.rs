pub mod plugin;
pub mod provider;
pub mod schedule;
pub mod transform;
pub mod json;
pub mod cli;
