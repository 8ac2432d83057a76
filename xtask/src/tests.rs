//! Releases into a registry and out of it, with a stand-in for the provider.

use crate::documents::{self, Versions};
use crate::files::{self, Platform, Version};
use crate::key;
use crate::package;
use crate::registry::{self, Addition};
use crate::release::{self, PUBLIC_KEY};
use crate::verify;
use pgp::composed::SignedSecretKey;
use std::path::{Path, PathBuf};

struct Place {
    directory: tempfile::TempDir,
    key: SignedSecretKey,
}

impl Place {
    fn new() -> Place {
        Place {
            directory: tempfile::tempdir().expect("a directory"),
            key: key::test_key(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn tree(&self) -> PathBuf {
        self.path("tree")
    }

    /// Makes a release whose provider has this text.
    fn release(&self, version: &str, platforms: &[&str], text: &str) -> PathBuf {
        let version = Version::parse(version).expect("a version");
        let out = self.path(&format!("{version}-{text}-{}", platforms.len()));
        let binary = self.path("binary");
        files::write(&binary, text).expect("written");
        for platform in platforms {
            let platform = Platform::parse(platform).expect("a platform");
            let zip = package::pack(
                &self.path("nowhere"),
                &version,
                &platform,
                &binary,
                1_700_000_000,
            );
            files::write(&out.join(version.zip(&platform)), zip.expect("packed")).expect("written");
        }
        release::sum_and_sign(&out, &version, &self.key).expect("signed");
        out
    }

    fn add(&self, release: &Path) -> Result<Version, String> {
        let key_file = release.join(PUBLIC_KEY).to_string_lossy().into_owned();
        let keys = registry::public_keys(&[key_file], "Acme").expect("keys");
        let host = Some("registry.acme.test");
        Addition {
            release,
            namespace: "acme",
            host,
            keys,
        }
        .add(&self.tree())
    }

    /// The one file in the tree whose name ends so.
    fn published(&self, version: &str, ending: &str) -> PathBuf {
        let directory = self.tree().join("files/acme/eventbridge").join(version);
        let names = files::names(&directory).expect("files");
        directory.join(
            names
                .iter()
                .find(|name| name.ends_with(ending))
                .expect("such a file"),
        )
    }
}

#[test]
fn versions_are_kept_and_sorted() {
    let place = Place::new();
    for (version, platforms) in [
        ("1.10.0", &["linux_amd64"][..]),
        ("1.9.0", &["linux_amd64", "darwin_arm64"]),
    ] {
        let release = place.release(version, platforms, "a");
        place.add(&release).expect("added");
        place.add(&release).expect("added again");
    }
    let path = place.tree().join("v1/providers/acme/eventbridge/versions");
    let listed: Versions = documents::read_json(&path).expect("versions");
    let versions: Vec<_> = listed
        .versions
        .iter()
        .map(|entry| entry.version.as_str())
        .collect();
    assert_eq!(versions, ["1.9.0", "1.10.0"]);
    let checked = verify::tree(&place.tree()).expect("a sound tree");
    assert_eq!(checked, "2 versions, 3 packages, 3 mirrored");
}

#[test]
fn what_is_published_never_changes() {
    let place = Place::new();
    place
        .add(&place.release("1.0.0", &["linux_amd64", "linux_arm64"], "a"))
        .expect("added");
    let other = place.add(&place.release("1.0.0", &["linux_amd64", "linux_arm64"], "b"));
    assert!(other.expect_err("other bytes").contains("never changes"));
    let fewer = place.add(&place.release("1.0.0", &["linux_amd64"], "a"));
    assert!(fewer.is_err(), "a platform is missing");
    verify::tree(&place.tree()).expect("the tree is as it was");
}

#[test]
fn a_release_of_another_key_does_not_get_in() {
    let place = Place::new();
    let release = place.release("1.0.0", &["linux_amd64"], "a");
    let other = key::public_text(&key::test_key()).expect("a key");
    files::write(&release.join(PUBLIC_KEY), other).expect("written");
    let error = place.add(&release).expect_err("another key");
    assert!(error.contains("none of the keys"), "{error}");
    assert!(!place.tree().exists(), "nothing was written");
}

#[test]
fn tampering_is_found() {
    let fault = |tamper: &dyn Fn(&Place)| {
        let place = Place::new();
        place
            .add(&place.release("1.0.0", &["linux_amd64"], "a"))
            .expect("added");
        tamper(&place);
        verify::tree(&place.tree()).expect_err("a fault")
    };
    let zip = fault(&|place| {
        files::write(&place.published("1.0.0", ".zip"), b"other").expect("written");
    });
    assert!(zip.contains("does not have the sum"), "{zip}");
    let signature = fault(&|place| {
        let other = key::sign(&key::test_key(), b"other").expect("signed");
        files::write(&place.published("1.0.0", ".sig"), other).expect("written");
    });
    assert!(signature.contains("none of the keys"), "{signature}");
    let manifest = fault(&|place| {
        files::write(&place.published("1.0.0", "manifest.json"), b"{}").expect("written");
    });
    assert!(
        manifest.contains("the manifest does not have the sum"),
        "{manifest}"
    );
    let sums = fault(&|place| {
        let path = place.published("1.0.0", "SUMS");
        let text = files::read_text(&path).expect("sums") + "\n";
        files::write(&path, &text).expect("written");
        files::write(
            &place.published("1.0.0", ".sig"),
            key::sign(&place.key, text.as_bytes()).expect("signed"),
        )
        .expect("written");
    });
    assert!(sums.contains("is no line of sums"), "{sums}");
}

#[test]
fn what_documents_say_of_other_packages_is_looked_at() {
    let place = Place::new();
    for version in ["1.0.0", "1.1.0"] {
        let release = place.release(version, &["linux_amd64", "linux_arm64"], "a");
        place.add(&release).expect("added");
    }
    let tamper = |name: &str, change: &dyn Fn(&mut serde_json::Value)| {
        let path = place.tree().join(name);
        let before: serde_json::Value = documents::read_json(&path).expect("a document");
        let mut after = before.clone();
        change(&mut after);
        documents::write_json(&path, &after).expect("written");
        let fault = verify::tree(&place.tree()).expect_err("a fault");
        documents::write_json(&path, &before).expect("written");
        fault
    };
    // OpenTofu locks the hashes of all platforms from the document of one.
    let document = "v1/providers/acme/eventbridge/1.0.0/download/linux/amd64";
    let other = tamper(document, &|document| {
        document["packages"]["linux_arm64"]["hashes"][0] = "zh:0".into();
    });
    assert!(
        other.contains("not those of the other platforms"),
        "{other}"
    );
    // A mirror that hands out an older version, with that version's true sums.
    let mirror = place
        .tree()
        .join("mirror/registry.acme.test/acme/eventbridge");
    let older: serde_json::Value =
        documents::read_json(&mirror.join("1.0.0.json")).expect("a document");
    let older = tamper(
        "mirror/registry.acme.test/acme/eventbridge/1.1.0.json",
        &|document| *document = older.clone(),
    );
    assert!(older.contains("_v1.1.0 is not in the package"), "{older}");
    verify::tree(&place.tree()).expect("a sound tree");
}

#[test]
fn a_namespace_is_one_that_terraform_takes() {
    for name in ["acme", "eventbridge-rs", "a1-b2-c3", "3m"] {
        assert_eq!(registry::namespace(name), Ok(name));
    }
    for name in ["", "a_b", "-a", "a-", "a--b", "Acme", "a/b", "a.b", "ä"] {
        let error = registry::namespace(name).expect_err(name);
        assert!(error.contains(&format!("{name:?}")), "{error}");
    }
}
