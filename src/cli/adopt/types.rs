//! Which types of hashicorp/aws have a counterpart here. Knows no files.

/// What every type of EventBridge is called in hashicorp/aws begins with this.
pub(super) const THEIR_PREFIX: &str = "aws_cloudwatch_event_";
const OUR_PREFIX: &str = "eventbridge_";

const RESOURCES: [&str; 9] = [
    "api_destination",
    "archive",
    "bus",
    "bus_policy",
    "connection",
    "endpoint",
    "permission",
    "rule",
    "target",
];
const DATA_SOURCES: [&str; 4] = ["bus", "buses", "connection", "source"];

/// Whether a type is a resource's or a data source's: some names are only one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Resource,
    Data,
}

impl Kind {
    /// The kind of a block by its first word.
    pub(super) fn of_block(ident: &str) -> Option<Kind> {
        match ident {
            "resource" => Some(Kind::Resource),
            "data" => Some(Kind::Data),
            _ => None,
        }
    }

    /// Our name of one of their types, if it has a counterpart here.
    pub(super) fn ours(self, their_type: &str) -> Option<String> {
        let noun = their_type.strip_prefix(THEIR_PREFIX)?;
        let known = match self {
            Kind::Resource => RESOURCES.contains(&noun),
            Kind::Data => DATA_SOURCES.contains(&noun),
        };
        known.then(|| format!("{OUR_PREFIX}{noun}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counterparts() {
        assert_eq!(
            Kind::Resource.ours("aws_cloudwatch_event_rule").as_deref(),
            Some("eventbridge_rule")
        );
        assert_eq!(
            Kind::Data.ours("aws_cloudwatch_event_buses").as_deref(),
            Some("eventbridge_buses")
        );
        assert_eq!(Kind::Data.ours("aws_cloudwatch_event_rule"), None);
        assert_eq!(Kind::Resource.ours("aws_cloudwatch_log_group"), None);
        assert_eq!(Kind::Resource.ours("aws_cloudwatch_event_"), None);
    }
}
