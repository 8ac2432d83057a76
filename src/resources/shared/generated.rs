//! Generated names: a prefix, the time and a counter, 26 characters after the
//! prefix, in the form that hashicorp/aws generates, so that moved objects keep theirs.

use std::sync::atomic::{AtomicU32, Ordering};

use time::OffsetDateTime;

/// The prefix where none is configured.
pub const PREFIX: &str = "terraform-";

/// Characters after the prefix: 18 digits of time, 8 of a counter in hexadecimal.
pub const SUFFIX: usize = TIME + COUNT;
const TIME: usize = 18;
const COUNT: usize = 8;

/// A name that nothing else has: of this process by the counter, of others by
/// the time and where their counters began.
pub fn name(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    static START: std::sync::OnceLock<u32> = std::sync::OnceLock::new();
    let start = *START.get_or_init(|| fastrand::u32(..));
    let count = start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed));
    let now = OffsetDateTime::now_utc();
    format!(
        "{prefix}{:04}{:02}{:02}{:02}{:02}{:02}{:04}{count:08x}",
        now.year(),
        u8::from(now.month()),
        now.day(),
        now.hour(),
        now.minute(),
        now.second(),
        now.nanosecond() / 100_000,
    )
}

/// The prefix of a name that was generated; `None` for any other.
pub fn prefix_of(name: &str) -> Option<&str> {
    let split = name.len().checked_sub(SUFFIX)?;
    let (prefix, suffix) = (name.get(..split)?, name.get(split..)?);
    let (time, count) = suffix.split_at_checked(TIME)?;
    let is_time = time.bytes().all(|b| b.is_ascii_digit());
    let is_count = count
        .bytes()
        .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    (is_time && is_count).then_some(prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_tell_their_prefix() {
        let (one, two) = (name("nightly-"), name("nightly-"));
        assert_ne!(one, two);
        assert_eq!(one.len(), "nightly-".len() + 26);
        assert_eq!(prefix_of(&one), Some("nightly-"));
        assert_eq!(
            prefix_of("terraform-20251125031559123400000001"),
            Some("terraform-")
        );
        assert_eq!(prefix_of("terraform-2025112503155912340000000g"), None);
        assert_eq!(prefix_of("orders"), None);
    }
}
