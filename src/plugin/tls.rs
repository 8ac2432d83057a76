//! Mutual TLS: one certificate made for this process, one certificate let in.
//!
//! Knows rustls; must not know sockets or calls. TLS is ended here and not by
//! the gRPC library, because go-plugin's client certificate is a self-signed
//! authority used as a leaf, which chain verification refuses: it is pinned
//! byte for byte instead.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose};
use rcgen::{IsCa, KeyPair, KeyUsagePurpose};
use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, aws_lc_rs};
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, Error};
use rustls::{ServerConfig, SignatureScheme};

/// Terraform looks for this name in the certificate.
const SERVER_NAME: &str = "localhost";

/// Why there can be no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The process's own certificate could not be made.
    #[error("the plugin's certificate could not be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// Certificate and settings do not fit.
    #[error("TLS could not be set up: {0}")]
    Settings(#[from] Error),
}

/// The server's side of mutual TLS: lets in `client` alone, offers HTTP/2.
///
/// Returns the settings and the certificate that the handshake line carries.
///
/// # Errors
/// When the operating system gives no random numbers.
pub fn server(
    client: CertificateDer<'static>,
) -> Result<(ServerConfig, CertificateDer<'static>), TlsError> {
    let (certificate, key) = certificate()?;
    let crypto = Arc::new(aws_lc_rs::default_provider());
    let verifier = Arc::new(PinnedClient::new(client, &crypto));
    let mut settings = ServerConfig::builder_with_provider(crypto)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate.clone()], key)?;
    // Newer gRPC clients leave when the server does not choose HTTP/2 here.
    settings.alpn_protocols = vec![b"h2".to_vec()];
    Ok((settings, certificate))
}

/// A self-signed P-256 certificate. It has to be an authority: Terraform puts it
/// into its pool of roots.
fn certificate() -> Result<(CertificateDer<'static>, PrivateKeyDer<'static>), TlsError> {
    let key = KeyPair::generate()?;
    let mut parameters = CertificateParams::new([SERVER_NAME.to_owned()])?;
    parameters
        .distinguished_name
        .push(DnType::CommonName, SERVER_NAME);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyEncipherment,
        KeyUsagePurpose::KeyAgreement,
        KeyUsagePurpose::KeyCertSign,
    ];
    parameters.extended_key_usages = vec![
        ExtendedKeyUsagePurpose::ClientAuth,
        ExtendedKeyUsagePurpose::ServerAuth,
    ];
    let certificate = parameters.self_signed(&key)?;
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(|e| Error::General(e.into()))?;
    Ok((certificate.into(), key))
}

/// Lets in one certificate, and only whoever holds its private key.
#[derive(Debug)]
struct PinnedClient {
    certificate: CertificateDer<'static>,
    // Terraform's key is P-521, which aws-lc verifies and ring does not.
    algorithms: WebPkiSupportedAlgorithms,
}

impl PinnedClient {
    fn new(certificate: CertificateDer<'static>, crypto: &CryptoProvider) -> Self {
        let algorithms = crypto.signature_verification_algorithms;
        Self {
            certificate,
            algorithms,
        }
    }
}

impl ClientCertVerifier for PinnedClient {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        if *end_entity == self.certificate {
            Ok(ClientCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terraforms_p521_key_can_be_verified() {
        let (client, _) = certificate().unwrap();
        let verifier = PinnedClient::new(client, &aws_lc_rs::default_provider());
        let schemes = verifier.supported_verify_schemes();
        assert!(schemes.contains(&SignatureScheme::ECDSA_NISTP521_SHA512));
    }

    #[test]
    fn only_the_pinned_certificate_is_let_in() {
        let (ours, _) = certificate().unwrap();
        let (other, _) = certificate().unwrap();
        let verifier = PinnedClient::new(ours.clone(), &aws_lc_rs::default_provider());
        let verify = |certificate| {
            verifier.verify_client_cert(
                certificate,
                &[],
                UnixTime::since_unix_epoch(<_>::default()),
            )
        };
        assert!(verify(&ours).is_ok());
        assert!(verify(&other).is_err());
    }

    #[test]
    fn http2_is_offered() {
        let (client, _) = certificate().unwrap();
        let (settings, _) = server(client).unwrap();
        assert_eq!(settings.alpn_protocols, [b"h2".to_vec()]);
    }
}
