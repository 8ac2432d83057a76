//! The connection's schema: the blocks of hashicorp/aws, and a write-only
//! variant of every secret.

use super::super::shared::{adopt, https, kms, region};
use crate::provider::{Attribute, Check, NestedBlock, Schema, timeouts};

pub fn schema() -> Schema {
    Schema::new(
        "A connection: how requests to API destinations are authorized, and with which secrets.\n\nEventBridge keeps \
         the secrets in a secret of its own and never returns them. With the write-only variant of an argument \
         (`…_wo`, Terraform 1.11) they stay out of the state too.",
    )
    .attribute(
        Attribute::string("name")
            .required()
            .replaces()
            .check(Check::matches(
                r"[.\-_A-Za-z0-9]{1,64}",
                "a connection name: 1 to 64 letters, digits, `.`, `-` or `_`",
            ))
            .describe("Name of the connection."),
    )
    .attribute(
        Attribute::string("authorization_type")
            .required()
            .check(Check::one_of(&["API_KEY", "BASIC", "OAUTH_CLIENT_CREDENTIALS"]))
            .describe("`API_KEY`, `BASIC` or `OAUTH_CLIENT_CREDENTIALS`; `auth_parameters` has the block of that kind."),
    )
    .attribute(
        Attribute::string("description")
            .optional()
            .check(Check::length(0, 512))
            .describe("Description of the connection."),
    )
    .attribute(
        kms::attribute()
            .describe("Customer managed KMS key for the secret: key id, key ARN, alias name or alias ARN."),
    )
    .attribute(adopt::attribute())
    .attribute(region::attribute())
    .attribute(Attribute::string("arn").computed().describe("ARN of the connection."))
    .attribute(
        Attribute::string("secret_arn")
            .computed()
            .describe("ARN of the Secrets Manager secret that EventBridge keeps for the connection."),
    )
    .attribute(Attribute::string("id").computed().describe("Name of the connection."))
    .block(auth_parameters())
    .block(
        connectivity("invocation_connectivity_parameters")
            .describe("The private network in which the API destinations' endpoints are."),
    )
    .block(timeouts::block(&["create", "update", "delete"]))
    .iam(&[
        "events:CreateConnection",
        "events:DescribeConnection",
        "events:UpdateConnection",
        "events:DeleteConnection",
        "secretsmanager:CreateSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecret",
        "secretsmanager:DeleteSecret",
        "iam:CreateServiceLinkedRole",
    ])
    .import(&["NAME"])
}

fn auth_parameters() -> NestedBlock {
    NestedBlock::list("auth_parameters")
        .min(1)
        .max(1)
        .describe("What authorizes the requests: one of `api_key`, `basic` and `oauth`.")
        .block(
            NestedBlock::list("api_key")
                .max(1)
                .describe("A header with a secret value.")
                .attribute(
                    Attribute::string("key")
                        .required()
                        .check(header_text())
                        .describe("Name of the header."),
                )
                .attribute(
                    secret("value")
                        .check(header_text())
                        .describe("Value of the header."),
                )
                .attribute(write_only("value_wo").check(header_text()))
                .attribute(version("value_wo_version")),
        )
        .block(
            NestedBlock::list("basic")
                .max(1)
                .describe("User name and password (RFC 7617).")
                .attribute(
                    Attribute::string("username")
                        .required()
                        .check(header_text())
                        .describe("User name."),
                )
                .attribute(
                    secret("password")
                        .check(header_text())
                        .describe("Password."),
                )
                .attribute(write_only("password_wo").check(header_text()))
                .attribute(version("password_wo_version")),
        )
        .block(oauth())
        .block(http_parameters("invocation_http_parameters").describe(
            "Further headers, query string and body parameters of each request to the endpoint.",
        ))
        .block(
            connectivity("connectivity_parameters")
                .describe("The private network in which the authorization endpoint is."),
        )
}

