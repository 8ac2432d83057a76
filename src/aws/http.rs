//! The HTTP client of all AWS calls: proxies, certificates, user agent.
//!
//! TLS is set up at the first `https` request, since reading the system's
//! certificates costs more than the rest of a start.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;

use super::error::AwsError;
use super::http_insecure;
use super::service::Service;
use super::settings::{Settings, UserAgent};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Reached without a proxy, whatever the environment says: loopback, and where
/// instances and containers ask for credentials.
const NEVER_PROXIED: &str = "localhost,127.0.0.1,::1,169.254.169.254,169.254.170.2";

/// The HTTP client that the settings ask for.
pub(super) fn client(settings: &Settings) -> Result<SharedHttpClient, AwsError> {
    let proxies = Proxies::new(settings, |name| std::env::var(name).ok())?;
    let connectors = SharedHttpConnector::new(Connectors {
        plain: SharedHttpConnector::new(connector(&proxies.http)?.build_http()),
        tls: OnceLock::new(),
        proxy: proxies.https,
        ca_bundle: settings
            .custom_ca_bundle
            .clone()
            .or_else(|| std::env::var("AWS_CA_BUNDLE").ok())
            .filter(|path| !path.is_empty()),
        insecure: settings.insecure,
        user_agent: settings.user_agent.clone(),
    });
    Ok(http_client_fn(move |_, _| connectors.clone()))
}

/// One connector for `http`, one for `https`.
struct Connectors {
    plain: SharedHttpConnector,
    tls: OnceLock<Result<SharedHttpConnector, Arc<AwsError>>>,
    proxy: Option<Proxy>,
    ca_bundle: Option<String>,
    insecure: bool,
    user_agent: UserAgent,
}

impl fmt::Debug for Connectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connectors")
    }
}

impl HttpConnector for Connectors {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        // Not part of the signature, so it may be written here.
        if let Some(sdk) = request.headers().get("user-agent") {
            let words = self.user_agent.around(sdk);
            request.headers_mut().insert("user-agent", words);
        }
        if !request.uri().starts_with("https:") {
            return self.plain.call(request);
        }
        match self.tls.get_or_init(|| self.tls().map_err(Arc::new)) {
            Ok(connector) => connector.call(request),
            Err(error) => {
                let error = ConnectorError::user(Box::new(AwsError::clone(error)));
                HttpConnectorFuture::ready(Err(error))
            }
        }
    }
}

impl Connectors {
    fn tls(&self) -> Result<SharedHttpConnector, AwsError> {
        if self.insecure {
            return http_insecure::connector(self.proxy.as_ref());
        }
        let mut context = TlsContext::builder();
        if let Some(path) = &self.ca_bundle {
            let certificates = read_ca_bundle(path)?;
            context = context.with_trust_store(
                certificates
                    .into_iter()
                    .fold(TrustStore::empty(), |store, certificate| {
                        store.with_pem_certificate(certificate)
                    }),
            );
        }
        let context = context.build().map_err(|error| {
            AwsError::configuration(Service::Events, format!("TLS cannot be set up: {error}"))
        })?;
        let connector = connector(&self.proxy)?
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(context)
            .build();
        Ok(SharedHttpConnector::new(connector))
    }
}

/// A connector with our timeouts, through the proxy if there is one.
fn connector(proxy: &Option<Proxy>) -> Result<ConnectorBuilder, AwsError> {
    let settings = HttpConnectorSettings::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .build();
    let builder = Connector::builder().connector_settings(settings);
    Ok(match proxy {
        Some(proxy) => builder.proxy_config(proxy.config()?),
        None => builder,
    })
}

/// A proxy's URL, and the hosts reached without it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Proxy {
    pub url: String,
    pub except: String,
}

impl Proxy {
    fn config(&self) -> Result<ProxyConfig, AwsError> {
        let config = ProxyConfig::all(&self.url).map_err(|_| self.invalid())?;
        Ok(config.no_proxy(&self.except))
    }

    /// Proxy URLs may hold a password: it is not repeated.
    pub(super) fn invalid(&self) -> AwsError {
        AwsError::configuration(
            Service::Events,
            "the proxy's URL cannot be read: write `http://host:port` in `http_proxy`, \
             `https_proxy`, or HTTP_PROXY and HTTPS_PROXY",
        )
    }
}

/// The proxies for `http` and `https` requests.
struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
}

