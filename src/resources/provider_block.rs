//! The provider block: every argument of hashicorp/aws's, so that a copied
//! block works, and `max_requests_per_second`.
//!
//! Reading it contacts nobody and looks up no credentials.

use std::collections::BTreeMap;
use std::env;

use super::context::Context;
use super::other_endpoints;
use crate::aws::{AssumeRole, Secret, Service, Settings, UserAgent, WebIdentity};
use crate::provider::{
    Attribute, Check, Configured, Conventions, Diagnostics, IgnoreTags, NestedBlock, Path, Schema,
    Value,
    conventions::text_map,
    types::Type,
    validate::{conflicts, parse_duration},
};

/// What is said of arguments that mean nothing here.
pub const NO_EFFECT: &str = "Accepted so that a copied block works; no effect here.";

/// The block's schema.
pub fn schema() -> Schema {
    Schema::new(
        "Manages Amazon EventBridge: buses, rules, targets and whole product log pipelines. Event patterns are \
         checked, tested and explained in the plan, offline.\n\nThe arguments are those of hashicorp/aws's provider \
         block. Nothing is contacted, and no credentials are looked up, before a call needs them.",
    )
    .attributes(where_and_who())
    .attributes(network())
    .attributes(behaviour())
    .block(assume_role())
    .block(assume_role_with_web_identity())
    .block(
        NestedBlock::list("default_tags").describe("Tags for all objects that can have them.").attribute(
            Attribute::new("tags", Type::map(Type::String))
                .optional()
                .describe("The tags. Also `TF_AWS_DEFAULT_TAGS_<key>` in the environment."),
        ),
    )
    .block(
        NestedBlock::list("ignore_tags")
            .describe("Tags that others manage: never shown as drift, never removed.")
            .attribute(
                Attribute::new("keys", Type::set(Type::String))
                    .optional()
                    .describe("Keys to ignore. Also `TF_AWS_IGNORE_TAGS_KEYS`, separated by commas."),
            )
            .attribute(
                Attribute::new("key_prefixes", Type::set(Type::String))
                    .optional()
                    .describe("Beginnings of keys to ignore. Also `TF_AWS_IGNORE_TAGS_KEY_PREFIXES`."),
            ),
    )
    .block(endpoints())
}

fn string(name: &'static str, markdown: &'static str) -> Attribute {
    Attribute::string(name).optional().describe(markdown)
}

fn flag(name: &'static str, markdown: &'static str) -> Attribute {
    Attribute::bool(name).optional().describe(markdown)
}

fn strings(name: &'static str, markdown: &'static str) -> Attribute {
    Attribute::new(name, Type::list(Type::String))
        .optional()
        .describe(markdown)
}

fn accounts(name: &'static str, markdown: &'static str) -> Attribute {
    let id = Check::matches("[0-9]{12}", "an account id of twelve digits").each();
    Attribute::new(name, Type::set(Type::String))
        .optional()
        .check(id)
        .describe(markdown)
}

fn where_and_who() -> Vec<Attribute> {
    vec![
        string(
            "region",
            "Region of the calls. Also `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile's.",
        ),
        string(
            "profile",
            "Profile of the shared configuration files. Also `AWS_PROFILE`.",
        ),
        strings(
            "shared_config_files",
            "Shared configuration files; `~/.aws/config` when absent.",
        ),
        strings(
            "shared_credentials_files",
            "Shared credentials files; `~/.aws/credentials` when absent.",
        ),
        string("access_key", "Access key id. Also `AWS_ACCESS_KEY_ID`."),
        string(
            "secret_key",
            "Secret access key. Also `AWS_SECRET_ACCESS_KEY`.",
        )
        .sensitive(),
        string(
            "token",
            "Session token of temporary credentials. Also `AWS_SESSION_TOKEN`.",
        )
        .sensitive(),
        accounts(
            "allowed_account_ids",
            "The only accounts in which anything may be called.",
        ),
        accounts(
            "forbidden_account_ids",
            "Accounts in which nothing may be called.",
        ),
        flag(
            "skip_credentials_validation",
            "Whether to leave out the check of the credentials with STS.",
        ),
        flag(
            "skip_requesting_account_id",
            "Whether never to ask STS for the account. `allowed_account_ids` and `forbidden_account_ids` need it.",
        ),
        flag(
            "skip_region_validation",
            "Whether to take any text as a region.",
        ),
        Attribute::string("skip_metadata_api_check")
            .optional()
            .check(Check::one_of(&["true", "false"]))
            .describe("`\"true\"`: never ask the instance metadata service for credentials."),
        string(
            "sts_region",
            "Region of the STS calls, when not the provider's.",
        ),
    ]
}

