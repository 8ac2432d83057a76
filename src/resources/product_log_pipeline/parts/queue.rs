//! The dead-letter queue: the pipeline's own, or one of the user's that is only
//! checked.

use super::queue_policy::{self, Verdict};
use super::{argument, foreign, unusable};
use crate::aws::sqs::{QueueAttributes, message_count};
use crate::aws::{Arn, Tags};
use crate::provider::Diagnostics;
use crate::resources::product_log_pipeline::documents;
use crate::resources::product_log_pipeline::work::{MISSING, Part, Work, tag_changes, tags_differ};
use crate::resources::shared::{Failure, policy};

/// Dead letters are kept for SQS's longest time.
const RETENTION: (&str, &str) = ("MessageRetentionPeriod", "1209600");
const POLICY: &str = "Policy";

/// The queue as it is; tags only of one that the pipeline makes.
pub struct Seen {
    pub url: String,
    pub attributes: QueueAttributes,
    pub tags: Tags,
}

impl Seen {
    /// Unread messages, those in flight included.
    pub fn messages(&self) -> u64 {
        message_count(&self.attributes)
    }

    fn policy(&self) -> Option<&str> {
        self.attributes
            .get(POLICY)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }
}

pub async fn look(work: &Work<'_>) -> Result<Option<Seen>, Failure> {
    let sqs = work.at.region().sqs();
    let arn = documents::queue_arn(&work.spec, &work.names);
    let arn = Arn::parse(&arn);
    let (name, account) = match (&arn, work.spec.manages_queue()) {
        (Some(arn), false) => (arn.resource.as_str(), Some(arn.account.as_str())),
        _ => (work.names.pipeline.as_str(), None),
    };
    let account = account.filter(|account| *account != work.names.account);
    let Some(url) = sqs.queue_url(name, account).await? else {
        return Ok(None);
    };
    let Some(attributes) = sqs.attributes(&url).await? else {
        return Ok(None);
    };
    let tags = match work.spec.manages_queue() {
        true => sqs.list_tags(&url).await?.unwrap_or_default(),
        false => Tags::new(),
    };
    Ok(Some(Seen {
        url,
        attributes,
        tags,
    }))
}

pub fn drift(work: &Work<'_>, seen: Option<&Seen>) -> Option<String> {
    let Some(seen) = seen else {
        return Some(MISSING.into());
    };
    if !work.spec.manages_queue() {
        return None;
    }
    let mut wrong = Vec::new();
    if seen
        .attributes
        .get(RETENTION.0)
        .is_some_and(|value| value != RETENTION.1)
    {
        wrong.push("retention is not 14 days");
    }
    if !seen
        .policy()
        .is_some_and(|text| policy::same(text, &documents::queue_policy(&work.names)))
    {
        wrong.push("policy differs");
    }
    if tags_differ(work, &seen.tags) {
        wrong.push("tags differ");
    }
    (!wrong.is_empty()).then(|| wrong.join(", "))
}

/// Refuses a queue of somebody else's, and one of the user's that cannot be used.
pub fn check(work: &Work<'_>, seen: Option<&Seen>, out: &mut Diagnostics) -> Result<(), Failure> {
    if !work.spec.manages_queue() {
        return check_users(work, seen, out);
    }
    match seen.filter(|seen| !work.names.owns(&seen.tags)) {
        Some(_) => Err(foreign(work, Part::Queue, &work.names.pipeline, out)),
        None => Ok(()),
    }
}

pub async fn ensure(work: &Work<'_>, seen: Option<&Seen>) -> Result<(), Failure> {
    if !work.spec.manages_queue() {
        return Ok(());
    }
    let sqs = work.at.region().sqs();
    let policy_text = documents::queue_policy(&work.names);
    let attributes: QueueAttributes = [
        (RETENTION.0.to_owned(), RETENTION.1.to_owned()),
        (POLICY.to_owned(), policy_text),
    ]
    .into();
    let Some(seen) = seen else {
        sqs.create_queue(&work.names.pipeline, &attributes, &work.tags())
            .await?;
        return Ok(());
    };
    if drift(work, Some(seen)).is_some() {
        sqs.set_attributes(&seen.url, &attributes).await?;
        let (set, removed) = tag_changes(work, &seen.tags);
        sqs.untag(&seen.url, &removed).await?;
        sqs.tag(&seen.url, &set).await?;
    }
    Ok(())
}

/// A queue of the user's: standard, of this region, and open to the rule. Its
/// policy stays the user's: what it lacks is said with the statement to add.
fn check_users(work: &Work<'_>, seen: Option<&Seen>, out: &mut Diagnostics) -> Result<(), Failure> {
    let arn = documents::queue_arn(&work.spec, &work.names);
    let refuse =
        |problem: &str, out: &mut Diagnostics| Err(unusable(Part::Queue, &arn, problem, out));
    let region = Arn::parse(&arn).map(|arn| arn.region).unwrap_or_default();
    if region != work.names.region {
        let problem = format!(
            "It is in region {region:?}, the pipeline in {:?}; both must be one.",
            work.names.region
        );
        return refuse(&problem, out);
    }
    if arn.ends_with(".fifo") {
        return refuse(
            "It is a FIFO queue; dead letters of EventBridge and Lambda need a standard queue.",
            out,
        );
    }
    let Some(seen) = seen else {
        return refuse(
            "There is no such queue. Make it first, or leave `dead_letter_queue_arn` out.",
            out,
        );
    };
    let rule = work.names.rule_arn();
    let name = &work.spec.name;
    match queue_policy::judge(seen.policy(), &arn, &rule) {
        Verdict::Allowed => {}
        Verdict::Missing => {
            let statement = documents::queue_statement(&arn, &rule);
            out.warning_at(
                argument(Part::Queue),
                format!("Queue {arn} does not let EventBridge send dead letters of {name}"),
                format!(
                    "Its policy is yours and is not changed. Add this statement to it:\n\n{}",
                    serde_json::to_string_pretty(&statement).unwrap_or_default()
                ),
            );
        }
        Verdict::Denied(statement) => out.warning_at(
            argument(Part::Queue),
            format!("Queue {arn} denies EventBridge the dead letters of {name}"),
            format!(
                "Its policy is yours and is not changed. The statement {statement:?} denies sqs:SendMessage to \
                 events.amazonaws.com for {rule}, whatever others allow: narrow it, for instance with the \
                 condition {{\"Bool\": {{\"aws:PrincipalIsAWSService\": \"false\"}}}}."
            ),
        ),
    }
    Ok(())
}

pub async fn remove(work: &Work<'_>, seen: &Seen) -> Result<(), Failure> {
    Ok(work.at.region().sqs().delete_queue(&seen.url).await?)
}
