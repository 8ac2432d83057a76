//! The JSON documents of a registry tree: Terraform's provider registry protocol and
//! provider network mirror protocol, with OpenTofu's additions.

use crate::Outcome;
use crate::files;
use crate::key;
use pgp::composed::SignedPublicKey;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// `versions`: what there is of a provider.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Versions {
    pub versions: Vec<VersionEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct VersionEntry {
    pub version: String,
    pub protocols: Vec<String>,
    pub platforms: Vec<PlatformEntry>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct PlatformEntry {
    pub os: String,
    pub arch: String,
}

/// `download/OS/ARCH`: one package.
#[derive(Debug, Serialize, Deserialize)]
pub struct Download {
    pub protocols: Vec<String>,
    pub os: String,
    pub arch: String,
    pub filename: String,
    pub download_url: String,
    pub shasum: String,
    pub shasums_url: String,
    pub shasums_signature_url: String,
    pub signing_keys: SigningKeys,
    /// OpenTofu's addition: sums of all platforms, so that one `init` locks them all.
    pub packages: BTreeMap<String, PackageEntry>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SigningKeys {
    pub gpg_public_keys: Vec<PublicKey>,
}

impl SigningKeys {
    /// The keys themselves.
    pub fn parsed(&self) -> Outcome<Vec<SignedPublicKey>> {
        let mut keys = Vec::new();
        for listed in &self.gpg_public_keys {
            keys.extend(key::public_keys(&listed.ascii_armor)?);
        }
        Ok(keys)
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublicKey {
    pub key_id: String,
    pub ascii_armor: String,
    pub trust_signature: String,
    pub source: String,
    pub source_url: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackageEntry {
    pub hashes: Vec<String>,
    pub package_size: usize,
}

/// `VERSION.json` of a mirror.
#[derive(Debug, Serialize, Deserialize)]
pub struct Archives {
    pub archives: BTreeMap<String, Archive>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Archive {
    pub url: String,
    pub hashes: Vec<String>,
}

/// Reads a document of the tree.
pub fn read_json<T: for<'de> Deserialize<'de>>(path: &Path) -> Outcome<T> {
    serde_json::from_slice(&files::read(path)?)
        .map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a document.
pub fn write_json(path: &Path, document: &impl Serialize) -> Outcome {
    let text = serde_json::to_string_pretty(document).map_err(|error| error.to_string())?;
    files::write(path, text + "\n")
}
