//! What a person runs by hand. Knows neither the plugin protocol nor AWS.

pub mod adopt;
