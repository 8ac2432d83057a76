//! From the block to the settings of the AWS clients.

use std::collections::BTreeMap;
use std::env;

use super::schema::schema;
use crate::aws::{AssumeRole, Secret, Service, Settings, UserAgent, WebIdentity};
use crate::provider::{Value, conventions::text_map, validate::parse_duration};

/// Settings without which no call can be made, as far as they are unknown.
/// Tags are not among them: they only make `tags_all` unknown.
pub(super) fn unknown_settings(config: &Value) -> Vec<&'static str> {
    let names = schema().block;
    let attributes = names.attributes.iter().map(|a| a.name);
    let blocks = names
        .blocks
        .iter()
        .map(|b| b.name)
        .filter(|n| !["default_tags", "ignore_tags"].contains(n));
    attributes
        .chain(blocks)
        .filter(|name| !config.get(name).is_wholly_known())
        .collect()
}

pub(super) fn settings(config: &Value, terraform_version: &str) -> Settings {
    Settings {
        region: text(config, "region"),
        profile: text(config, "profile"),
        shared_config_files: texts(config, "shared_config_files"),
        shared_credentials_files: texts(config, "shared_credentials_files"),
        access_key: text(config, "access_key"),
        secret_key: text(config, "secret_key").map(Secret::from),
        token: text(config, "token").map(Secret::from),
        assume_role: config.get("assume_role").items().iter().map(role).collect(),
        assume_role_with_web_identity: config
            .get("assume_role_with_web_identity")
            .items()
            .first()
            .map(web_identity),
        allowed_account_ids: texts(config, "allowed_account_ids"),
        forbidden_account_ids: texts(config, "forbidden_account_ids"),
        skip_credentials_validation: is_true(config, "skip_credentials_validation"),
        skip_requesting_account_id: is_true(config, "skip_requesting_account_id"),
        skip_region_validation: is_true(config, "skip_region_validation"),
        skip_metadata_api_check: text(config, "skip_metadata_api_check").map(|text| text == "true"),
        sts_region: text(config, "sts_region"),
        ec2_metadata_service_endpoint: text(config, "ec2_metadata_service_endpoint"),
        ec2_metadata_service_endpoint_mode: text(config, "ec2_metadata_service_endpoint_mode"),
        max_retries: number(config, "max_retries"),
        retry_mode: text(config, "retry_mode"),
        token_bucket_rate_limiter_capacity: number(config, "token_bucket_rate_limiter_capacity"),
        use_fips_endpoint: config.get("use_fips_endpoint").as_bool(),
        use_dualstack_endpoint: config.get("use_dualstack_endpoint").as_bool(),
        http_proxy: text(config, "http_proxy"),
        https_proxy: text(config, "https_proxy"),
        no_proxy: text(config, "no_proxy"),
        custom_ca_bundle: text(config, "custom_ca_bundle"),
        insecure: is_true(config, "insecure"),
        endpoints: endpoint_urls(config),
        max_requests_per_second: config
            .get("max_requests_per_second")
            .as_i64()
            .map(|n| n as f64),
        user_agent: user_agent(config, terraform_version),
    }
}

fn role(role: &Value) -> AssumeRole {
    AssumeRole {
        role_arn: text(role, "role_arn").unwrap_or_default(),
        session_name: text(role, "session_name"),
        external_id: text(role, "external_id"),
        duration: text(role, "duration").and_then(|d| parse_duration(&d).ok()),
        policy: text(role, "policy"),
        policy_arns: texts(role, "policy_arns"),
        source_identity: text(role, "source_identity"),
        tags: text_map(role.get("tags")),
        transitive_tag_keys: texts(role, "transitive_tag_keys"),
    }
}

fn web_identity(role: &Value) -> WebIdentity {
    WebIdentity {
        role_arn: text(role, "role_arn"),
        session_name: text(role, "session_name"),
        web_identity_token: text(role, "web_identity_token").map(Secret::from),
        web_identity_token_file: text(role, "web_identity_token_file"),
        duration: text(role, "duration").and_then(|d| parse_duration(&d).ok()),
        policy: text(role, "policy"),
        policy_arns: texts(role, "policy_arns"),
    }
}

fn endpoint_urls(config: &Value) -> BTreeMap<Service, String> {
    let mut urls = BTreeMap::new();
    for block in config.get("endpoints").items() {
        for service in Service::ALL {
            let url = service
                .endpoint_keys()
                .iter()
                .find_map(|key| text(block, key));
            if let Some(url) = url {
                urls.insert(service, url);
            }
        }
    }
    urls
}

fn user_agent(config: &Value, terraform_version: &str) -> UserAgent {
    let terraform = format!("Terraform/{terraform_version} (+https://www.terraform.io)");
    let provider = concat!(
        "terraform-provider-eventbridge/",
        env!("PROVIDER_VERSION"),
        " (+https://registry.terraform.io/providers/eventbridge-rs/eventbridge)"
    );
    let mut suffix = texts(config, "user_agent");
    suffix.extend(
        env::var("TF_APPEND_USER_AGENT")
            .ok()
            .filter(|words| !words.trim().is_empty()),
    );
    UserAgent {
        prefix: vec![terraform, provider.to_owned()],
        suffix,
    }
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).as_set_str().map(str::to_owned)
}

pub(super) fn texts(value: &Value, name: &str) -> Vec<String> {
    value
        .get(name)
        .items()
        .iter()
        .filter_map(|v| v.as_set_str().map(str::to_owned))
        .collect()
}

fn is_true(value: &Value, name: &str) -> bool {
    value.get(name).as_bool() == Some(true)
}

fn number(value: &Value, name: &str) -> Option<u32> {
    value.get(name).as_i64().and_then(|n| u32::try_from(n).ok())
}
