//! `eventbridge_product_log_pipeline`: an event published becomes a row logged.

pub mod event_path;
pub mod log_item;
pub mod row;
