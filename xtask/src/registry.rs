//! A registry that is only files: the provider registry protocol and a network mirror in
//! one tree, with relative addresses, so that any web server or bucket can hold it.
//!
//! ```text
//! .well-known/terraform.json
//! v1/providers/NAMESPACE/eventbridge/versions
//! v1/providers/NAMESPACE/eventbridge/VERSION/download/OS/ARCH
//! files/NAMESPACE/eventbridge/VERSION/…zip, manifest, sums, signature
//! mirror/HOST/NAMESPACE/eventbridge/index.json and VERSION.json
//! ```

use crate::Outcome;
use crate::arguments;
use crate::compile;
use crate::documents::{
    Archive, Archives, Download, PackageEntry, PlatformEntry, PublicKey, SigningKeys, VersionEntry,
    Versions, read_json, write_json,
};
use crate::files::{self, PROTOCOL, Platform, TYPE, Version};
use crate::key;
use crate::package;
use crate::release::PUBLIC_KEY;
use crate::verify;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const HELP: &str = "\
Adds a release to a registry of static files, keeps what is there, and verifies all of it.

Usage: cargo xtask registry [options]

  --release DIR     what `cargo xtask release` made, given once or more
                    [default: every target/release-*]
  --verify          add nothing
  --tree DIR        the registry [default: target/registry]
  --namespace NAME  [default: eventbridge-rs]
  --host NAME       the registry's host name, for the network mirror beside it; without it
                    there is none. A mirror cannot serve host names with a port
  --public-key FILE armored public keys, given once or more; to change keys give the old
                    one and the new one [default: the key beside the release]
  --signer NAME     whom `terraform init` shows as signer [default: the namespace]
";

pub fn command(parser: lexopt::Parser) -> Outcome {
    let names = [
        "release",
        "verify!",
        "tree",
        "namespace",
        "host",
        "public-key",
        "signer",
    ];
    let Some(options) = arguments::read(parser, &names)? else {
        print!("{HELP}");
        return Ok(());
    };
    let root = compile::root();
    let tree = options.path_or("tree", root.join("target").join("registry"));
    let releases = match options.values("release") {
        _ if options.flag("verify") => Vec::new(),
        [] => releases(&root.join("target"))?,
        given => given.iter().map(PathBuf::from).collect(),
    };
    let namespace = namespace(options.value("namespace").unwrap_or("eventbridge-rs"))?;
    let host = mirror_host(options.value("host"))?;
    for release in &releases {
        let key_files = match options.values("public-key") {
            [] => vec![release.join(PUBLIC_KEY).to_string_lossy().into_owned()],
            given => given.to_vec(),
        };
        let keys = public_keys(&key_files, options.value("signer").unwrap_or(namespace))?;
        let version = Addition {
            release,
            namespace,
            host,
            keys,
        }
        .add(&tree)?;
        println!("Added {namespace}/{TYPE} {version} to {}", tree.display());
    }
    let checked = verify::tree(&tree)?;
    println!("Verified: {checked}.");
    Ok(())
}

/// The releases that were made here.
fn releases(target: &Path) -> Outcome<Vec<PathBuf>> {
    let names = files::names(target)?
        .into_iter()
        .filter(|name| name.starts_with("release-"));
    let releases: Vec<PathBuf> = names.map(|name| target.join(name)).collect();
    match releases.is_empty() {
        true => Err("no release yet: `make release VERSION=x.y.z` makes one".to_owned()),
        false => Ok(releases),
    }
}

/// A namespace as a provider's address can have it.
/// <https://developer.hashicorp.com/terraform/language/providers/requirements#source-addresses>
pub fn namespace(name: &str) -> Outcome<&str> {
    let part = |part: &str| {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        !part.is_empty() && part.chars().all(fits)
    };
    match name.split('-').all(part) {
        true => Ok(name),
        false => Err(format!(
            "{name:?} is no namespace: Terraform takes lower-case letters and digits, and single \
             dashes between them"
        )),
    }
}

