//! Reads a registry tree as Terraform and OpenTofu would, and says what they would refuse.

use crate::Outcome;
use crate::documents::{Archives, Download, PackageEntry, Versions, read_json};
use crate::files::{self, PROTOCOL, Platform, TYPE, Version};
use crate::key;
use crate::package;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// Checks every document, sum and signature below a tree; returns what was checked.
pub fn tree(tree: &Path) -> Outcome<String> {
    let discovery: serde_json::Value = read_json(&tree.join(".well-known/terraform.json"))?;
    if discovery["providers.v1"] != "/v1/providers/" {
        return Err("terraform.json does not point at /v1/providers/".to_owned());
    }
    let (mut versions, mut packages) = (0, 0);
    let providers = tree.join("v1/providers");
    for namespace in files::names(&providers)? {
        let api = providers.join(&namespace).join(TYPE);
        let listed: Versions = read_json(&api.join("versions"))?;
        for entry in &listed.versions {
            let version = Version::parse(&entry.version)?;
            let platforms = entry.platforms.iter().map(|platform| Platform {
                os: platform.os.clone(),
                arch: platform.arch.clone(),
            });
            if entry.protocols != [PROTOCOL] {
                return Err(format!(
                    "{namespace} {version}: protocols are not {PROTOCOL}"
                ));
            }
            // Each document's own package is looked at; what it says of the others is theirs.
            let mut listed = None;
            for platform in platforms {
                let path = api.join(entry.version.as_str()).join("download");
                let path = path.join(&platform.os).join(&platform.arch);
                let fault = |error: String| format!("{namespace} {version} {platform}: {error}");
                let found = download(tree, &path, &version, &platform).map_err(fault)?;
                if *listed.get_or_insert_with(|| found.clone()) != found {
                    return Err(fault(
                        "its packages are not those of the other platforms".to_owned(),
                    ));
                }
                packages += 1;
            }
            versions += 1;
        }
    }
    let mirrored = mirrors(&tree.join("mirror"))?;
    Ok(format!(
        "{versions} versions, {packages} packages, {mirrored} mirrored"
    ))
}

/// One package: its document, its sums, its signature, its contents. Returns what the document
/// says of the packages of all platforms.
fn download(
    tree: &Path,
    path: &Path,
    version: &Version,
    platform: &Platform,
) -> Outcome<BTreeMap<String, PackageEntry>> {
    let document: Download = read_json(path)?;
    let agree = [
        (document.os.as_str(), platform.os.as_str()),
        (document.arch.as_str(), platform.arch.as_str()),
        (document.filename.as_str(), version.zip(platform).as_str()),
    ]
    .iter()
    .all(|(said, wanted)| said == wanted);
    if !agree || document.protocols != [PROTOCOL] {
        return Err("the document is of another package".to_owned());
    }
    let zip = files::read(&resolve(tree, path, &document.download_url)?)?;
    if files::sha256(&zip) != document.shasum {
        return Err("the package does not have the sum that the document names".to_owned());
    }
    let sums_path = resolve(tree, path, &document.shasums_url)?;
    let sums = files::read(&sums_path)?;
    let signature = files::read(&resolve(tree, path, &document.shasums_signature_url)?)?;
    key::verify(&document.signing_keys.parsed()?, &sums, &signature)?;
    let sums = read_sums(&String::from_utf8_lossy(&sums))?;
    if sums.get(&document.filename) != Some(&document.shasum) {
        return Err("the signed sums lack this package".to_owned());
    }
    let manifest = files::read(&sums_path.with_file_name(version.manifest()))?;
    match sums.get(&version.manifest()) {
        Some(sum) if *sum == files::sha256(&manifest) => {}
        Some(_) => return Err("the manifest does not have the sum that is signed".to_owned()),
        None => return Err("the signed sums lack the manifest".to_owned()),
    }
    match document.packages.get(&platform.to_string()) {
        Some(entry) => check_package(entry, &zip, version, platform)?,
        None => return Err("its own platform is not in packages".to_owned()),
    }
    Ok(document.packages)
}

