//! A release: the packages of a version with their manifest, sums and signature, in one
//! directory.

use crate::Outcome;
use crate::arguments::{self, Options};
use crate::compile;
use crate::files::{self, PROTOCOL, Platform, Version};
use crate::key;
use crate::package;
use std::path::{Path, PathBuf};

const HELP: &str = "\
Builds, packages, sums and signs a version. Two runs on one commit give identical zips.

Usage: cargo xtask release --version X.Y.Z [options]

  --binary [PLATFORM=]PATH  package this binary in place of building one; can be given
                            for several platforms (linux_amd64=…, darwin_arm64=…)
  --key FILE                the armored secret key [default: the text in SIGNING_KEY, else
                            target/signing-key, made at need]; SIGNING_PASSPHRASE holds
                            its passphrase, if it has one
  --out DIR                 [default: target/release-X.Y.Z]

Packages that the directory holds already are summed and signed with the others, so
machines of several kinds can add to one release.
";

/// The public key beside a release, for `cargo xtask registry`.
pub const PUBLIC_KEY: &str = "public-key.asc";

pub fn command(parser: lexopt::Parser) -> Outcome {
    let Some(options) = arguments::read(parser, &["version", "binary", "key", "out"])? else {
        print!("{HELP}");
        return Ok(());
    };
    let version = Version::parse(options.required("version")?)?;
    let root = compile::root();
    let out = options.path_or(
        "out",
        root.join("target").join(format!("release-{version}")),
    );
    // Before minutes of building.
    let secret = key::secret(options.value("key"), &root.join("target/signing-key"))?;

    let epoch = compile::commit_time(&root)?;
    for (platform, binary) in binaries(&options, &root, &version, epoch)? {
        let zip = package::pack(&root, &version, &platform, &binary, epoch)?;
        files::write(&out.join(version.zip(&platform)), zip)?;
    }
    sum_and_sign(&out, &version, &secret)
}

/// The binaries to package: those named, or one built now.
fn binaries(
    options: &Options,
    root: &Path,
    version: &Version,
    epoch: i64,
) -> Outcome<Vec<(Platform, PathBuf)>> {
    if options.values("binary").is_empty() {
        return Ok(vec![compile::provider(root, version, epoch)?]);
    }
    let read = |text: &String| match text.split_once('=') {
        Some((platform, path)) => Ok((Platform::parse(platform)?, PathBuf::from(path))),
        None => Ok((Platform::of_this_machine(), PathBuf::from(text))),
    };
    options.values("binary").iter().map(read).collect()
}

/// Writes manifest, sums, signature and public key beside the packages.
pub fn sum_and_sign(
    out: &Path,
    version: &Version,
    secret: &pgp::composed::SignedSecretKey,
) -> Outcome {
    let manifest = serde_json::json!({
        "version": 1,
        "metadata": { "protocol_versions": [PROTOCOL] },
    });
    files::write(&out.join(version.manifest()), format!("{manifest:#}\n"))?;

    let zips = files::names(out)?
        .into_iter()
        .filter(|name| version.platform_of(name).is_some());
    let mut summed: Vec<String> = zips.chain([version.manifest()]).collect();
    summed.sort();
    // Two spaces, no star, no empty line: Terraform is strict here.
    let mut sums = String::new();
    for name in &summed {
        sums += &format!(
            "{}  {name}\n",
            files::sha256(&files::read(&out.join(name))?)
        );
    }
    files::write(&out.join(version.sums()), &sums)?;
    files::write(
        &out.join(version.signature()),
        key::sign(secret, sums.as_bytes())?,
    )?;
    files::write(&out.join(PUBLIC_KEY), key::public_text(secret)?)?;
    println!("{}", out.display());
    print!("{sums}");
    println!("signed by key {}", key::key_id(&secret.primary_key));
    Ok(())
}
