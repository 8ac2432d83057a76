//! OpenPGP: makes a key, signs sums, checks signatures. Knows no files of a release.
//!
//! Terraform wants a binary, detached signature. Ed25519 does for private registries; the
//! public ones take RSA.

use crate::Outcome;
use crate::arguments;
use crate::files;
use pgp::composed::{
    ArmorOptions, Deserializable, DetachedSignature, EncryptionCaps, KeyType,
    SecretKeyParamsBuilder, SignedPublicKey, SignedSecretKey,
};
use pgp::crypto::hash::HashAlgorithm;
use pgp::ser::Serialize;
use pgp::types::{KeyDetails, Password};
use std::path::{Path, PathBuf};

const HELP: &str = "\
Makes an OpenPGP key that signs releases.

Usage: cargo xtask key --out FILE --user \"NAME <MAIL>\" [--rsa]

  --out FILE   where the secret key goes (armored, readable by you alone);
               the public key goes to FILE.pub
  --user NAME  whom `terraform init` shows as signer
  --rsa        RSA 4096, which the public registries want, in place of Ed25519

A key that gpg made does as well: `gpg --export-secret-keys --armor ID > FILE`.
";

/// Where a secret key is taken from when no option names it.
const KEY_VARIABLE: &str = "SIGNING_KEY";
const PASSPHRASE_VARIABLE: &str = "SIGNING_PASSPHRASE";

pub fn command(parser: lexopt::Parser) -> Outcome {
    let Some(options) = arguments::read(parser, &["out", "user", "rsa!"])? else {
        print!("{HELP}");
        return Ok(());
    };
    let path = PathBuf::from(options.required("out")?);
    let kind = if options.flag("rsa") {
        KeyType::Rsa(4096)
    } else {
        KeyType::Ed25519Legacy
    };
    create(&path, kind, options.required("user")?)
}

/// Makes a key and writes both halves of it.
fn create(path: &Path, kind: KeyType, user: &str) -> Outcome {
    if path.exists() {
        return Err(format!(
            "{} exists; a key is never overwritten",
            path.display()
        ));
    }
    let key = make(kind, user)?;
    write_secret(
        path,
        &armor(key.to_armored_string(ArmorOptions::default()))?,
    )?;
    let public = public_path(path);
    files::write(&public, public_text(&key)?)?;
    println!("Key {} of {user}", key_id(&key.primary_key));
    println!(
        "  secret: {} (back it up, keep it off the registry)",
        path.display()
    );
    println!("  public: {}", public.display());
    Ok(())
}

/// `FILE.pub` beside a secret key.
fn public_path(secret: &Path) -> PathBuf {
    let mut path = secret.as_os_str().to_owned();
    path.push(".pub");
    path.into()
}

fn make(kind: KeyType, user: &str) -> Outcome<SignedSecretKey> {
    let parameters = SecretKeyParamsBuilder::default()
        .key_type(kind)
        .can_certify(true)
        .can_sign(true)
        .can_encrypt(EncryptionCaps::None)
        .primary_user_id(user.to_owned())
        .build()
        .map_err(|error| format!("cannot make a key: {error}"))?;
    parameters
        .generate(rand::thread_rng())
        .map_err(|error| format!("cannot make a key: {error}"))
}

#[cfg(unix)]
fn write_secret(path: &Path, text: &str) -> Outcome {
    files::make_parent(path)?;
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}

#[cfg(not(unix))]
fn write_secret(path: &Path, text: &str) -> Outcome {
    files::write(path, text)
}

fn armor(text: pgp::errors::Result<String>) -> Outcome<String> {
    text.map_err(|error| format!("cannot write a key: {error}"))
}

/// The secret key that signs a release: from the file, else from the environment, else one
/// of this checkout's own, which is made at need.
pub fn secret(file: Option<&str>, own: &Path) -> Outcome<SignedSecretKey> {
    let text = match (file, std::env::var(KEY_VARIABLE)) {
        (Some(path), _) => files::read_text(Path::new(path))?,
        (None, Ok(text)) => text,
        (None, Err(_)) => {
            println!(
                "No --key and no {KEY_VARIABLE}: signing with {}, which",
                own.display()
            );
            println!("is this checkout's own. What others install wants a key that you keep.");
            if !own.exists() {
                create(
                    own,
                    KeyType::Ed25519Legacy,
                    "eventbridge provider, local build",
                )?;
            }
            files::read_text(own)?
        }
    };
    let (key, _) = SignedSecretKey::from_string(&text).map_err(|error| {
        format!("the signing key is not an armored OpenPGP secret key: {error}")
    })?;
    // A passphrase that does not open it is better known before a build than after it.
    sign(&key, b"")?;
    Ok(key)
}

