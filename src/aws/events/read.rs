//! Reads that may be answered from what was read before (`aws::pages`).
//!
//! A refresh uses `read_…`, a create `look_for_…`; who must hear it from AWS
//! itself asks with `describe_…` and `list_…`.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::super::arn::BusRef;
use super::super::error::AwsError;
use super::super::pages::{RulePage, RuleSource, Walk};
use super::super::tags::Tags;
use super::{Bus, Events, Rule, Target};

/// A page this young tells a create that nothing is there, and a data source
/// what is.
const FRESH: Duration = Duration::from_secs(5);

impl Events {
    /// One bus, with its policy; all that ask share one call.
    pub async fn read_bus(&self, bus: &str) -> Result<Option<Bus>, AwsError> {
        let sent = self.bus(bus).await?;
        let shared = self.pages().bus(&sent);
        let answer = shared
            .get_or_try_init(|| async {
                let bus = self.describe_bus_as(&sent).await?;
                if let Some(bus) = &bus {
                    self.learn_account(&sent, &bus.arn);
                }
                Ok::<_, AwsError>(bus)
            })
            .await?;
        Ok(answer.clone())
    }

    /// One rule. The first read of a bus asks for the rule, later ones for the
    /// bus's pages, which all share; a rule that the pages lack is asked for
    /// before it counts as gone. From a page it carries no `created_by`.
    pub async fn read_rule(&self, bus: &str, name: &str) -> Result<Option<Rule>, AwsError> {
        self.rule_from(bus, name, None).await
    }

    /// One rule, for who is about to make it: pages read in the last seconds
    /// are enough to know that it is not there.
    pub async fn look_for_rule(&self, bus: &str, name: &str) -> Result<Option<Rule>, AwsError> {
        self.rule_from(bus, name, Some(FRESH)).await
    }

    async fn rule_from(
        &self,
        bus: &str,
        name: &str,
        page_age: Option<Duration>,
    ) -> Result<Option<Rule>, AwsError> {
        let sent = self.bus(bus).await?;
        let on_page = match self.pages().rule_source(&sent, name, page_age) {
            RuleSource::Memory(rule) => return Ok(rule.map(|rule| *rule)),
            RuleSource::Direct => None,
            RuleSource::Page(walk) => self.page(&sent, &walk).await?,
        };
        if let Some(page) = on_page {
            let Some(rules) = page else {
                return Ok(None);
            };
            // Writes of this process may have come while the page was read.
            match (self.pages().rule_known(&sent, name), rules.get(name)) {
                (Some(known), _) => return Ok(known),
                (None, Some(rule)) => return Ok(Some(rule.clone())),
                (None, None) if page_age.is_some() => return Ok(None),
                (None, None) => {}
            }
        }
        let rule = self.describe_rule(&sent, name).await?;
        self.pages().rule_seen(&sent, name, rule.as_ref());
        Ok(rule)
    }

    /// All rules of a bus; `None` when there is no such bus.
    pub async fn read_rules(&self, bus: &str) -> Result<Option<Vec<Rule>>, AwsError> {
        let sent = self.bus(bus).await?;
        let page = match self.pages().walk(&sent, FRESH) {
            Some(walk) => self.page(&sent, &walk).await?,
            None => None,
        };
        match page {
            // ListRules was denied before: its error says so best.
            None => self.list_rules(&sent, None).await,
            Some(None) => Ok(None),
            Some(Some(rules)) => Ok(Some(self.pages().rules_over(&sent, rules.values()))),
        }
    }

    /// All targets of a rule, in no order; `None` when there is no such rule.
    /// One call serves all targets of the rule.
    pub async fn read_targets(
        &self,
        bus: &str,
        rule: &str,
    ) -> Result<Option<Vec<Target>>, AwsError> {
        let sent = self.bus(bus).await?;
        let shared = self.pages().targets(&sent, rule);
        let answer = shared
            .get_or_try_init(|| self.list_targets_as(&sent, rule))
            .await?;
        Ok(self.pages().with_written(&sent, rule, answer.clone()))
    }

