//! Where strings, numbers and words end: the innermost loops of the scan.

use super::scan::{FaultKind, Stop};

/// The offset of the first byte from `at` on that is not plain text of a string.
#[inline(always)]
pub(super) fn plain(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    // Eight bytes at a time; a borrow may flag a byte after a real hit, never before it.
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let quote = word ^ (ONES * u64::from(b'"'));
        let slash = word ^ (ONES * u64::from(b'\\'));
        let found = (quote.wrapping_sub(ONES) & !quote)
            | (slash.wrapping_sub(ONES) & !slash)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        if found & HIGHS != 0 {
            return at + (found & HIGHS).trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while let Some(byte) = bytes.get(at) {
        if matches!(byte, b'"' | b'\\' | 0x00..=0x1f) {
            break;
        }
        at += 1;
    }
    at
}

/// Reads on from the first byte of a string that is not plain, to its closing quote.
#[inline(never)]
pub(super) fn after_escapes(bytes: &[u8], start: usize, mut at: usize) -> Result<usize, Stop> {
    loop {
        match bytes.get(at) {
            Some(b'"') => return Ok(at),
            Some(b'\\') => at = escape(bytes, at)?,
            Some(_) => return Err((FaultKind::Control, at)),
            None => return Err((FaultKind::OpenString, start - 1)),
        }
        at = plain(bytes, at);
    }
}

/// Checks the escape at `at`; the offset after it.
fn escape(bytes: &[u8], at: usize) -> Result<usize, Stop> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => match bytes.get(at + 2..at + 6) {
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => Ok(at + 6),
            _ => Err((FaultKind::Unicode, at)),
        },
        Some(_) => Err((FaultKind::Escape, at)),
        None => Err((FaultKind::End, at)),
    }
}

/// Reads the number at `start`; the offset after it.
#[inline(never)]
pub(super) fn number_end(bytes: &[u8], start: usize) -> Result<usize, Stop> {
    let whole = start + usize::from(bytes.get(start) == Some(&b'-'));
    let mut at = digits(bytes, whole);
    if at == whole {
        return Err((FaultKind::Number, start));
    }
    if at > whole + 1 && bytes.get(whole) == Some(&b'0') {
        return Err((FaultKind::LeadingZero, start));
    }
    if bytes.get(at) == Some(&b'.') {
        let fraction = at + 1;
        at = digits(bytes, fraction);
        if at == fraction {
            return Err((FaultKind::Number, start));
        }
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        let exponent = at;
        at = digits(bytes, exponent);
        if at == exponent {
            return Err((FaultKind::Number, start));
        }
    }
    if is_word(bytes, at) {
        return Err((FaultKind::Number, start));
    }
    Ok(at)
}

#[inline(always)]
fn digits(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    at
}

/// Whether a word or number goes on at `at`.
#[inline(always)]
pub(super) fn is_word(bytes: &[u8], at: usize) -> bool {
    let Some(byte) = bytes.get(at) else {
        return false;
    };
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'+' | b'-') || *byte >= 0x80
}
