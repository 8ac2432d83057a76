//! IP addresses: literals and `cidr` ranges.
//!
//! An IPv4-mapped IPv6 address is IPv6, and an octet with a leading zero makes
//! a text no address.

use std::net::IpAddr;

/// A `cidr` range.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cidr {
    network: IpAddr,
    bits: u32,
    text: String,
}

/// Why a text is no `cidr` operand: AWS's sentences.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CidrError {
    #[error("Malformed CIDR, one '/' required")]
    Slash,
    #[error("Malformed CIDR, mask bits must be an integer")]
    Integer,
    #[error("Malformed CIDR, mask bits must not be negative")]
    Negative,
    #[error("Nonstandard IP address: {0}")]
    Nonstandard(String),
    #[error("Invalid IP address: {0}")]
    Invalid(String),
    #[error("IPv4 mask bits must be < 32")]
    Bits4,
    #[error("IPv6 mask bits must be < 128")]
    Bits6,
}

/// Reads an IPv4 or IPv6 literal; none for any other text.
pub fn parse_address(text: &str) -> Option<IpAddr> {
    // Anything longer, or with other characters, is no address: most strings end here.
    if text.len() > 39 || !has_address_shape(text) {
        return None;
    }
    text.parse().ok()
}

/// Digits in four groups, or hexadecimal digits and at least one colon.
fn has_address_shape(text: &str) -> bool {
    let digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let four = text.split('.').count() == 4 && text.split('.').all(digits);
    let six = text.contains(':')
        && text
            .bytes()
            .all(|byte| byte == b':' || byte.is_ascii_hexdigit());
    four || six
}

impl Cidr {
    /// Parses `address/bits`.
    ///
    /// # Errors
    /// In the order of AWS: the slash, the bits, the address, the range of the
    /// bits. A single address (/32, /128) is refused.
    pub fn parse(text: &str) -> Result<Self, CidrError> {
        // As Java splits: empty parts at the end do not count.
        let mut parts: Vec<&str> = text.split('/').collect();
        while parts.last() == Some(&"") {
            parts.pop();
        }
        let [address, bits] = parts.as_slice() else {
            return Err(CidrError::Slash);
        };
        let bits: i32 = bits.parse().map_err(|_| CidrError::Integer)?;
        let bits = u32::try_from(bits).map_err(|_| CidrError::Negative)?;
        if !has_address_shape(address) {
            return Err(CidrError::Nonstandard((*address).to_owned()));
        }
        let network: IpAddr = address
            .parse()
            .map_err(|_| CidrError::Invalid((*address).to_owned()))?;
        match network {
            IpAddr::V4(_) if bits > 31 => Err(CidrError::Bits4),
            IpAddr::V6(_) if bits > 127 => Err(CidrError::Bits6),
            _ => Ok(Cidr {
                network,
                bits,
                text: text.to_owned(),
            }),
        }
    }

    /// Returns the text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether an address is of the range's family.
    pub fn is_of_family(&self, address: IpAddr) -> bool {
        self.network.is_ipv4() == address.is_ipv4()
    }

    /// Returns whether the address lies in the range. Host bits of the range's own address do not count.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => (network.to_bits() ^ address.to_bits())
                .checked_shr(32 - self.bits)
                .is_none_or(|difference| difference == 0),
            (IpAddr::V6(network), IpAddr::V6(address)) => (network.to_bits() ^ address.to_bits())
                .checked_shr(128 - self.bits)
                .is_none_or(|difference| difference == 0),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        for text in [
            "10.0.0.1",
            "2001:db8::1",
            "2001:DB8:0:0:0:0:0:1",
            "::",
            "::ffff:a00:1",
        ] {
            assert!(parse_address(text).is_some(), "{text}");
        }
        for text in [
            "1.2.3.400",
            "12:30",
            "010.0.0.1",
            "10.0.0",
            "::ffff:1.2.3.4",
            "1::2::3",
            "",
            "fe80::1%1",
            "[::]",
        ] {
            assert!(parse_address(text).is_none(), "{text}");
        }
    }

    #[test]
    fn ranges_mask_host_bits_and_keep_the_families_apart() {
        let contains = |cidr: &str, address: &str| {
            Cidr::parse(cidr)
                .unwrap()
                .contains(address.parse().unwrap())
        };
        assert!(contains("10.0.0.77/24", "10.0.0.1"));
        assert!(!contains("10.0.0.77/24", "10.0.1.77"));
        assert!(contains("0.0.0.0/0", "255.255.255.255"));
        assert!(!contains("0.0.0.0/0", "::1"));
        assert!(contains("::/0", "2001:db8::1"));
        assert!(!contains("::/0", "1.2.3.4"));
        assert!(contains("2001:db8::4/127", "2001:db8::5"));
        assert!(!contains("10.0.0.0/8", "::ffff:a00:1"));
    }

    #[test]
    fn errors_are_those_of_aws() {
        for (text, error) in [
            ("", CidrError::Slash),
            ("10.0.0.0/", CidrError::Slash),
            ("1.2.3.4/8/8", CidrError::Slash),
            ("10.0.0.0/x", CidrError::Integer),
            ("10.0.0.0/8 ", CidrError::Integer),
            ("10.0.0.0/-1", CidrError::Negative),
            ("/8", CidrError::Nonstandard(String::new())),
            ("256.0.0.0/8", CidrError::Invalid("256.0.0.0".into())),
            ("10.0.0.0/32", CidrError::Bits4),
            ("2001:db8::/128", CidrError::Bits6),
        ] {
            assert_eq!(Cidr::parse(text), Err(error), "{text}");
        }
        for text in ["10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/8/"] {
            assert!(Cidr::parse(text).is_ok(), "{text}");
        }
    }
}