    /// The tags of a bus or rule; `None` when it is not there.
    ///
    /// The first few objects are asked for one by one, later ones are found in
    /// one walk of the tagging API, which may lag or be incomplete: an answer
    /// that does not `fit` what is expected is asked for directly.
    pub async fn read_tags(
        &self,
        arn: &str,
        fits: impl Fn(&Tags) -> bool,
    ) -> Result<Option<Tags>, AwsError> {
        if let Some(walk) = self.pages().tags.walk()
            && self.region.has_tagging().await?
        {
            let walked = walk.get_or_try_init(|| async {
                let kinds = ["events:event-bus", "events:rule"];
                let found = self.region.tagging().get_resources(&[], &kinds).await?;
                Ok::<_, AwsError>(found.into_iter().collect::<HashMap<_, _>>())
            });
            match walked.await {
                Ok(all) => {
                    let tags = all.get(arn).cloned().unwrap_or_default();
                    let tags = self.pages().tags.over(arn, tags);
                    if fits(&tags) {
                        return Ok(Some(tags));
                    }
                }
                Err(error) if error.is_cancelled() => return Err(error),
                // A bulk read only saves calls: without it there are more.
                Err(error) => {
                    tracing::debug!(error = %error, "tags are read one by one");
                    self.pages().tags.denied();
                }
            }
        }
        let tags = self.list_tags(arn).await?;
        Ok(tags.map(|tags| self.pages().tags.over(arn, tags)))
    }

    /// The rules of a bus, from memory alone: nothing is asked.
    pub fn seen_rules(&self, bus: &str) -> Option<Vec<Rule>> {
        self.pages().seen_rules(&self.bus_in_memory(bus))
    }

    /// A rule of a bus whose pages were read, from memory alone: nothing is asked.
    pub fn seen_rule(&self, bus: &str, name: &str) -> Option<Rule> {
        self.pages().seen_rule(&self.bus_in_memory(bus), name)
    }

    /// The targets of a rule, from memory alone: nothing is asked.
    pub fn seen_targets(&self, bus: &str, rule: &str) -> Option<Vec<Target>> {
        self.pages().seen_targets(&self.bus_in_memory(bus), rule)
    }

    /// A bus, from memory alone: nothing is asked. `Some(None)`: known not to
    /// be there.
    pub fn seen_bus(&self, bus: &str) -> Option<Option<Bus>> {
        self.pages().bus(&self.bus_in_memory(bus)).get().cloned()
    }

