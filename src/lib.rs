pub mod aws;
pub mod json;
pub mod plugin;
pub mod provider;
pub mod schedule;
pub mod transform;
pub mod cli;
pub mod pattern;
