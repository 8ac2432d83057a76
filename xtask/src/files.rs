//! Names of a release's files, and small help with files. Names: the layout that
//! Terraform's provider registry protocol and its public registries expect.

use crate::Outcome;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// What the provider is called after `terraform-provider-`.
pub const TYPE: &str = "eventbridge";
/// What every file of a release begins with.
const PREFIX: &str = "terraform-provider-eventbridge";
/// Minor versions of the protocol are not negotiated: this is "any 6".
pub const PROTOCOL: &str = "6.0";

/// A system and processor as Go names them: `linux_amd64`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Platform {
    pub os: String,
    pub arch: String,
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.os, self.arch)
    }
}

impl Platform {
    /// Reads `linux_amd64`.
    pub fn parse(text: &str) -> Outcome<Platform> {
        match text.split_once('_') {
            Some((os, arch)) if !os.is_empty() && !arch.is_empty() && !arch.contains('_') => {
                Ok(Platform {
                    os: os.to_owned(),
                    arch: arch.to_owned(),
                })
            }
            _ => Err(format!(
                "{text:?} is no platform; write for example linux_amd64"
            )),
        }
    }

    /// The platform that this program runs on.
    pub fn of_this_machine() -> Platform {
        let os = match std::env::consts::OS {
            "macos" => "darwin",
            other => other,
        };
        let arch = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            "x86" => "386",
            other => other,
        };
        Platform {
            os: os.to_owned(),
            arch: arch.to_owned(),
        }
    }
}

/// A version without a leading `v`: three numbers, and perhaps a prerelease after `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    numbers: [u64; 3],
    /// False sorts before true: a prerelease comes before its release.
    final_release: bool,
    prerelease: String,
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [major, minor, patch] = self.numbers;
        write!(f, "{major}.{minor}.{patch}")?;
        if self.final_release {
            Ok(())
        } else {
            write!(f, "-{}", self.prerelease)
        }
    }
}

impl Version {
    /// Reads `1.2.3` or `1.2.3-rc.1`.
    pub fn parse(text: &str) -> Outcome<Version> {
        let fault = || format!("{text:?} is no version; write for example 1.2.3 (without a v)");
        let (numbers, prerelease) = match text.split_once('-') {
            Some((numbers, prerelease)) => (numbers, Some(prerelease)),
            None => (text, None),
        };
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
        if prerelease.is_some_and(|text| text.is_empty() || !text.chars().all(allowed)) {
            return Err(fault());
        }
        let numbers = numbers
            .split('.')
            .map(|number| match number.parse() {
                Ok(value) if number == u64::to_string(&value) => Ok(value),
                _ => Err(fault()),
            })
            .collect::<Outcome<Vec<u64>>>()?;
        Ok(Version {
            numbers: numbers.try_into().map_err(|_| fault())?,
            final_release: prerelease.is_none(),
            prerelease: prerelease.unwrap_or_default().to_owned(),
        })
    }

    /// The package of a platform.
    pub fn zip(&self, platform: &Platform) -> String {
        format!("{PREFIX}_{self}_{platform}.zip")
    }

    /// The platform of a package of this version.
    pub fn platform_of(&self, zip: &str) -> Option<Platform> {
        let middle = zip
            .strip_prefix(&format!("{PREFIX}_{self}_"))?
            .strip_suffix(".zip")?;
        Platform::parse(middle).ok()
    }

    pub fn manifest(&self) -> String {
        format!("{PREFIX}_{self}_manifest.json")
    }

    pub fn sums(&self) -> String {
        format!("{PREFIX}_{self}_SHA256SUMS")
    }

    pub fn signature(&self) -> String {
        format!("{}.sig", self.sums())
    }

    /// The provider inside of the package.
    pub fn binary(&self, platform: &Platform) -> String {
        let ending = if platform.os == "windows" { ".exe" } else { "" };
        format!("{PREFIX}_v{self}{ending}")
    }
}

pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

pub fn read_text(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// Makes the directories above a file.
pub fn make_parent(path: &Path) -> Outcome {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(|error| format!("cannot make {}: {error}", parent.display()))
}

/// Writes a file and the directories above it. A reader sees the old text or the new one.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Outcome {
    make_parent(path)?;
    let mut half = path.as_os_str().to_owned();
    half.push(".new");
    fs::write(&half, content)
        .and_then(|()| fs::rename(&half, path))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Names in a directory, sorted.
pub fn names(directory: &Path) -> Outcome<Vec<String>> {
    let fault = |error| format!("cannot read {}: {error}", directory.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(directory).map_err(fault)? {
        names.push(
            entry
                .map_err(fault)?
                .file_name()
                .to_string_lossy()
                .into_owned(),
        );
    }
    names.sort();
    Ok(names)
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for text in ["1.2.3", "0.10.0", "1.0.0-rc.1"] {
            assert_eq!(Version::parse(text).expect("valid").to_string(), text);
        }
        for text in [
            "v1.2.3",
            "1.2",
            "1.2.3.4",
            "1.02.3",
            "1.2.x",
            "1.2.3-",
            "1.2.3-a/b",
            "",
        ] {
            assert!(Version::parse(text).is_err(), "{text}");
        }
        let mut sorted =
            ["1.0.0", "0.9.0", "1.0.0-rc.1", "0.10.0"].map(|v| Version::parse(v).expect("valid"));
        sorted.sort();
        assert_eq!(
            sorted.map(|v| v.to_string()),
            ["0.9.0", "0.10.0", "1.0.0-rc.1", "1.0.0"]
        );
    }

    #[test]
    fn names_of_files() {
        let version = Version::parse("1.2.3").expect("valid");
        let windows = Platform::parse("windows_amd64").expect("valid");
        let zip = version.zip(&windows);
        assert_eq!(
            zip,
            "terraform-provider-eventbridge_1.2.3_windows_amd64.zip"
        );
        assert_eq!(version.platform_of(&zip), Some(windows.clone()));
        assert_eq!(
            version.binary(&windows),
            "terraform-provider-eventbridge_v1.2.3.exe"
        );
        assert!(Platform::parse("linux").is_err());
    }
}