fn oauth() -> NestedBlock {
    NestedBlock::list("oauth")
        .max(1)
        .describe("OAuth 2.0 client credentials (RFC 6749, section 4.4).")
        .attribute(
            Attribute::string("authorization_endpoint")
                .required()
                .check(Check::length(1, 2048))
                .check(https::url())
                .describe("HTTPS URL that gives the token."),
        )
        .attribute(
            Attribute::string("http_method")
                .required()
                .check(Check::one_of(&["GET", "POST", "PUT"]))
                .describe("`GET`, `POST` or `PUT`."),
        )
        .block(
            NestedBlock::list("client_parameters")
                .min(1)
                .max(1)
                .describe("Who asks for the token.")
                .attribute(
                    Attribute::string("client_id")
                        .required()
                        .check(header_text())
                        .describe("Client id."),
                )
                .attribute(
                    secret("client_secret")
                        .check(header_text())
                        .describe("Client secret."),
                )
                .attribute(write_only("client_secret_wo").check(header_text()))
                .attribute(version("client_secret_wo_version")),
        )
        .block(
            http_parameters("oauth_http_parameters").min(1).describe(
                "Further headers, query string and body parameters of the token request.",
            ),
        )
}

/// Lists, not sets: Terraform allows no write-only arguments in a set.
fn http_parameters(name: &'static str) -> NestedBlock {
    let header_key = Check::matches(
        r"[!#$%&'*+\-.^_`|~0-9a-zA-Z]{1,512}",
        "a header name of at most 512 characters",
    );
    let header_value = Check::matches(
        r"[\t\x20-\x7E]{0,512}",
        "at most 512 printable ASCII characters",
    );
    let query_key = Check::matches(
        r"[^\x00-\x1F\x7F]{1,512}",
        "1 to 512 characters, none of control",
    );
    let query_value = Check::matches(
        r"[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F]{0,512}",
        "at most 512 characters, none of control",
    );
    NestedBlock::list(name)
        .max(1)
        .block(parameter("body", &[], &[]).describe("A parameter of the body."))
        .block(parameter("header", &[header_key], &[header_value]).describe("A header."))
        .block(
            parameter("query_string", &[query_key], &[query_value])
                .describe("A parameter of the query string."),
        )
}

fn parameter(name: &'static str, key: &[Check], value: &[Check]) -> NestedBlock {
    let with = |mut attribute: Attribute, checks: &[Check]| {
        attribute.checks.extend_from_slice(checks);
        attribute
    };
    NestedBlock::list(name)
        .max(100)
        .attribute(with(
            Attribute::string("key").optional().describe("Name."),
            key,
        ))
        .attribute(with(secret("value").describe("Value."), value))
        .attribute(with(write_only("value_wo"), value))
        .attribute(version("value_wo_version"))
        .attribute(
            Attribute::bool("is_value_secret")
                .default(false)
                .describe("Whether EventBridge keeps the value as a secret and never returns it."),
        )
}

fn connectivity(name: &'static str) -> NestedBlock {
    let configuration = Check::matches(
        r"arn:[a-z0-9-]+:vpc-lattice:[a-zA-Z0-9-]+:[0-9]{12}:resourceconfiguration/rcfg-[0-9a-z]{17}",
        "the ARN of a VPC Lattice resource configuration (`arn:…:resourceconfiguration/rcfg-…`)",
    );
    NestedBlock::list(name).max(1).block(
        NestedBlock::list("resource_parameters")
            .min(1)
            .max(1)
            .describe("The VPC Lattice resource configuration that leads there.")
            .attribute(
                Attribute::string("resource_configuration_arn")
                    .required()
                    .check(configuration)
                    .describe("ARN of the resource configuration."),
            )
            .attribute(
                Attribute::string("resource_association_arn")
                    .computed()
                    .describe("ARN of the association that EventBridge made with it."),
            ),
    )
}

/// Optional, because the write-only variant may stand in its place.
fn secret(name: &'static str) -> Attribute {
    Attribute::string(name).optional().sensitive()
}

fn write_only(name: &'static str) -> Attribute {
    Attribute::string(name).optional().write_only().describe(
        "The same, write-only: it is sent and stored nowhere. Needs the version beside it.",
    )
}

fn version(name: &'static str) -> Attribute {
    Attribute::number(name)
        .optional()
        .check(Check::range(0, i64::MAX))
        .describe("Raise it whenever the write-only value has changed, to have the new one sent.")
}

/// What a header may hold: AWS's AuthHeaderParameters.
fn header_text() -> Check {
    Check::matches(
        r"[^\x00-\x08\x0A-\x1F:\x7F]{1,512}",
        "1 to 512 characters without colons and control characters",
    )
}
