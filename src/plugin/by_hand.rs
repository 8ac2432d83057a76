//! What a person sees who starts the program: Terraform does so otherwise.

use std::io::Write;

use serde_json::json;

use super::ADDRESS;
use super::handshake::PROTOCOL;
use super::socket::Address;

/// Prints to stderr.
pub fn say(text: &str) {
    // Nothing is left to do when stderr is closed.
    drop(std::io::stderr().write_all(text.as_bytes()));
}

/// The program's name and version.
#[must_use]
pub fn version() -> String {
    format!(
        "{} {} (plugin protocol {PROTOCOL})\n",
        env!("CARGO_PKG_NAME"),
        env!("PROVIDER_VERSION")
    )
}

/// What the program can do for a person.
#[must_use]
pub fn help() -> String {
    format!(
        "{}
A Terraform and OpenTofu provider for Amazon EventBridge. Terraform starts it itself.

Usage:
  terraform-provider-eventbridge match …    try an event pattern on events
  terraform-provider-eventbridge adopt …    rewrite a configuration from hashicorp/aws
  terraform-provider-eventbridge --debug    serve, and print what TF_REATTACH_PROVIDERS must be
  terraform-provider-eventbridge --version
  terraform-provider-eventbridge --help

Each command tells more with --help.
",
        version()
    )
}

/// What stands there when someone runs the program as if it were one.
#[must_use]
pub fn not_by_hand() -> String {
    "This program is a Terraform provider: a plugin that Terraform or OpenTofu starts itself.

To use it, write in a configuration

  terraform {
    required_providers {
      eventbridge = { source = \"eventbridge-rs/eventbridge\" }
    }
  }

and run `terraform init`. What it can do by hand: terraform-provider-eventbridge --help
"
    .to_owned()
}

/// How to tell Terraform of a provider that runs already.
#[must_use]
pub fn reattach(address: &Address, process: u32) -> String {
    let providers = json!({
        ADDRESS: {
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": process,
            "Test": true,
            "Addr": { "Network": address.network, "String": address.place },
        }
    });
    format!(
        "The provider serves, without TLS, until Ctrl-C. In another terminal:

  export TF_REATTACH_PROVIDERS='{providers}'
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reattach_is_what_terraform_reads() {
        let address = Address {
            network: "unix",
            place: "/run/x/s".into(),
        };
        let text = reattach(&address, 7);
        let json = text.split('\'').nth(1).unwrap();
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        let ours = &json[ADDRESS];
        assert_eq!(ours["Protocol"], "grpc");
        assert_eq!(ours["ProtocolVersion"], 6);
        assert_eq!(ours["Pid"], 7);
        assert_eq!(
            ours["Addr"],
            json!({"Network": "unix", "String": "/run/x/s"})
        );
    }
}