fn mirror_host(host: Option<&str>) -> Outcome<Option<&str>> {
    match host {
        Some(host) if host.contains(':') => Err(format!(
            "{host}: Terraform cannot mirror host names with a port; leave out --host, or use \
             a registry on port 443"
        )),
        Some(host) if host.is_empty() || host.contains('/') => {
            Err(format!("{host:?} is no host name"))
        }
        other => Ok(other),
    }
}

/// The keys of these files, as documents list them.
pub fn public_keys(paths: &[String], signer: &str) -> Outcome<SigningKeys> {
    let mut keys = Vec::new();
    for path in paths {
        let text = files::read_text(Path::new(path))?;
        // Terraform reads one armored block of each entry.
        for block in text.split_inclusive("-----END PGP PUBLIC KEY BLOCK-----") {
            if block.trim().is_empty() {
                continue;
            }
            let armor = block.trim_start().to_owned() + "\n";
            let parsed = key::public_keys(&armor).map_err(|error| format!("{path}: {error}"))?;
            keys.push(PublicKey {
                key_id: parsed.first().map(key::key_id).unwrap_or_default(),
                ascii_armor: armor,
                trust_signature: String::new(),
                source: signer.to_owned(),
                source_url: String::new(),
            });
        }
    }
    Ok(SigningKeys {
        gpg_public_keys: keys,
    })
}

/// A release on its way into a tree.
pub struct Addition<'a> {
    pub release: &'a Path,
    pub namespace: &'a str,
    pub host: Option<&'a str>,
    pub keys: SigningKeys,
}

impl Addition<'_> {
    /// Adds it; returns its version.
    pub fn add(&self, tree: &Path) -> Outcome<Version> {
        let version = version_of(self.release)?;
        self.check_signature(&version)?;
        let packages = self.copy(tree, &version)?;
        let api = tree.join("v1/providers").join(self.namespace).join(TYPE);
        for platform in packages.keys() {
            let download = self.download(&version, platform, &packages);
            let path = api.join(version.to_string()).join("download");
            write_json(&path.join(&platform.os).join(&platform.arch), &download)?;
        }
        if let Some(host) = self.host {
            self.mirror(&tree.join("mirror").join(host), &version, &packages)?;
        }
        // Last, for a reader may come at any time: what a version needs is there before it is listed.
        list_version(&api.join("versions"), &version, packages.keys())?;
        // It has to end with a slash.
        let discovery = json!({ "providers.v1": "/v1/providers/" });
        write_json(&tree.join(".well-known/terraform.json"), &discovery)?;
        Ok(version)
    }

    /// Nothing gets into the tree that nobody could install from it.
    fn check_signature(&self, version: &Version) -> Outcome {
        let read = |name: String| files::read(&self.release.join(name));
        let (sums, signature) = (read(version.sums())?, read(version.signature())?);
        key::verify(&self.keys.parsed()?, &sums, &signature)
            .map_err(|error| format!("{}: {error}", self.release.display()))
    }

    /// Copies the release's files. A package that is there already never changes, and never
    /// gets lost: nothing is written before that is sure.
    fn copy(&self, tree: &Path, version: &Version) -> Outcome<BTreeMap<Platform, PackageEntry>> {
        let to = self.files(tree, version);
        let mut packages = BTreeMap::new();
        let mut copies = Vec::new();
        for name in files::names(self.release)? {
            let platform = version.platform_of(&name);
            let others = [version.manifest(), version.sums(), version.signature()];
            if platform.is_none() && !others.contains(&name) {
                continue;
            }
            let (content, target) = (files::read(&self.release.join(&name))?, to.join(&name));
            if let Some(platform) = platform {
                if target.exists() && files::read(&target)? != content {
                    return Err(format!(
                        "{} is published with other bytes: what is published never changes; \
                         release a new version",
                        target.display()
                    ));
                }
                packages.insert(platform, package_entry(&content)?);
            }
            copies.push((target, content));
        }
        let kept = if to.exists() {
            files::names(&to)?
        } else {
            Vec::new()
        };
        let mut kept = kept.iter().filter_map(|name| version.platform_of(name));
        if let Some(platform) = kept.find(|platform| !packages.contains_key(platform)) {
            return Err(format!(
                "{version} is published for {platform} too, and this release has no such package"
            ));
        }
        if packages.is_empty() {
            return Err(format!("{} has no packages", self.release.display()));
        }
        for (target, content) in copies {
            files::write(&target, content)?;
        }
        Ok(packages)
    }

    fn files(&self, tree: &Path, version: &Version) -> PathBuf {
        tree.join("files")
            .join(self.namespace)
            .join(TYPE)
            .join(version.to_string())
    }

    fn download(
        &self,
        version: &Version,
        platform: &Platform,
        packages: &BTreeMap<Platform, PackageEntry>,
    ) -> Download {
        // From v1/providers/NAMESPACE/TYPE/VERSION/download/OS/ up to the root.
        let files = format!(
            "../../../../../../../files/{}/{TYPE}/{version}",
            self.namespace
        );
        let zip = version.zip(platform);
        Download {
            protocols: vec![PROTOCOL.to_owned()],
            os: platform.os.clone(),
            arch: platform.arch.clone(),
            download_url: format!("{files}/{zip}"),
            shasum: zh(&packages[platform]).to_owned(),
            shasums_url: format!("{files}/{}", version.sums()),
            shasums_signature_url: format!("{files}/{}", version.signature()),
            signing_keys: self.keys.clone(),
            packages: packages
                .iter()
                .map(|(name, entry)| (name.to_string(), entry.clone()))
                .collect(),
            filename: zip,
        }
    }

    fn mirror(
        &self,
        host: &Path,
        version: &Version,
        packages: &BTreeMap<Platform, PackageEntry>,
    ) -> Outcome {
        let directory = host.join(self.namespace).join(TYPE);
        let archive = |(platform, entry): (&Platform, &PackageEntry)| {
            let zip = version.zip(platform);
            let url = format!(
                "../../../../files/{}/{TYPE}/{version}/{zip}",
                self.namespace
            );
            (
                platform.to_string(),
                Archive {
                    url,
                    hashes: entry.hashes.clone(),
                },
            )
        };
        let archives = Archives {
            archives: packages.iter().map(archive).collect(),
        };
        write_json(&directory.join(format!("{version}.json")), &archives)?;
        let index = directory.join("index.json");
        let mut listed = match index.exists() {
            true => read_json::<serde_json::Value>(&index)?,
            false => json!({ "versions": {} }),
        };
        listed["versions"][version.to_string()] = json!({});
        write_json(&index, &listed)
    }
}

