//! What to write for a range of addresses that is written in another way.

use super::{object, string_advice};
use crate::json::{Kind, Node, quote};
use crate::pattern::operator::address::{Cidr, CidrError, parse_address};

const FORM: &str = "write an address and a number of bits: \"10.0.0.0/24\" or \"2001:db8::/32\"";

/// What to write where `cidr` wants a string.
pub(crate) fn cidr_operand_advice(operand: Node<'_>) -> String {
    match operand.kind() {
        Kind::Array => string_advice(operand, |text| object("cidr", text)),
        _ => "write a range in one string: \"10.0.0.0/24\"".to_owned(),
    }
}

/// What to write for a text that is no range.
pub(crate) fn cidr_advice(text: &str, error: &CidrError) -> String {
    let address = text.split('/').next().unwrap_or_default();
    match error {
        CidrError::Slash if parse_address(text).is_some() => alone(address),
        CidrError::Bits4 | CidrError::Bits6 if text.ends_with("/32") || text.ends_with("/128") => {
            alone(address)
        }
        CidrError::Bits4 => "write 0 to 31 bits".into(),
        CidrError::Bits6 => "write 0 to 127 bits".into(),
        _ => meant(text).map_or_else(
            || FORM.to_owned(),
            |range| format!("write {}", quote(&range)),
        ),
    }
}

fn alone(address: &str) -> String {
    format!("for this one address write \"{address}\" without cidr")
}

/// The range that is meant by blanks around it, a mask in octets, zeros before
/// octets, or octets that are left out.
fn meant(text: &str) -> Option<String> {
    let (address, bits) = text.trim().split_once('/')?;
    let address = address.split('%').next().unwrap_or_default();
    let mut octets: Vec<&str> = address.split('.').collect();
    let four = octets.iter().all(|octet| {
        !octet.is_empty() && octet.len() <= 3 && octet.bytes().all(|byte| byte.is_ascii_digit())
    });
    let address = if four && octets.len() <= 4 {
        octets.resize(4, "0");
        let plain = octets
            .iter()
            .map(|octet| match octet.trim_start_matches('0') {
                "" => "0",
                digits => digits,
            });
        plain.collect::<Vec<_>>().join(".")
    } else {
        address.to_owned()
    };
    let bits = match bits.parse::<std::net::Ipv4Addr>() {
        Ok(mask) if mask.to_bits().leading_ones() == mask.to_bits().count_ones() => {
            mask.to_bits().leading_ones().to_string()
        }
        _ => bits.to_owned(),
    };
    let range = format!("{address}/{bits}");
    Cidr::parse(&range).is_ok().then_some(range)
}

#[cfg(test)]
mod tests {
    use crate::pattern::Pattern;

    #[test]
    fn a_range_in_another_form_is_told_in_this_one() {
        for (operand, wanted) in [
            (r#""10.0.0.0/8 ""#, r#"write "10.0.0.0/8""#),
            (r#""10.0.0.0/255.0.0.0""#, r#"write "10.0.0.0/8""#),
            (r#""010.0.0.0/8""#, r#"write "10.0.0.0/8""#),
            (r#""10.0/16""#, r#"write "10.0.0.0/16""#),
            (r#""fe80::1%eth0/64""#, r#"write "fe80::1/64""#),
            (
                r#""::1/128""#,
                r#"for this one address write "::1" without cidr"#,
            ),
            (
                r#"["10.0.0.0/8","::/8"]"#,
                r#"write an object for each: [{"cidr": "10.0.0.0/8"}, {"cidr": "::/8"}]"#,
            ),
        ] {
            let text = format!("{{\"p\":[{{\"cidr\":{operand}}}]}}");
            let errors = Pattern::parse(&text).unwrap_err();
            assert_eq!(errors.first().advice.as_deref(), Some(wanted), "{operand}");
        }
    }
}
