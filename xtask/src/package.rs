//! The zip of one platform: the same bytes for the same binary and commit. Also reads one
//! back, as Terraform unpacks it.

use crate::Outcome;
use crate::files::{self, Platform, Version};
use base64::Engine;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;

/// Files of the repository that go along, where they exist.
const DOCUMENTS: [&str; 3] = ["CHANGELOG.md", "LICENSE", "README.md"];

/// Packs a binary, with `epoch` (seconds since 1970) as time of every entry.
pub fn pack(
    root: &Path,
    version: &Version,
    platform: &Platform,
    binary: &Path,
    epoch: i64,
) -> Outcome<Vec<u8>> {
    let mut entries = BTreeMap::from([(version.binary(platform), (0o755, files::read(binary)?))]);
    for name in DOCUMENTS {
        let path = root.join(name);
        if path.is_file() {
            entries.insert(name.to_owned(), (0o644, files::read(&path)?));
        }
    }
    let fault = |error: zip::result::ZipError| format!("cannot pack: {error}");
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, (mode, content)) in entries {
        let options = SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated)
            .compression_level(Some(9))
            .last_modified_time(entry_time(epoch)?)
            .unix_permissions(mode)
            .system(zip::System::Unix);
        archive.start_file(name, options).map_err(fault)?;
        archive
            .write_all(&content)
            .map_err(|error| format!("cannot pack: {error}"))?;
    }
    Ok(archive.finish().map_err(fault)?.into_inner())
}

/// A zip's time: in UTC, to two seconds, not before 1980.
fn entry_time(epoch: i64) -> Outcome<zip::DateTime> {
    let time = time::OffsetDateTime::from_unix_timestamp(epoch)
        .map_err(|error| format!("{epoch} is no time: {error}"))?;
    if time.year() < 1980 {
        return Ok(zip::DateTime::default());
    }
    let year = u16::try_from(time.year()).unwrap_or(u16::MAX);
    let (month, day) = (time.month().into(), time.day());
    zip::DateTime::from_date_and_time(year, month, day, time.hour(), time.minute(), time.second())
        .map_err(|error| format!("{epoch} is no time of a zip: {error}"))
}

/// What a package holds.
#[derive(Debug)]
pub struct Contents {
    /// Dirhash of the unpacked files: `h1:` in lock files.
    pub h1: String,
    /// Names with their modes.
    pub modes: BTreeMap<String, u32>,
}

/// Reads a package.
pub fn read(zip: &[u8]) -> Outcome<Contents> {
    let fault = |error: zip::result::ZipError| format!("not a zip: {error}");
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).map_err(fault)?;
    let (mut modes, mut sums) = (BTreeMap::new(), BTreeMap::new());
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(fault)?;
        let name = entry.name().to_owned();
        let mut content = Vec::new();
        entry
            .read_to_end(&mut content)
            .map_err(|error| format!("{name}: {error}"))?;
        modes.insert(name.clone(), entry.unix_mode().unwrap_or_default() & 0o777);
        sums.insert(name, files::sha256(&content));
    }
    // Go's dirhash.Hash1: the sum of the sorted list of sums.
    let list: String = sums
        .iter()
        .map(|(name, sum)| format!("{sum}  {name}\n"))
        .collect();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(list.as_bytes());
    let h1 = format!(
        "h1:{}",
        base64::engine::general_purpose::STANDARD.encode(digest)
    );
    Ok(Contents { h1, modes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(epoch: i64) -> Vec<u8> {
        let directory = tempfile::tempdir().expect("a directory");
        let binary = directory.path().join("binary");
        std::fs::write(&binary, b"#!/bin/sh\n").expect("a file");
        std::fs::write(directory.path().join("LICENSE"), b"free").expect("a file");
        let version = Version::parse("1.0.0").expect("a version");
        let platform = Platform::parse("linux_amd64").expect("a platform");
        pack(directory.path(), &version, &platform, &binary, epoch).expect("packed")
    }

    #[test]
    fn the_same_twice() {
        assert_eq!(packed(1_700_000_000), packed(1_700_000_000));
        assert_ne!(packed(1_700_000_000), packed(1_800_000_000));
        assert!(read(&packed(0)).is_ok(), "times before 1980");
    }

    #[test]
    fn the_binary_is_executable() {
        let contents = read(&packed(1_700_000_000)).expect("a zip");
        assert_eq!(
            contents.modes["terraform-provider-eventbridge_v1.0.0"],
            0o755
        );
        assert_eq!(contents.modes["LICENSE"], 0o644);
        // Computed once with Go's dirhash format by hand: sums of "free" and of the script.
        let list = format!(
            "{}  LICENSE\n{}  terraform-provider-eventbridge_v1.0.0\n",
            files::sha256(b"free"),
            files::sha256(b"#!/bin/sh\n")
        );
        assert!(
            contents.h1.starts_with("h1:") && contents.h1.len() == 47,
            "{list}"
        );
    }
}
