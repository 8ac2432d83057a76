//! What the parts of a pipeline are called, and how they are known as its own.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::spec::Spec;
use crate::aws::Arn;
use crate::resources::shared::bus_name;

/// The tag that names the pipeline a part belongs to.
pub const PIPELINE_TAG: &str = "eventbridge:product-log-pipeline";
/// The tag that names the pipeline's bus, by which an import finds it.
pub const BUS_TAG: &str = "eventbridge:event-bus";

/// Names of the managed parts in one account and region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    pub pipeline: String,
    pub bus: String,
    pub account: String,
    pub region: String,
    pub partition: &'static str,
}

impl Names {
    pub fn new(spec: &Spec, account: &str, region: &str) -> Self {
        Self {
            pipeline: spec.name.clone(),
            bus: spec.bus_name(),
            account: account.to_owned(),
            region: region.to_owned(),
            partition: partition(region),
        }
    }

    /// The role is global in an account, so its name holds the region. A change
    /// of its path makes a second one beside it before the first goes, and one
    /// that is lost is made anew as another one: they take turns with these names.
    pub fn roles(&self) -> [String; 2] {
        let base = format!("{}-{}", self.pipeline, self.region);
        [base.clone(), format!("{base}-b")]
    }

    /// Whether an ARN is of a role that the pipeline makes.
    pub fn is_role(&self, arn: &str) -> bool {
        let name = arn.rsplit('/').next();
        self.roles().iter().any(|role| Some(role.as_str()) == name)
    }

    pub fn log_group(&self) -> String {
        format!("/aws/lambda/{}", self.pipeline)
    }

    pub fn bus_arn(&self) -> String {
        self.arn("events", &format!("event-bus/{}", self.bus))
    }

    pub fn rule_arn(&self) -> String {
        match self.bus.as_str() {
            "default" => self.arn("events", &format!("rule/{}", self.pipeline)),
            bus => self.arn("events", &format!("rule/{bus}/{}", self.pipeline)),
        }
    }

    /// The bus of a rule that has the pipeline's name.
    pub fn bus_of(&self, rule_arn: &str) -> Option<String> {
        let resource = Arn::parse(rule_arn)?.resource;
        let place = resource
            .strip_prefix("rule/")?
            .strip_suffix(&self.pipeline)?;
        let bus = match place {
            "" => "default",
            place => place.strip_suffix('/')?,
        };
        let there = Self {
            bus: bus.to_owned(),
            ..self.clone()
        };
        (there.rule_arn() == rule_arn).then_some(there.bus)
    }

    pub fn table_arn(&self) -> String {
        self.arn("dynamodb", &format!("table/{}", self.pipeline))
    }

    pub fn function_arn(&self) -> String {
        self.arn("lambda", &format!("function:{}", self.pipeline))
    }

    pub fn queue_arn(&self) -> String {
        self.arn("sqs", &self.pipeline)
    }

    pub fn log_group_arn(&self) -> String {
        self.arn("logs", &format!("log-group:{}", self.log_group()))
    }

    /// The invoke permission's statement: one for each rule, so that a pipeline
    /// that moves to another bus can have both for a moment.
    pub fn statement_id(&self) -> String {
        let hash = Sha256::digest(self.rule_arn());
        let short: String = hash.iter().take(4).map(|b| format!("{b:02x}")).collect();
        format!("{}-{short}", self.pipeline)
    }

    /// The tags that mark a part as this pipeline's, over the user's.
    pub fn tags(&self, tags: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mut all = tags.clone();
        all.insert(PIPELINE_TAG.into(), self.pipeline.clone());
        all.insert(BUS_TAG.into(), self.bus.clone());
        all
    }

    /// Whether a part with these tags is this pipeline's.
    pub fn owns(&self, tags: &BTreeMap<String, String>) -> bool {
        tags.get(PIPELINE_TAG) == Some(&self.pipeline)
    }

    fn arn(&self, service: &str, resource: &str) -> String {
        format!(
            "arn:{}:{service}:{}:{}:{resource}",
            self.partition, self.region, self.account
        )
    }
}

/// The bus that a part's tags name. What somebody else wrote there need not be the
/// name of one, and would fail each call.
pub fn bus_of(tags: &BTreeMap<String, String>) -> Option<&str> {
    let bus = tags.get(BUS_TAG)?;
    let is_name = bus_name::name().run(&bus.as_str().into()).is_ok();
    is_name.then_some(bus)
}

/// A part's tags without the two that are ours.
pub fn users_tags(tags: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let ours = [PIPELINE_TAG, BUS_TAG];
    let users = tags.iter().filter(|(key, _)| !ours.contains(&key.as_str()));
    users.map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// The partition of a region.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
pub fn partition(region: &str) -> &'static str {
    const BY_PREFIX: [(&str, &str); 7] = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-isob-", "aws-iso-b"),
        ("us-isof-", "aws-iso-f"),
        ("us-iso-", "aws-iso"),
        ("eu-isoe-", "aws-iso-e"),
        ("eusc-", "aws-eusc"),
    ];
    BY_PREFIX
        .iter()
        .find(|(prefix, _)| region.starts_with(prefix))
        .map_or("aws", |(_, partition)| partition)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bus: &str) -> Names {
        Names {
            pipeline: "shop".into(),
            bus: bus.into(),
            account: "123456789012".into(),
            region: "eu-west-1".into(),
            partition: partition("eu-west-1"),
        }
    }

    #[test]
    fn parts_are_named_after_the_pipeline() {
        assert_eq!(
            names("shop").rule_arn(),
            "arn:aws:events:eu-west-1:123456789012:rule/shop/shop"
        );
        assert_eq!(
            names("default").rule_arn(),
            "arn:aws:events:eu-west-1:123456789012:rule/shop"
        );
        for bus in ["shop", "default", "aws.partner/a.com/1"] {
            assert_eq!(
                names("any").bus_of(&names(bus).rule_arn()).as_deref(),
                Some(bus)
            );
        }
        let another = names("shop")
            .rule_arn()
            .replace("shop/shop", "shop/my-shop");
        assert_eq!(names("any").bus_of(&another), None);
        assert_eq!(names("shop").roles()[0], "shop-eu-west-1");
        assert_ne!(names("a").statement_id(), names("b").statement_id());
    }

    #[test]
    fn own_tags_mark_a_part_and_are_hidden() {
        let users: BTreeMap<_, _> = [("team".to_owned(), "a".to_owned())].into();
        let all = names("shop").tags(&users);
        assert!(names("shop").owns(&all) && !names("shop").owns(&users));
        assert_eq!(users_tags(&all), users);
    }
}