/// The public half as armored text.
pub fn public_text(key: &SignedSecretKey) -> Outcome<String> {
    armor(
        key.to_public_key()
            .to_armored_string(ArmorOptions::default()),
    )
}

/// Reads the armored public keys of a text; there may be several.
pub fn public_keys(text: &str) -> Outcome<Vec<SignedPublicKey>> {
    let fault = |error| format!("not an armored OpenPGP public key: {error}");
    let (keys, _) = SignedPublicKey::from_string_many(text).map_err(fault)?;
    let keys = keys.collect::<Result<Vec<_>, _>>().map_err(fault)?;
    if keys.is_empty() {
        Err("no public key in it".to_owned())
    } else {
        Ok(keys)
    }
}

/// A key's id as Terraform shows it: 16 hexadecimal digits, of the primary key.
pub fn key_id(key: &impl KeyDetails) -> String {
    key.legacy_key_id()
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}

/// A binary, detached signature, by a signing subkey if there is one.
///
/// The passphrase, if the key has one, is in the environment.
pub fn sign(key: &SignedSecretKey, data: &[u8]) -> Outcome<Vec<u8>> {
    let passphrase = std::env::var(PASSPHRASE_VARIABLE).unwrap_or_default();
    let passphrase = match passphrase.as_str() {
        "" => Password::empty(),
        text => Password::from(text),
    };
    let subkey = key.secret_subkeys.iter().find(|subkey| {
        subkey
            .signatures
            .iter()
            .any(|signature| signature.key_flags().sign())
    });
    let (random, hash) = (rand::thread_rng(), HashAlgorithm::Sha256);
    let signed = match subkey {
        Some(subkey) => {
            DetachedSignature::sign_binary_data(random, &subkey.key, &passphrase, hash, data)
        }
        None => {
            DetachedSignature::sign_binary_data(random, &key.primary_key, &passphrase, hash, data)
        }
    };
    signed.and_then(|signature| signature.to_bytes()).map_err(|error| {
        format!("cannot sign ({PASSPHRASE_VARIABLE} holds the key's passphrase, if it has one): {error}")
    })
}

/// Whether a binary signature is one of these keys', or of a subkey of theirs.
pub fn verify(keys: &[SignedPublicKey], data: &[u8], signature: &[u8]) -> Outcome {
    if signature.first().is_none_or(|byte| byte & 0x80 == 0) {
        return Err("the signature is not binary; Terraform refuses an armored one".to_owned());
    }
    let signature = DetachedSignature::from_bytes(signature)
        .map_err(|error| format!("not an OpenPGP signature: {error}"))?;
    let good = keys.iter().any(|key| {
        signature.verify(&key.primary_key, data).is_ok()
            || key
                .public_subkeys
                .iter()
                .any(|subkey| signature.verify(&subkey.key, data).is_ok())
    });
    if good {
        Ok(())
    } else {
        Err("the signature is of none of the keys".to_owned())
    }
}

#[cfg(test)]
pub fn test_key() -> SignedSecretKey {
    make(KeyType::Ed25519Legacy, "Test <test@example.com>").expect("a key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_its_key_and_its_data() {
        let (key, other) = (test_key(), test_key());
        let public = |key| public_keys(&public_text(key).expect("text")).expect("keys");
        let signature = sign(&key, b"sums").expect("signed");
        assert_eq!(verify(&public(&key), b"sums", &signature), Ok(()));
        let both = [public(&other), public(&key)].concat();
        assert_eq!(verify(&both, b"sums", &signature), Ok(()));
        assert!(verify(&public(&other), b"sums", &signature).is_err());
        assert!(verify(&public(&key), b"other", &signature).is_err());
        assert!(verify(&public(&key), b"sums", b"-----BEGIN PGP SIGNATURE-----").is_err());
        assert_eq!(key_id(&key.primary_key).len(), 16);
    }

    #[test]
    fn a_key_that_no_passphrase_opens_is_told_at_once() {
        let mut key = test_key();
        key.primary_key
            .set_password(rand::thread_rng(), &Password::from("open"))
            .expect("locked");
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("key");
        let text = key.to_armored_string(ArmorOptions::default());
        files::write(&path, text.expect("text")).expect("written");
        let error = secret(path.to_str(), Path::new("none")).expect_err("no passphrase");
        assert!(error.contains(PASSPHRASE_VARIABLE), "{error}");
    }
}
