//! The provider block: every argument of hashicorp/aws's, so that a copied
//! block works, and `max_requests_per_second`.
//!
//! Reading it contacts nobody and looks up no credentials.

mod other_endpoints;
mod schema;
mod settings;
mod tags;

pub use schema::{NO_EFFECT, schema};

use super::context::Context;
use crate::aws::Service;
use crate::provider::{Configured, Conventions, Diagnostics, Path, Value, validate::conflicts};

/// Checks across arguments.
pub fn validate(config: &Value, out: &mut Diagnostics) {
    conflicts(
        config,
        &["allowed_account_ids", "forbidden_account_ids"],
        out,
    );
    for (i, role) in config.get("assume_role").items().iter().enumerate() {
        if role.get("role_arn").is_null() || role.get("role_arn").as_str() == Some("") {
            out.error_at(
                Path::of("assume_role").index(i),
                "Missing role_arn in assume_role",
                "Each `assume_role` block names a role: set `role_arn`, or remove the block.",
            );
        }
    }
    for block in config.get("endpoints").items() {
        for service in Service::ALL {
            let mut set = service
                .endpoint_keys()
                .iter()
                .filter(|key| block.get(key).as_set_str().is_some());
            if let (Some(first), Some(second)) = (set.next(), set.next()) {
                out.error_at(
                    Path::of("endpoints"),
                    format!("Endpoint {first} set twice"),
                    format!("`{first}` and `{second}` name the same service; keep one of them."),
                );
            }
        }
    }
}

/// The context and conventions that a block makes.
pub async fn configure(config: &Value, terraform_version: &str) -> Configured<Context> {
    let ctx = Context::new(
        settings::settings(config, terraform_version),
        settings::unknown_settings(config),
    );
    let region = if config.get("region").is_unknown() {
        Value::unknown()
    } else {
        ctx.aws().region_name().await.ok().into()
    };
    let conventions = Conventions {
        region,
        default_tags: tags::default_tags(config),
        ignore_tags: tags::ignore_tags(config),
    };
    Configured { ctx, conventions }
}
