//! What a Linux binary asks of the machine that it starts on.

use crate::Outcome;
use std::path::Path;

/// The oldest C library that a release starts with, as zig spells it in a target: that of
/// RHEL 7 and Amazon Linux 2's kin.
pub const GLIBC: &str = "2.17";
const MARK: &[u8] = b"GLIBC_";

/// Fails if a binary needs a newer C library than [`GLIBC`].
pub fn check(binary: &Path) -> Outcome {
    let bytes = crate::files::read(binary)?;
    match newest(&bytes) {
        Some(found) if parse(GLIBC).is_some_and(|most| found > most) => Err(format!(
            "{} needs GLIBC_{}.{}, and releases promise to start with {GLIBC}",
            binary.display(),
            found.0,
            found.1
        )),
        _ => Ok(()),
    }
}

/// The newest version of the C library that a binary's dynamic section names.
fn newest(bytes: &[u8]) -> Option<(u32, u32)> {
    let names = bytes.windows(MARK.len()).enumerate();
    let names = names.filter(|(_, window)| *window == MARK);
    names
        .filter_map(|(at, _)| {
            let version = &bytes[at + MARK.len()..];
            let end = version.iter().position(|&byte| byte == 0)?;
            parse(std::str::from_utf8(&version[..end.min(16)]).ok()?)
        })
        .max()
}

/// `2.17`, or `2.2.5` of which the third number does not matter.
fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_counts() {
        let names = b"\0libc.so.6\0GLIBC_2.2.5\0GLIBC_2.34\0GLIBC_2.4\0GLIBC_PRIVATE\0";
        assert_eq!(newest(names), Some((2, 34)));
        assert_eq!(newest(b"statically linked"), None);
    }

    #[test]
    fn a_binary_that_needs_more_is_refused() {
        let path = std::env::temp_dir().join(format!("baseline-{}", std::process::id()));
        let refused = |names: &[u8]| {
            std::fs::write(&path, names).expect("a file");
            check(&path).err()
        };
        assert_eq!(refused(b"GLIBC_2.17\0"), None);
        let why = refused(b"GLIBC_2.17\0GLIBC_2.18\0").expect("refused");
        std::fs::remove_file(&path).expect("removed");
        assert!(why.contains("GLIBC_2.18") && why.contains("2.17"), "{why}");
    }
}
