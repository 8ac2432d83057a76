//! The block's arguments.

use super::other_endpoints;
use crate::aws::Service;
use crate::provider::{
    Attribute, Check, NestedBlock, Schema, types::Type, validate::parse_duration,
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
                 raise it with the account's quota. Terraform runs each provider block in a process of its own: \
                 divide the quota among those of one account and region.",
            ),
        strings("user_agent", "Words to append to the `User-Agent` header. Also `TF_APPEND_USER_AGENT`."),
        flag("s3_use_path_style", NO_EFFECT),
        string("s3_us_east_1_regional_endpoint", NO_EFFECT),
        string("tag_policy_compliance", NO_EFFECT),
    ]
}

// What both ways to assume a role ask of the session.

fn duration() -> Attribute {
    let check = Check::text("must be a duration, such as \"1h\"", |text| {
        parse_duration(text).map(drop)
    });
    string("duration", "How long the session lasts, `15m` to `12h`.").check(check)
}

fn policy() -> Attribute {
    let description = "IAM policy, JSON, that narrows the session's rights.";
    string("policy", description).check(Check::json())
}

fn policy_arns() -> Attribute {
    Attribute::new("policy_arns", Type::set(Type::String))
        .optional()
        .check(Check::arn().each())
        .describe("ARNs of managed policies that narrow the session's rights.")
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
        .attribute(duration())
        .attribute(policy())
        .attribute(policy_arns())
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
        .attribute(duration())
        .attribute(policy())
        .attribute(policy_arns())
}

fn endpoints() -> NestedBlock {
    let keys = Service::ALL.into_iter().flat_map(|service| {
        let keys = service.endpoint_keys().iter().copied();
        keys.map(move |key| (key, endpoint(service)))
    });
    let block = NestedBlock::set("endpoints").describe(
        "Endpoint URLs by service, for emulators and private endpoints. Also `AWS_ENDPOINT_URL`.",
    );
    let block = keys.fold(block, |block, (key, description)| {
        block.attribute(string(key, description))
    });
    other_endpoints::KEYS
        .iter()
        .fold(block, |block, key| block.attribute(string(key, NO_EFFECT)))
}

fn endpoint(service: Service) -> &'static str {
    match service {
        Service::Events => "Endpoint URL of EventBridge, under one of its three names.",
        Service::DynamoDb => "Endpoint URL of DynamoDB.",
        Service::Lambda => "Endpoint URL of Lambda.",
        Service::Iam => "Endpoint URL of IAM.",
        Service::Sqs => "Endpoint URL of SQS.",
        Service::Sts => "Endpoint URL of STS.",
        Service::Logs => "Endpoint URL of CloudWatch Logs, under one of its three names.",
        Service::Tagging => {
            "Endpoint URL of the Resource Groups Tagging API, under one of its two names."
        }
    }
}
