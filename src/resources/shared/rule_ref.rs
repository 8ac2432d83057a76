//! A rule as a user writes it: by its name, by its id (`BUS/RULE`, the bus by
//! name or ARN), or by its ARN. Also the import ids of rules and targets.

use std::sync::LazyLock;

use super::bus_name;
use crate::aws::Arn;
use crate::provider::Check;

/// A rule, and the bus that its spelling names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRef {
    /// Name or ARN of the bus; `None` for a rule given by its bare name.
    pub bus: Option<String>,
    pub name: String,
    /// The ARN, when that is what was given.
    arn: Option<Arn>,
}

const FORMS: &str = "write a rule's name, its id (\"BUS/RULE\", the bus by name or ARN) or its ARN";

impl RuleRef {
    /// Reads any of the three forms.
    ///
    /// # Errors
    /// What is wrong with the text, and what to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let arn = Arn::parse(text).filter(|arn| arn.service == "events");
        if let Some(arn) = arn
            && let Some(path) = arn.resource.strip_prefix("rule/")
        {
            let (bus, name) = path.rsplit_once('/').unwrap_or((bus_name::DEFAULT, path));
            let (bus, name) = (bus.to_owned(), name.to_owned());
            return Self::checked(Some(bus), name, Some(arn), text);
        }
        match text.rsplit_once('/') {
            Some((bus, name)) => Self::checked(Some(bus.to_owned()), name.to_owned(), None, text),
            None => Self::checked(None, text.to_owned(), None, text),
        }
    }

    fn checked(
        bus: Option<String>,
        name: String,
        arn: Option<Arn>,
        text: &str,
    ) -> Result<Self, String> {
        if let Some(bus) = &bus {
            check_bus(bus).map_err(|problem| format!("{text:?}: {problem}; {FORMS}"))?;
        }
        self::name()
            .run(&name.as_str().into())
            .map_err(|problem| format!("{problem}; {FORMS}"))?;
        Ok(Self { bus, name, arn })
    }

    /// A rule by its bare name, and its bus.
    ///
    /// # Errors
    /// What is wrong with either.
    pub fn on(bus: Option<&str>, name: &str) -> Result<Self, String> {
        Self::checked(bus.map(str::to_owned), name.to_owned(), None, name)
    }

    /// The bus to send in calls: of a rule given by its ARN, the bus's ARN,
    /// since the rule may be another account's.
    pub fn bus_to_send(&self) -> Option<String> {
        match &self.arn {
            None => self.bus.clone(),
            Some(arn) => {
                let bus = self.bus.as_deref().unwrap_or(bus_name::DEFAULT);
                let resource = format!("event-bus/{bus}");
                Some(
                    Arn {
                        resource,
                        ..arn.clone()
                    }
                    .to_string(),
                )
            }
        }
    }

    /// The region that the spelling names, by the ARN of the rule or of its bus.
    pub fn region(&self) -> Option<String> {
        let arn = match (&self.arn, &self.bus) {
            (Some(arn), _) => Some(arn.clone()),
            (None, Some(bus)) => Arn::parse(bus),
            (None, None) => None,
        };
        arn.map(|arn| arn.region)
    }
}

/// A rule's name.
pub fn name() -> Check {
    /// One for all: each has an expression of its own to compile.
    static NAME: LazyLock<Check> = LazyLock::new(|| {
        Check::matches(
            r"[.\-_A-Za-z0-9]{1,64}",
            "a rule name: 1 to 64 letters, digits, `.`, `-` or `_`",
        )
    });
    NAME.clone()
}

/// Any of the three forms.
pub fn check() -> Check {
    Check::text("must name a rule", |text| RuleRef::parse(text).map(drop))
}

/// A bus inside an id: only partner buses hold slashes, so `a/b/c` is no id.
fn check_bus(bus: &str) -> Result<(), String> {
    bus_name::name_or_arn().run(&bus.into())?;
    let name = crate::aws::BusRef::new(bus).name().to_owned();
    let mut parts = name.split('/');
    let partner = parts.next() == Some("aws.partner") && {
        let rest: Vec<&str> = parts.collect();
        rest.len() >= 2 && rest.iter().all(|part| !part.is_empty())
    };
    if name.contains('/') && !partner {
        return Err(format!("{name:?} is no event bus name"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (Option<String>, String) {
        let rule = RuleRef::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        (rule.bus, rule.name)
    }

    #[test]
    fn every_form_is_read() {
        let bus = "arn:aws:events:us-east-1:123456789012:event-bus/orders";
        let partner = "arn:aws-cn:events:cn-north-1:123456789012:event-bus/aws.partner/a.com/b";
        for (text, wanted, name) in [
            ("placed", None, "placed"),
            ("default/placed", Some("default"), "placed"),
            ("orders/placed", Some("orders"), "placed"),
            (
                "aws.partner/a.com/b/placed",
                Some("aws.partner/a.com/b"),
                "placed",
            ),
            (&format!("{bus}/placed"), Some(bus), "placed"),
            (&format!("{partner}/placed"), Some(partner), "placed"),
            (
                "arn:aws:events:us-east-1:123456789012:rule/placed",
                Some("default"),
                "placed",
            ),
            (
                "arn:aws:events:us-east-1:123456789012:rule/orders/placed",
                Some("orders"),
                "placed",
            ),
            (
                "arn:aws:events:us-east-1:123456789012:rule/aws.partner/a.com/b/placed",
                Some("aws.partner/a.com/b"),
                "placed",
            ),
        ] {
            assert_eq!(
                parsed(text),
                (wanted.map(str::to_owned), name.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn nothing_else_is() {
        for text in [
            "",
            "/",
            "/placed",
            "orders/",
            "a/b/c",
            "aws.partner/a/placed",
            "a b",
            "arn:aws:events:us-east-1:123456789012:event-bus/orders",
            "arn:aws:events:x",
            "arn:aws:sqs:us-east-1:123456789012:rule/x",
            "arn:aws:events:us-east-1:123456789012:rule/",
        ] {
            assert!(RuleRef::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_rules_arn_is_sent_as_its_buses_arn() {
        let rule = RuleRef::parse("arn:aws:events:us-east-1:123456789012:rule/orders/placed");
        let rule = rule.expect("a rule");
        assert_eq!(
            rule.bus_to_send().as_deref(),
            Some("arn:aws:events:us-east-1:123456789012:event-bus/orders")
        );
        assert_eq!(rule.region().as_deref(), Some("us-east-1"));
    }
}