fn network() -> Vec<Attribute> {
    vec![
        string(
            "ec2_metadata_service_endpoint",
            "Address of the instance metadata service. Also `AWS_EC2_METADATA_SERVICE_ENDPOINT`.",
        ),
        string(
            "ec2_metadata_service_endpoint_mode",
            "`IPv4` or `IPv6`. Also `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE`.",
        )
        .check(Check::one_of(&["IPv4", "IPv6"])),
        flag(
            "use_fips_endpoint",
            "Whether to use FIPS endpoints. Also `AWS_USE_FIPS_ENDPOINT`.",
        ),
        flag(
            "use_dualstack_endpoint",
            "Whether to use dual-stack endpoints. Also `AWS_USE_DUALSTACK_ENDPOINT`.",
        ),
        string("http_proxy", "Proxy for plain HTTP. Also `HTTP_PROXY`."),
        string("https_proxy", "Proxy for HTTPS. Also `HTTPS_PROXY`."),
        string(
            "no_proxy",
            "Hosts to reach without a proxy, separated by commas. Also `NO_PROXY`.",
        ),
        string(
            "custom_ca_bundle",
            "PEM file of the certificate authorities to trust. Also `AWS_CA_BUNDLE`.",
        ),
        flag(
            "insecure",
            "Whether to accept any server certificate. Only for tests.",
        ),
    ]
}

fn behaviour() -> Vec<Attribute> {
    vec![
        Attribute::number("max_retries")
            .optional()
            .check(Check::range(0, 1000))
            .describe("Tries of one call in all, the first included; 25 when absent. Also `AWS_MAX_ATTEMPTS`."),
        string("retry_mode", "`standard` or `adaptive`. Retries always adapt here. Also `AWS_RETRY_MODE`.")
            .check(Check::one_of(&["standard", "adaptive", "legacy"])),
        Attribute::number("token_bucket_rate_limiter_capacity")
            .optional()
            .check(Check::range(0, 1_000_000))
            .describe("How many retries may be under way before calls fail at once; 0: no limit."),
        Attribute::number("max_requests_per_second")
            .optional()
            .check(Check::range(1, 100_000))
            .describe(
                "Requests per second to each service of a region. EventBridge's documented quota, 50, when absent; \
                 raise it with the account's quota.",
            ),
        strings("user_agent", "Words to append to the `User-Agent` header. Also `TF_APPEND_USER_AGENT`."),
        flag("s3_use_path_style", NO_EFFECT),
        string("s3_us_east_1_regional_endpoint", NO_EFFECT),
        string("tag_policy_compliance", NO_EFFECT),
    ]
}

fn duration() -> Check {
    Check::text("must be a duration, such as \"1h\"", |text| {
        parse_duration(text).map(drop)
    })
}

fn assume_role() -> NestedBlock {
    NestedBlock::list("assume_role")
        .describe("A role to assume; several are assumed one after the other.")
        .attribute(string("role_arn", "ARN of the role.").check(Check::arn()))
        .attribute(string("session_name", "Name of the session."))
        .attribute(string(
            "external_id",
            "External id that the role's trust policy asks for.",
        ))
        .attribute(
            string("duration", "How long the session lasts, `15m` to `12h`.").check(duration()),
        )
        .attribute(
            string(
                "policy",
                "IAM policy, JSON, that narrows the session's rights.",
            )
            .check(Check::json()),
        )
        .attribute(
            Attribute::new("policy_arns", Type::set(Type::String))
                .optional()
                .check(Check::arn().each())
                .describe("ARNs of managed policies that narrow the session's rights."),
        )
        .attribute(string("source_identity", "Source identity of the session."))
        .attribute(
            Attribute::new("tags", Type::map(Type::String))
                .optional()
                .describe("Tags of the session."),
        )
        .attribute(
            Attribute::new("transitive_tag_keys", Type::set(Type::String))
                .optional()
                .describe("Tags that later sessions of a chain inherit."),
        )
}

