//! What is said before the first call: Terraform's demands in the environment,
//! our one line on stdout.
//!
//! Knows the environment's names and the line's form; must not know sockets,
//! TLS or calls.

use std::ffi::OsString;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::socket::Address;

/// Terraform's sign that it, and not a person, has started us. Not a secret.
pub const COOKIE_NAME: &str = "TF_PLUGIN_MAGIC_COOKIE";
/// The cookie's one value.
pub const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
/// The protocol that we speak; its minor number is never on the wire.
pub const PROTOCOL: &str = "6";
/// The version of the handshake line itself.
const LINE: &str = "1";

/// Reads a variable of the environment; a function, so that tests need no process.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// What Terraform asks of this process.
#[derive(Debug)]
pub struct Demands {
    /// The one certificate that may call us.
    pub client: CertificateDer<'static>,
    /// Ports that TCP may use, where there are no unix sockets.
    pub ports: std::ops::RangeInclusive<u16>,
}

/// Why this process does not serve.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Refusal {
    /// Started by hand: not an error, but there is nothing to serve.
    #[error("this program is a provider plugin: Terraform starts it")]
    NoCookie,
    /// Terraform before 1.0, or something else altogether.
    #[error(
        "this provider speaks plugin protocol 6, and the program that started it offers only \
         {0:?} (in PLUGIN_PROTOCOL_VERSIONS); use Terraform 1.0, OpenTofu 1.6 or newer"
    )]
    Protocol(String),
    /// No certificate, so no mutual TLS.
    #[error(
        "there is no client certificate in PLUGIN_CLIENT_CERT, so anyone on this machine could \
         use the provider's AWS credentials; unset TF_DISABLE_PLUGIN_TLS (which makes Terraform \
         leave the certificate out) and run again"
    )]
    NoCertificate,
    /// A certificate that is none.
    #[error("the client certificate in PLUGIN_CLIENT_CERT is not a PEM certificate: {0}")]
    BadCertificate(String),
}

/// Reads Terraform's demands.
///
/// # Errors
/// A [`Refusal`], whose text tells a person what to change.
pub fn demands(environment: Environment) -> Result<Demands, Refusal> {
    let text = |name: &str| environment(name).and_then(|value| value.into_string().ok());
    if text(COOKIE_NAME).as_deref() != Some(COOKIE) {
        return Err(Refusal::NoCookie);
    }
    // A set in any order. A host that sends none learns our version from the line.
    if let Some(offered) = text("PLUGIN_PROTOCOL_VERSIONS")
        && !offered.split(',').any(|each| each.trim() == PROTOCOL)
    {
        return Err(Refusal::Protocol(offered));
    }
    let pem = text("PLUGIN_CLIENT_CERT").filter(|pem| !pem.trim().is_empty());
    let pem = pem.ok_or(Refusal::NoCertificate)?;
    let client = CertificateDer::from_pem_slice(pem.as_bytes())
        .map_err(|error| Refusal::BadCertificate(error.to_string()))?;
    let port = |name, default| text(name).and_then(|n| n.parse().ok()).unwrap_or(default);
    let ports = port("PLUGIN_MIN_PORT", 10_000)..=port("PLUGIN_MAX_PORT", 25_000);
    Ok(Demands { client, ports })
}

/// The line that tells Terraform where and how to call:
/// `1|6|unix|/path|grpc|CERTIFICATE`.
#[must_use]
pub fn line(address: &Address, certificate: &CertificateDer) -> String {
    let certificate = STANDARD_NO_PAD.encode(certificate);
    let Address { network, place } = address;
    format!("{LINE}|{PROTOCOL}|{network}|{place}|grpc|{certificate}")
}

/// Prints the one line that stdout ever sees.
///
/// # Errors
/// When nobody reads it: Terraform died already.
pub fn announce(line: &str) -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pem() -> String {
        let key = rcgen::KeyPair::generate().unwrap();
        let parameters = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        parameters.self_signed(&key).unwrap().pem()
    }

    fn with(pairs: &[(&str, &str)]) -> Result<Demands, Refusal> {
        demands(&|name| {
            let found = pairs.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn without_the_cookie_nothing_is_served() {
        assert_eq!(with(&[]).unwrap_err(), Refusal::NoCookie);
        assert_eq!(with(&[(COOKIE_NAME, "x")]).unwrap_err(), Refusal::NoCookie);
    }

    #[test]
    fn the_offered_protocols_are_a_set() {
        let pem = pem();
        for offer in ["5,6", "6,5", "6", " 6 ,5"] {
            let pairs = [
                (COOKIE_NAME, COOKIE),
                ("PLUGIN_PROTOCOL_VERSIONS", offer),
                ("PLUGIN_CLIENT_CERT", &pem),
            ];
            assert!(with(&pairs).is_ok(), "{offer}");
        }
        let old = [(COOKIE_NAME, COOKIE), ("PLUGIN_PROTOCOL_VERSIONS", "4,5")];
        let refusal = with(&old).unwrap_err();
        assert_eq!(refusal, Refusal::Protocol("4,5".into()));
    }

    #[test]
    fn a_missing_certificate_names_the_variable_to_unset() {
        let refusal = with(&[(COOKIE_NAME, COOKIE)]).unwrap_err();
        assert_eq!(refusal, Refusal::NoCertificate);
        assert!(refusal.to_string().contains("TF_DISABLE_PLUGIN_TLS"));
        let bad = with(&[(COOKIE_NAME, COOKIE), ("PLUGIN_CLIENT_CERT", "junk")]);
        assert!(matches!(bad.unwrap_err(), Refusal::BadCertificate(_)));
    }

    #[test]
    fn ports_come_from_the_environment() {
        let pem = pem();
        let mut pairs = vec![(COOKIE_NAME, COOKIE), ("PLUGIN_CLIENT_CERT", &pem)];
        assert_eq!(with(&pairs).unwrap().ports, 10_000..=25_000);
        pairs.extend([("PLUGIN_MIN_PORT", "7000"), ("PLUGIN_MAX_PORT", "7001")]);
        assert_eq!(with(&pairs).unwrap().ports, 7000..=7001);
    }

    #[test]
    fn the_line_carries_the_certificate_unpadded() {
        let address = Address {
            network: "unix",
            place: "/tmp/s".into(),
        };
        let certificate = CertificateDer::from(vec![1, 2, 3, 4]);
        assert_eq!(line(&address, &certificate), "1|6|unix|/tmp/s|grpc|AQIDBA");
    }
}
