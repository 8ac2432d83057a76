//! Certificates, TLS and the gRPC channel, as go-plugin makes them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, PKCS_ECDSA_P521_SHA512};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs::sign::any_ecdsa_type;
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::transport::{Channel, Endpoint};

/// Terraform's side: a P-521 certificate that is its own authority.
pub struct Client {
    pub certificate: CertificateDer<'static>,
    pub pem: String,
    key: PrivateKeyDer<'static>,
}

impl Client {
    pub fn new() -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).expect("a P-521 key");
        let mut parameters = CertificateParams::new(["localhost".to_owned()]).expect("a name");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = parameters.self_signed(&key).expect("a certificate");
        Self {
            pem: certificate.pem(),
            certificate: certificate.into(),
            key: PrivateKeyDer::try_from(key.serialize_der()).expect("a key"),
        }
    }

    /// Shows another's certificate without having its key.
    pub fn showing(&self, other: &Client) -> Client {
        Client {
            certificate: other.certificate.clone(),
            pem: other.pem.clone(),
            key: self.key.clone_key(),
        }
    }

    /// TLS with this client's certificate, offering these protocols.
    pub fn tls(&self, server: &Handshake, alpn: &[&str]) -> ClientConfig {
        // By hand, for a thief's certificate and key are no pair.
        let key = any_ecdsa_type(&self.key).expect("a P-521 key");
        let pair = CertifiedKey::new(vec![self.certificate.clone()], key);
        let pair = Arc::new(SingleCertAndKey::from(pair));
        offering(server.tls().with_client_cert_resolver(pair), alpn)
    }

    /// A gRPC channel that dials anew whenever it must.
    pub async fn channel(&self, server: &Handshake) -> Channel {
        let tls = Arc::new(self.tls(server, &["h2"]));
        let path = server.path.clone();
        dial(move || {
            let (path, tls) = (path.clone(), tls.clone());
            async move { connect(&path, tls).await }
        })
        .await
    }
}

/// TLS without a certificate, offering these protocols.
pub fn anonymous(server: &Handshake, alpn: &[&str]) -> ClientConfig {
    offering(server.tls().with_no_client_auth(), alpn)
}

fn offering(mut config: ClientConfig, alpn: &[&str]) -> ClientConfig {
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    config
}

/// A gRPC channel without TLS, as `--debug` serves it.
pub async fn plaintext(path: PathBuf) -> Channel {
    dial(move || UnixStream::connect(path.clone())).await
}

async fn dial<F, S>(open: impl Fn() -> F + Send + Sync + 'static) -> Channel
where
    F: Future<Output = io::Result<S>> + Send + 'static,
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let connector = tower::service_fn(move |_| {
        let opened = open();
        async move { opened.await.map(TokioIo::new) }
    });
    Endpoint::from_static("http://localhost")
        .connect_with_connector(connector)
        .await
        .expect("the provider answers")
}

/// One TLS connection.
pub async fn connect(path: &Path, tls: Arc<ClientConfig>) -> io::Result<TlsStream<UnixStream>> {
    let stream = UnixStream::connect(path).await?;
    let name = ServerName::try_from("localhost").expect("a name");
    TlsConnector::from(tls).connect(name, stream).await
}

/// What the handshake line says.
pub struct Handshake {
    pub path: PathBuf,
    pub certificate: CertificateDer<'static>,
}

impl Handshake {
    pub fn parse(line: &str) -> Self {
        let parts: Vec<&str> = line.split('|').collect();
        let ["1", "6", "unix", path, "grpc", certificate] = parts[..] else {
            panic!("no handshake line: {line}");
        };
        let certificate = STANDARD_NO_PAD.decode(certificate).expect("base64");
        Self {
            path: path.into(),
            certificate: certificate.into(),
        }
    }

    fn tls(&self) -> rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert> {
        let crypto = Arc::new(aws_lc_rs::default_provider());
        let pinned = PinnedServer(self.certificate.clone(), crypto.clone());
        ClientConfig::builder_with_provider(crypto)
            .with_safe_default_protocol_versions()
            .expect("TLS 1.2 and 1.3")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(pinned))
    }
}

/// The one certificate of the handshake line, which no chain of trust knows.
#[derive(Debug)]
struct PinnedServer(CertificateDer<'static>, Arc<CryptoProvider>);

impl ServerCertVerifier for PinnedServer {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        assert_eq!(*end_entity, self.0, "the line's certificate");
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.1.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.1.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.1.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}
