//! The AWS services we call, their names, and their documented request rates.

/// One AWS service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    Events,
    DynamoDb,
    Lambda,
    Iam,
    Sqs,
    Sts,
    Logs,
    Tagging,
}

impl Service {
    /// Every service, in the order of the `endpoints` documentation.
    pub const ALL: [Self; 8] = [
        Self::Events,
        Self::DynamoDb,
        Self::Lambda,
        Self::Iam,
        Self::Sqs,
        Self::Sts,
        Self::Logs,
        Self::Tagging,
    ];

    /// The service's name in messages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Events => "EventBridge",
            Self::DynamoDb => "DynamoDB",
            Self::Lambda => "Lambda",
            Self::Iam => "IAM",
            Self::Sqs => "SQS",
            Self::Sts => "STS",
            Self::Logs => "CloudWatch Logs",
            Self::Tagging => "Resource Groups Tagging API",
        }
    }

    /// The keys that set this service's endpoint; the first is the usual one.
    pub fn endpoint_keys(self) -> &'static [&'static str] {
        match self {
            Self::Events => &["events", "eventbridge", "cloudwatchevents"],
            Self::DynamoDb => &["dynamodb"],
            Self::Lambda => &["lambda"],
            Self::Iam => &["iam"],
            Self::Sqs => &["sqs"],
            Self::Sts => &["sts"],
            Self::Logs => &["logs", "cloudwatchlogs", "cloudwatchlog"],
            Self::Tagging => &["resourcegroupstaggingapi", "resourcegroupstagging"],
        }
    }

    /// The service that an endpoint key names, aliases included.
    pub fn from_endpoint_key(key: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|service| service.endpoint_keys().contains(&key))
    }

    /// The service id of the SDKs, as in `AWS_ENDPOINT_URL_<ID>`.
    pub(super) fn sdk_id(self) -> &'static str {
        match self {
            Self::Events => "EventBridge",
            Self::DynamoDb => "DynamoDB",
            Self::Lambda => "Lambda",
            Self::Iam => "IAM",
            Self::Sqs => "SQS",
            Self::Sts => "STS",
            Self::Logs => "CloudWatch Logs",
            Self::Tagging => "Resource Groups Tagging API",
        }
    }

    /// Requests per second that the service's quota page grants an account in
    /// one region for control-plane calls. Where the page prints none, a rate
    /// that no account was seen to be refused at.
    pub(super) fn documented_rate(self) -> f64 {
        match self {
            Self::Events | Self::DynamoDb | Self::Sqs | Self::Sts => 50.0,
            Self::Lambda | Self::Iam | Self::Tagging => 15.0,
            Self::Logs => 10.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_names_its_service() {
        for service in Service::ALL {
            for key in service.endpoint_keys() {
                assert_eq!(Service::from_endpoint_key(key), Some(service));
            }
        }
        assert_eq!(Service::from_endpoint_key("s3"), None);
    }
}