    /// The page of a walk; `None` where ListRules is not allowed.
    async fn page(&self, sent: &str, walk: &Walk) -> Result<Option<RulePage>, AwsError> {
        let page = walk.page.get_or_try_init(|| async {
            let rules = self.list_rules(sent, None).await?;
            let by_name = |rules: Vec<Rule>| {
                let rules = rules.into_iter();
                Arc::new(rules.map(|rule| (rule.name.clone(), rule)).collect())
            };
            Ok::<_, AwsError>(rules.map(by_name))
        });
        match page.await {
            Ok(page) => Ok(Some(page.clone())),
            Err(error) if error.is_access_denied() => {
                tracing::debug!(error = %error, "rules are read one by one");
                self.pages().denied(sent);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The bus as it is sent, as far as memory tells.
    fn bus_in_memory(&self, name_or_arn: &str) -> String {
        let account = self.region.aws().known_account();
        let bus = BusRef::new(name_or_arn);
        bus.sent(account, self.region.name()).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{Fake, Reply};
    use super::super::RuleSettings;
    use super::*;

    /// Answers ListRules with two pages of three rules, other calls with what
    /// fits any of them.
    async fn fake() -> Fake {
        Fake::answering(|request| {
            let rule = |name: &str| {
                format!(r#"{{"Name":"{name}","State":"ENABLED","Arn":"arn:aws:events:eu-west-1:123456789012:rule/b/{name}"}}"#)
            };
            Some(match request.operation.as_str() {
                "ListRules" if request.body.contains("NextToken") => {
                    Reply::ok(&format!(r#"{{"Rules":[{}]}}"#, rule("three")))
                }
                "ListRules" => Reply::ok(&format!(
                    r#"{{"Rules":[{},{}],"NextToken":"t"}}"#,
                    rule("one"),
                    rule("two")
                )),
                "DescribeRule" if request.body.contains("none") => {
                    Reply::Error(400, "ResourceNotFoundException", "Rule none does not exist.")
                }
                "DescribeRule" => Reply::ok(&rule("one")),
                "ListTargetsByRule" => {
                    Reply::ok(r#"{"Targets":[{"Id":"a","Arn":"x"},{"Id":"b","Arn":"x"}]}"#)
                }
                "GetResources" => Reply::ok(
                    r#"{"ResourceTagMappingList":[{"ResourceARN":"arn:1","Tags":[{"Key":"k","Value":"bulk"}]}]}"#,
                ),
                "ListTagsForResource" => {
                    Reply::ok(r#"{"Tags":[{"Key":"k","Value":"direct"}]}"#)
                }
                "PutRule" => Reply::ok(r#"{"RuleArn":"arn:aws:events:eu-west-1:123456789012:rule/b/new"}"#),
                _ => Reply::ok("{}"),
            })
        })
        .await
    }

    fn counted(fake: &Fake) -> Vec<(String, usize)> {
        let mut counts: Vec<(String, usize)> = Vec::new();
        for operation in fake.operations() {
            match counts.iter_mut().find(|(name, _)| *name == operation) {
                Some((_, count)) => *count += 1,
                None => counts.push((operation, 1)),
            }
        }
        counts
    }

    fn counts(expected: &[(&str, usize)]) -> Vec<(String, usize)> {
        let expected = expected.iter();
        expected
            .map(|(name, count)| ((*name).to_owned(), *count))
            .collect()
    }

    #[tokio::test]
    async fn one_rule_costs_one_call_and_many_cost_pages() {
        let fake = fake().await;
        let events = fake.region().await.events();
        assert!(
            events
                .read_rule("b", "one")
                .await
                .is_ok_and(|rule| rule.is_some())
        );
        assert_eq!(counted(&fake), counts(&[("DescribeRule", 1)]));
        let reads = ["two", "three", "two", "one"].map(|name| events.read_rule("b", name));
        for rule in futures_util::future::join_all(reads).await {
            assert!(rule.is_ok_and(|rule| rule.is_some()));
        }
        assert_eq!(
            counted(&fake),
            counts(&[("DescribeRule", 1), ("ListRules", 2)])
        );
        let rules = events.read_rules("b").await.expect("rules").expect("bus");
        assert_eq!(rules.len(), 3);
        assert_eq!(events.seen_rules("b").map(|rules| rules.len()), Some(3));
        assert!(events.seen_rule("b", "two").is_some() && events.seen_rule("b", "no").is_none());
        assert_eq!(fake.operations().len(), 3);
    }

    #[tokio::test]
    async fn a_rule_that_the_pages_lack_is_asked_for_unless_it_is_to_be_made() {
        let fake = fake().await;
        let events = fake.region().await.events();
        events.read_rule("b", "one").await.expect("first");
        assert_eq!(events.look_for_rule("b", "none").await, Ok(None));
        assert_eq!(
            counted(&fake),
            counts(&[("DescribeRule", 1), ("ListRules", 2)])
        );
        assert_eq!(events.read_rule("b", "none").await, Ok(None));
        assert_eq!(
            counted(&fake),
            counts(&[("DescribeRule", 2), ("ListRules", 2)])
        );
    }

    #[tokio::test]
    async fn own_writes_are_seen_at_once() {
        let fake = fake().await;
        let events = fake.region().await.events();
        for name in ["one", "two"] {
            events.read_rule("b", name).await.expect("read");
        }
        let rule = RuleSettings {
            name: "new".into(),
            event_bus_name: "b".into(),
            state: "DISABLED".into(),
            ..RuleSettings::default()
        };
        events.put_rule(&rule).await.expect("put");
        let asked = fake.operations().len();
        let read = events
            .read_rule("b", "new")
            .await
            .expect("read")
            .expect("new");
        assert_eq!(read.state, "DISABLED");
        events.delete_rule("b", "two", false).await.expect("delete");
        assert_eq!(events.read_rule("b", "two").await, Ok(None));
        assert_eq!(
            fake.operations().len(),
            asked + 1,
            "{:?}",
            fake.operations()
        );
    }

    #[tokio::test]
    async fn targets_of_a_rule_are_read_once_and_put_together() {
        let fake = fake().await;
        let events = fake.region().await.events();
        for _ in 0..2 {
            let targets = events.read_targets("b", "one").await.expect("read");
            assert_eq!(targets.map(|targets| targets.len()), Some(2));
        }
        let target = |id: &str| Target {
            id: id.into(),
            arn: "y".into(),
            ..Target::default()
        };
        let (a, c) = (target("a"), target("c"));
        let puts = [&a, &c].map(|target| events.put_target("b", "one", target));
        for put in futures_util::future::join_all(puts).await {
            put.expect("put");
        }
        events
            .remove_target("b", "one", "b", false)
            .await
            .expect("remove");
        let targets = events.seen_targets("b", "one");
        assert_eq!(targets, None, "a write makes the rest uncertain");
        let targets = events
            .read_targets("b", "one")
            .await
            .expect("read")
            .expect("rule");
        let mut ids: Vec<_> = targets
            .iter()
            .map(|t| (t.id.as_str(), t.arn.as_str()))
            .collect();
        ids.sort_unstable();
        assert_eq!(ids, [("a", "y"), ("c", "y")]);
        assert_eq!(
            counted(&fake),
            counts(&[
                ("ListTargetsByRule", 2),
                ("PutTargets", 1),
                ("RemoveTargets", 1)
            ])
        );
    }

    #[tokio::test]
    async fn where_pages_are_denied_rules_are_asked_for() {
        let fake = Fake::answering(|request| {
            Some(match request.operation.as_str() {
                "ListRules" => Reply::Error(400, "AccessDeniedException", "no"),
                _ => Reply::ok(r#"{"Name":"r"}"#),
            })
        })
        .await;
        let events = fake.region().await.events();
        for name in ["one", "two", "three"] {
            let rule = events.read_rule("b", name).await;
            assert!(rule.is_ok_and(|rule| rule.is_some()));
        }
        assert_eq!(
            counted(&fake),
            counts(&[("DescribeRule", 3), ("ListRules", 1)])
        );
        let denied = events.read_rules("b").await;
        assert!(denied.is_err_and(|error| error.is_access_denied()));
    }

    #[tokio::test]
    async fn tags_come_in_bulk_and_an_answer_that_does_not_fit_is_checked() {
        let fake = fake().await;
        let events = fake.region().await.events();
        let is = |value: &'static str| move |tags: &Tags| tags.get("k").is_some_and(|v| v == value);
        for _ in 0..4 {
            events.read_tags("arn:0", |_| true).await.expect("first");
        }
        let bulk = events.read_tags("arn:1", is("bulk")).await.expect("tags");
        assert!(bulk.is_some_and(|tags| tags["k"] == "bulk"));
        let checked = events.read_tags("arn:1", is("other")).await.expect("tags");
        assert!(checked.is_some_and(|tags| tags["k"] == "direct"));
        let lacking = events.read_tags("arn:2", is("other")).await.expect("tags");
        assert!(lacking.is_some_and(|tags| tags["k"] == "direct"));
        let none = events.read_tags("arn:2", Tags::is_empty).await;
        assert_eq!(none, Ok(Some(Tags::new())));
        assert_eq!(
            counted(&fake),
            counts(&[("ListTagsForResource", 6), ("GetResources", 1)])
        );
    }

    #[tokio::test]
    async fn a_local_eventbridge_without_tagging_is_asked_directly() {
        let fake = fake().await;
        let mut settings = fake.settings();
        settings.endpoints.remove(&crate::aws::Service::Tagging);
        let region = crate::aws::Aws::new(settings)
            .region(None)
            .await
            .expect("region");
        for _ in 0..6 {
            region
                .events()
                .read_tags("arn:1", |_| true)
                .await
                .expect("tags");
        }
        assert_eq!(counted(&fake), counts(&[("ListTagsForResource", 6)]));
    }
}
