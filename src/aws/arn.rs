//! Amazon Resource Names, and buses given by name or by ARN.

use std::fmt;

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`, in parts.
///
/// Any partition and region shape is read; nothing is checked but the form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Arn {
    /// `aws`, `aws-cn`, `aws-us-gov`, `aws-eusc`, `aws-iso`…
    pub partition: String,
    /// `events`, `lambda`…
    pub service: String,
    /// Empty for global services such as IAM.
    pub region: String,
    /// Twelve digits; empty where the service leaves it out.
    pub account: String,
    /// Whatever follows the fifth colon.
    pub resource: String,
}

impl Arn {
    /// Reads an ARN; `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next() != Some("arn") {
            return None;
        }
        let mut next = || parts.next().map(str::to_owned);
        let arn = Self {
            partition: next()?,
            service: next()?,
            region: next()?,
            account: next()?,
            resource: next()?,
        };
        let complete =
            !arn.partition.is_empty() && !arn.service.is_empty() && !arn.resource.is_empty();
        complete.then_some(arn)
    }

    /// The bus name of an `events` bus ARN (`event-bus/NAME`), else `None`.
    pub fn bus_name(&self) -> Option<&str> {
        if self.service != "events" {
            return None;
        }
        self.resource
            .strip_prefix("event-bus/")
            .filter(|name| !name.is_empty())
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "arn:{}:{}:{}:{}:{}",
            self.partition, self.service, self.region, self.account, self.resource
        )
    }
}

/// An event bus as a user writes it: by name or by ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusRef {
    text: String,
    arn: Option<Arn>,
}

impl BusRef {
    /// Takes a name or an ARN; text that is no bus ARN counts as a name.
    pub fn new(name_or_arn: &str) -> Self {
        let arn = Arn::parse(name_or_arn).filter(|arn| arn.bus_name().is_some());
        Self {
            text: name_or_arn.to_owned(),
            arn,
        }
    }

    /// The bus's own name, whichever form was given.
    pub fn name(&self) -> &str {
        self.arn
            .as_ref()
            .and_then(Arn::bus_name)
            .unwrap_or(&self.text)
    }

    /// The ARN, when that is what was given.
    pub fn arn(&self) -> Option<&Arn> {
        self.arn.as_ref()
    }

    /// What calls in `region` of `account` send: the name for an own bus, the
    /// ARN for one of another account or region. (Both are legal for an own
    /// bus; emulators know only names.)
    pub fn sent(&self, account: Option<&str>, region: &str) -> &str {
        if self.is_own(account, region) {
            self.name()
        } else {
            &self.text
        }
    }

    /// True for a name, and for an ARN of this account and region.
    pub fn is_own(&self, account: Option<&str>, region: &str) -> bool {
        match &self.arn {
            None => true,
            Some(arn) => arn.region == region && Some(arn.account.as_str()) == account,
        }
    }

    /// True when both name one bus. With the account unknown, a name and an
    /// ARN of the same name and region count as one.
    pub fn same(&self, other: &Self, account: Option<&str>, region: &str) -> bool {
        if self.name() != other.name() {
            return false;
        }
        let place = |bus: &Self| match &bus.arn {
            None => (Some(region.to_owned()), account.map(str::to_owned)),
            Some(arn) => (Some(arn.region.clone()), Some(arn.account.clone())),
        };
        let ((region_a, account_a), (region_b, account_b)) = (place(self), place(other));
        region_a == region_b
            && (account_a.is_none() || account_b.is_none() || account_a == account_b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "arn:aws:events:eu-west-1:123456789012:event-bus/orders";

    #[test]
    fn arns_of_any_partition_are_read_and_printed() {
        for text in [
            OWN,
            "arn:aws-cn:events:cn-north-1:123456789012:rule/bus/x",
            "arn:aws-eusc:lambda:eusc-de-east-1:123456789012:function:f:live",
            "arn:aws:iam::123456789012:role/path/name",
            "arn:aws:events:us-east-1::event-source/aws.partner/a/b",
        ] {
            assert_eq!(
                Arn::parse(text).map(|arn| arn.to_string()),
                Some(text.into())
            );
        }
        for text in [
            "",
            "orders",
            "arn:aws:events",
            "arn:::::x",
            "arn:aws:events:r:a:",
        ] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_own_bus_is_sent_by_name() {
        let bus = BusRef::new(OWN);
        assert_eq!(bus.name(), "orders");
        assert_eq!(bus.sent(Some("123456789012"), "eu-west-1"), "orders");
        assert_eq!(bus.sent(Some("999999999999"), "eu-west-1"), OWN);
        assert_eq!(bus.sent(Some("123456789012"), "us-east-1"), OWN);
        assert_eq!(bus.sent(None, "eu-west-1"), OWN);
        assert_eq!(BusRef::new("orders").sent(None, "eu-west-1"), "orders");
    }

    #[test]
    fn name_and_arn_of_one_bus_are_the_same() {
        let (name, arn) = (BusRef::new("orders"), BusRef::new(OWN));
        assert!(name.same(&arn, Some("123456789012"), "eu-west-1"));
        assert!(name.same(&arn, None, "eu-west-1"));
        assert!(!name.same(&arn, Some("999999999999"), "eu-west-1"));
        assert!(!name.same(&arn, Some("123456789012"), "us-east-1"));
        assert!(!BusRef::new("other").same(&arn, None, "eu-west-1"));
    }

    #[test]
    fn a_partner_bus_keeps_its_slashes() {
        let arn = "arn:aws:events:us-east-1:123456789012:event-bus/aws.partner/a.com/b/c";
        assert_eq!(BusRef::new(arn).name(), "aws.partner/a.com/b/c");
    }
}