impl Proxies {
    /// Settings first, then the usual environment variables. `http_proxy` in
    /// the settings serves `https` too where `https_proxy` is not set.
    fn new(settings: &Settings, env: impl Fn(&str) -> Option<String>) -> Result<Self, AwsError> {
        let env = |name: &str| {
            env(name)
                .or_else(|| env(&name.to_lowercase()))
                .filter(|value| !value.is_empty())
        };
        let except = settings.no_proxy.clone().or_else(|| env("NO_PROXY"));
        let except = match except {
            Some(hosts) => format!("{hosts},{NEVER_PROXIED}"),
            None => NEVER_PROXIED.to_owned(),
        };
        let proxy = |url: Option<String>| {
            url.filter(|url| !url.is_empty()).map(|url| Proxy {
                url,
                except: except.clone(),
            })
        };
        let http = proxy(settings.http_proxy.clone().or_else(|| env("HTTP_PROXY")));
        let https = settings
            .https_proxy
            .clone()
            .or_else(|| settings.http_proxy.clone())
            .or_else(|| env("HTTPS_PROXY"));
        let proxies = Self {
            http,
            https: proxy(https),
        };
        for proxy in [&proxies.http, &proxies.https].into_iter().flatten() {
            proxy.config()?;
        }
        Ok(proxies)
    }
}

/// The certificates of a PEM file, one PEM text each; unusable ones are left
/// out, as other SDKs do.
fn read_ca_bundle(path: &str) -> Result<Vec<Vec<u8>>, AwsError> {
    use base64::Engine as _;
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    let wrong = |what: String| {
        AwsError::configuration(
            Service::Events,
            format!(
                "the CA bundle \"{path}\" {what}: set `custom_ca_bundle` or AWS_CA_BUNDLE to a \
                 PEM file"
            ),
        )
    };
    let text = std::fs::read(path).map_err(|error| wrong(format!("cannot be read ({error})")))?;
    let mut roots = rustls::RootCertStore::empty();
    let usable: Vec<Vec<u8>> = CertificateDer::pem_slice_iter(&text)
        .filter_map(Result::ok)
        .filter(|certificate| roots.add(certificate.clone()).is_ok())
        .map(|certificate| {
            let body = base64::engine::general_purpose::STANDARD.encode(&certificate);
            format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n").into_bytes()
        })
        .collect();
    if usable.is_empty() {
        return Err(wrong("holds no certificate".into()));
    }
    Ok(usable)
}

impl UserAgent {
    /// The SDK's own words with ours around them.
    fn around(&self, sdk: &str) -> String {
        let words = self.prefix.iter().map(String::as_str);
        let words = words
            .chain([sdk])
            .chain(self.suffix.iter().map(String::as_str));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        // A header cannot hold line breaks or other controls.
        words
            .join(" ")
            .replace(|c: char| !matches!(c, ' '..='~'), "?")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(settings: &Settings, env: &[(&str, &str)]) -> Proxies {
        let env = |name: &str| {
            let found = env.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Proxies::new(settings, env).expect("proxies")
    }

    #[test]
    fn settings_win_over_the_environment() {
        let settings = Settings {
            http_proxy: Some("http://one:1".into()),
            no_proxy: Some("internal".into()),
            ..Settings::default()
        };
        let found = proxies(&settings, &[("HTTPS_PROXY", "http://two:2")]);
        let url = |proxy: Option<Proxy>| proxy.map(|proxy| proxy.url);
        assert_eq!(url(found.http.clone()).as_deref(), Some("http://one:1"));
        assert_eq!(url(found.https).as_deref(), Some("http://one:1"));
        assert!(
            found
                .http
                .is_some_and(|proxy| proxy.except.starts_with("internal,localhost"))
        );
        let found = proxies(&Settings::default(), &[("https_proxy", "http://two:2")]);
        assert!(found.http.is_none());
        assert_eq!(url(found.https).as_deref(), Some("http://two:2"));
    }

    #[test]
    fn a_bad_proxy_is_named_without_its_password() {
        let settings = Settings {
            https_proxy: Some("http://user:hunter2@ bad".into()),
            ..Settings::default()
        };
        let error = Proxies::new(&settings, |_| None).err().expect("error");
        assert!(error.message.contains("https_proxy"), "{error}");
        assert!(!error.message.contains("hunter2"), "{error}");
    }

    #[test]
    fn a_bad_ca_bundle_is_named() {
        let error = read_ca_bundle("/nonexistent.pem").expect_err("missing");
        assert!(error.message.contains("/nonexistent.pem"), "{error}");
        let file = tempfile::NamedTempFile::new().expect("file");
        std::fs::write(file.path(), "no certificate here").expect("write");
        let path = file.path().to_string_lossy().into_owned();
        let error = read_ca_bundle(&path).expect_err("empty");
        assert!(error.message.contains("holds no certificate"), "{error}");
    }

    #[test]
    fn our_words_stand_around_the_sdks() {
        let agent = UserAgent {
            prefix: vec!["Terraform/1.11.4 (+https://www.terraform.io)".into()],
            suffix: vec!["module/1\n".into(), String::new()],
        };
        assert_eq!(
            agent.around("aws-sdk-rust/1"),
            "Terraform/1.11.4 (+https://www.terraform.io) aws-sdk-rust/1 module/1?"
        );
    }
}