/// The lines of a file of sums, by file. Terraform itself crashes on an empty line.
fn read_sums(text: &str) -> Outcome<BTreeMap<String, String>> {
    let mut sums = BTreeMap::new();
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        match line.split_once("  ") {
            Some((sum, name)) if sum.len() == 64 && !name.is_empty() && !name.contains(' ') => {
                sums.insert(name.to_owned(), sum.to_owned());
            }
            _ => return Err(format!("{line:?} is no line of sums")),
        }
    }
    Ok(sums)
}

/// A package has the sums and size that are listed of it, and the provider of this version is
/// in it and may be executed.
fn check_package(
    entry: &PackageEntry,
    zip: &[u8],
    version: &Version,
    platform: &Platform,
) -> Outcome {
    let contents = package::read(zip)?;
    let right = [format!("zh:{}", files::sha256(zip)), contents.h1];
    let hashes = right.iter().all(|hash| entry.hashes.contains(hash));
    if !hashes || entry.hashes.len() != right.len() || entry.package_size != zip.len() {
        return Err("other hashes or another size are listed".to_owned());
    }
    let name = version.binary(platform);
    match contents.modes.get(&name) {
        Some(0o755) => Ok(()),
        Some(mode) => Err(format!("the provider has mode {mode:o}, not 755")),
        None => Err(format!("{name} is not in the package")),
    }
}

/// Every network mirror: host, namespace, type, then documents.
fn mirrors(mirror: &Path) -> Outcome<usize> {
    let mut count = 0;
    if !mirror.exists() {
        return Ok(count);
    }
    for host in files::names(mirror)? {
        for namespace in files::names(&mirror.join(&host))? {
            let directory = mirror.join(&host).join(&namespace).join(TYPE);
            let index: serde_json::Value = read_json(&directory.join("index.json"))?;
            let versions = index["versions"]
                .as_object()
                .ok_or("index.json lists no versions")?;
            for version in versions.keys() {
                let path = directory.join(format!("{version}.json"));
                count += archives(&path, &Version::parse(version)?)?;
            }
        }
    }
    Ok(count)
}

fn archives(path: &Path, version: &Version) -> Outcome<usize> {
    let document: Archives = read_json(path)?;
    for (platform, archive) in &document.archives {
        let base = path.parent().unwrap_or(path);
        let zip = files::read(&base.join(&archive.url))?;
        let entry = PackageEntry {
            hashes: archive.hashes.clone(),
            package_size: zip.len(),
        };
        check_package(&entry, &zip, version, &Platform::parse(platform)?)
            .map_err(|error| format!("{} {platform}: {error}", path.display()))?;
    }
    Ok(document.archives.len())
}

/// The file that a relative address leads to, which has to be inside of the tree.
fn resolve(tree: &Path, document: &Path, address: &str) -> Outcome<PathBuf> {
    let mut path = document.parent().unwrap_or(document).to_owned();
    for component in Path::new(address).components() {
        match component {
            Component::ParentDir if path != tree => {
                path.pop();
            }
            Component::Normal(name) => path.push(name),
            _ => return Err(format!("{address} leads out of the tree")),
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums() {
        let sum = "a".repeat(64);
        assert_eq!(
            read_sums(&format!("{sum}  one\n{sum}  two\n"))
                .expect("sums")
                .len(),
            2
        );
        for wrong in [
            format!("{sum}  one\n\n"),
            format!("{sum} *one\n"),
            String::new(),
        ] {
            assert!(read_sums(&wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn addresses_stay_inside() {
        let (tree, document) = (Path::new("/t"), Path::new("/t/v1/a"));
        assert_eq!(
            resolve(tree, document, "../f/x"),
            Ok(PathBuf::from("/t/f/x"))
        );
        assert!(resolve(tree, document, "../../etc/passwd").is_err());
        assert!(resolve(tree, document, "/etc/passwd").is_err());
    }
}