/// The version of the one file of sums in a release.
fn version_of(release: &Path) -> Outcome<Version> {
    let names = files::names(release)?;
    let versions = names.iter().filter_map(|name| {
        name.strip_prefix("terraform-provider-eventbridge_")?
            .strip_suffix("_SHA256SUMS")
    });
    match versions.collect::<Vec<_>>()[..] {
        [one] => Version::parse(one),
        _ => Err(format!(
            "{} is no release: not one file of sums in it",
            release.display()
        )),
    }
}

fn package_entry(zip: &[u8]) -> Outcome<PackageEntry> {
    let hashes = vec![format!("zh:{}", files::sha256(zip)), package::read(zip)?.h1];
    Ok(PackageEntry {
        hashes,
        package_size: zip.len(),
    })
}

/// The plain sum of a package.
fn zh(entry: &PackageEntry) -> &str {
    entry
        .hashes
        .iter()
        .find_map(|hash| hash.strip_prefix("zh:"))
        .unwrap_or_default()
}

/// Puts a version into the list, newest last.
fn list_version<'a>(
    path: &Path,
    version: &Version,
    platforms: impl Iterator<Item = &'a Platform>,
) -> Outcome {
    let mut list: Versions = if path.exists() {
        read_json(path)?
    } else {
        Versions::default()
    };
    list.versions
        .retain(|entry| entry.version != version.to_string());
    list.versions.push(VersionEntry {
        version: version.to_string(),
        protocols: vec![PROTOCOL.to_owned()],
        platforms: platforms
            .map(|Platform { os, arch }| PlatformEntry {
                os: os.clone(),
                arch: arch.clone(),
            })
            .collect(),
    });
    list.versions
        .sort_by_key(|entry| Version::parse(&entry.version).ok());
    write_json(path, &list)
}