fn assume_role_with_web_identity() -> NestedBlock {
    NestedBlock::list("assume_role_with_web_identity")
        .max(1)
        .describe("A role to assume with a token of an identity provider.")
        .attribute(string("role_arn", "ARN of the role. Also `AWS_ROLE_ARN`.").check(Check::arn()))
        .attribute(string(
            "session_name",
            "Name of the session. Also `AWS_ROLE_SESSION_NAME`.",
        ))
        .attribute(string("web_identity_token", "The token itself.").sensitive())
        .attribute(string(
            "web_identity_token_file",
            "File that holds it. Also `AWS_WEB_IDENTITY_TOKEN_FILE`.",
        ))
        .attribute(
            string("duration", "How long the session lasts, `15m` to `12h`.").check(duration()),
        )
        .attribute(
            string(
                "policy",
                "IAM policy, JSON, that narrows the session's rights.",
            )
            .check(Check::json()),
        )
        .attribute(
            Attribute::new("policy_arns", Type::set(Type::String))
                .optional()
                .check(Check::arn().each())
                .describe("ARNs of managed policies that narrow the session's rights."),
        )
}

fn endpoints() -> NestedBlock {
    let keys = Service::ALL
        .into_iter()
        .flat_map(|service| service.endpoint_keys().iter().copied());
    let block = NestedBlock::set("endpoints").describe(
        "Endpoint URLs by service, for emulators and private endpoints. Also `AWS_ENDPOINT_URL`.",
    );
    let block = keys.fold(block, |block, key| {
        block.attribute(string(
            key,
            "Endpoint URL of the service (aliases mean the same service).",
        ))
    });
    other_endpoints::KEYS
        .iter()
        .fold(block, |block, key| block.attribute(string(key, NO_EFFECT)))
}

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
        settings(config, terraform_version),
        unknown_settings(config),
    );
    let region = if config.get("region").is_unknown() {
        Value::unknown()
    } else {
        ctx.aws().region_name().await.ok().into()
    };
    let conventions = Conventions {
        region,
        default_tags: default_tags(config),
        ignore_tags: ignore_tags(config),
    };
    Configured { ctx, conventions }
}

/// Settings without which no call can be made, as far as they are unknown.
/// Tags are not among them: they only make `tags_all` unknown.
fn unknown_settings(config: &Value) -> Vec<&'static str> {
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

fn settings(config: &Value, terraform_version: &str) -> Settings {
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

/// The block's tags over those of the environment.
fn default_tags(config: &Value) -> Value {
    const PREFIX: &str = "TF_AWS_DEFAULT_TAGS_";
    let mut tags: BTreeMap<String, Value> = env::vars()
        .filter_map(|(name, value)| {
            Some((name.strip_prefix(PREFIX)?.to_owned(), Value::from(value)))
        })
        .filter(|(key, _)| !key.is_empty())
        .collect();
    let blocks = config.get("default_tags");
    if blocks.is_unknown() {
        return Value::unknown();
    }
    for block in blocks.items() {
        match block.get("tags") {
            Value::Map(configured) => tags.extend(configured.clone()),
            Value::Unknown(_) => return Value::unknown(),
            _ => {}
        }
    }
    Value::Map(tags)
}

fn ignore_tags(config: &Value) -> IgnoreTags {
    let listed = |name: &str| -> Vec<String> {
        let words = env::var(name).unwrap_or_default();
        words
            .split(',')
            .map(str::trim)
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let mut ignored = IgnoreTags {
        keys: listed("TF_AWS_IGNORE_TAGS_KEYS"),
        key_prefixes: listed("TF_AWS_IGNORE_TAGS_KEY_PREFIXES"),
    };
    for block in config.get("ignore_tags").items() {
        ignored.keys.extend(texts(block, "keys"));
        ignored.key_prefixes.extend(texts(block, "key_prefixes"));
    }
    ignored
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name).as_set_str().map(str::to_owned)
}

fn texts(value: &Value, name: &str) -> Vec<String> {
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
