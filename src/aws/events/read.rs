//! Reads that may be answered from what was read before (`aws::pages`).
//!
//! A refresh uses `read_…`, a create `look_for_…`; who must hear it from AWS
//! itself asks with `describe_…` and `list_…`.

use std::sync::Arc;
use std::time::Duration;

use super::super::arn::BusRef;
use super::super::error::AwsError;
use super::super::pages::{RulePage, RuleSource, Walk};
use super::super::tag_pages::TagWalk;
use super::super::tags::Tags;
use super::{Bus, Events, Rule, Target};

/// A page this young tells a create that nothing is there, and a data source
/// what is.
const FRESH: Duration = Duration::from_secs(5);

impl Events {
    /// One bus, with its policy; all that ask share one call, whose answer has
    /// own writes over it.
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
        Ok(self.pages().with_own(&sent, answer.clone()))
    }

    /// One rule. The first read of a bus asks for the rule, later ones for the
    /// bus's pages, which all share; a rule that the pages lack, or whose bus
    /// they do not know, is asked for before it counts as gone. From a page it
    /// carries no `created_by`.
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
        let page = match self.pages().rule_source(&sent, name, page_age) {
            RuleSource::Memory(rule) => return Ok(rule.map(|rule| *rule)),
            RuleSource::Direct => None,
            RuleSource::Page(walk) => Some(self.page(&sent, &walk).await?),
        };
        let on_page = match &page {
            Some(RulePage::Rules(rules)) => Some(rules.get(name)),
            Some(RulePage::NoBus) => Some(None),
            Some(RulePage::Failed(_)) | None => None,
        };
        if let Some(rule) = on_page {
            // Writes of this process may have come while the page was read.
            match (self.pages().rule_known(&sent, name), rule) {
                (Some(known), _) => return Ok(known),
                (None, Some(rule)) => return Ok(Some(rule.clone())),
                (None, None) if page_age.is_some() => return Ok(None),
                (None, None) => {}
            }
        }
        self.see_rule(&sent, name).await
    }

    /// One rule with its `created_by`, which costs a call where a page or a
    /// write of this run told of it. That call's answer is newer than a page,
    /// and may lag behind the write.
    pub async fn read_rule_whole(&self, bus: &str, name: &str) -> Result<Option<Rule>, AwsError> {
        match self.read_rule(bus, name).await? {
            Some(rule) if rule.created_by.is_none() => {
                let sent = self.bus(bus).await?;
                self.see_rule(&sent, name).await
            }
            found => Ok(found),
        }
    }

    /// One rule, asked directly and kept, with own writes over the answer.
    async fn see_rule(&self, sent: &str, name: &str) -> Result<Option<Rule>, AwsError> {
        let answer = self.describe_rule(sent, name).await?;
        Ok(self.pages().rule_seen(sent, name, answer))
    }

    /// All rules of a bus; `None` when there is no such bus.
    pub async fn read_rules(&self, bus: &str) -> Result<Option<Vec<Rule>>, AwsError> {
        let sent = self.bus(bus).await?;
        // Where the pages could not be had before, an answer of their own tells why.
        let Some(walk) = self.pages().walk(&sent, FRESH) else {
            return self.list_rules(&sent, None).await;
        };
        match self.page(&sent, &walk).await? {
            RulePage::Rules(rules) => Ok(self.pages().rules_over(&sent, Some(rules.values()))),
            RulePage::NoBus => Ok(self.pages().rules_over(&sent, None::<std::iter::Empty<_>>)),
            RulePage::Failed(error) => Err(*error),
        }
    }

    /// The rules of a bus whose names start with `name_prefix`, asked directly,
    /// with own writes over the answer, which may lag; `None` when there is no
    /// such bus.
    pub async fn read_rules_named(
        &self,
        bus: &str,
        name_prefix: &str,
    ) -> Result<Option<Vec<Rule>>, AwsError> {
        let sent = self.bus(bus).await?;
        let rules = self.list_rules(&sent, Some(name_prefix)).await?;
        let rules = rules.as_ref().map(|rules| rules.iter());
        let mut rules = self.pages().rules_over(&sent, rules);
        if let Some(rules) = &mut rules {
            // Some implementations take the prefix for an expression.
            rules.retain(|rule| rule.name.starts_with(name_prefix));
        }
        Ok(rules)
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
        if let Some(walk) = self.pages().tags.walk(arn)
            && self.region.has_tagging().await?
            && let Some(all) = walk.get_or_try_init(|| self.walk_tags()).await?
        {
            let tags = all.get(arn).cloned().unwrap_or_default();
            let tags = self.pages().tags.over(arn, tags);
            if fits(&tags) {
                return Ok(Some(tags));
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

    /// The page of a walk. It only saves calls: where it cannot be had, there are more.
    async fn page(&self, sent: &str, walk: &Walk) -> Result<RulePage, AwsError> {
        let page = walk.page.get_or_try_init(|| async {
            match self.list_rules(sent, None).await {
                Ok(Some(rules)) => {
                    let rules = rules.into_iter();
                    let by_name = rules.map(|rule| (rule.name.clone(), rule)).collect();
                    Ok(RulePage::Rules(Arc::new(by_name)))
                }
                Ok(None) => Ok(RulePage::NoBus),
                Err(error) if error.is_cancelled() => Err(error),
                Err(error) => {
                    tracing::debug!(error = %error, "rules are read one by one");
                    self.pages().no_pages(sent);
                    Ok(RulePage::Failed(Box::new(error)))
                }
            }
        });
        page.await.cloned()
    }

    /// The tags of all objects, likewise.
    async fn walk_tags(&self) -> Result<TagWalk, AwsError> {
        let kinds = ["events:event-bus", "events:rule"];
        match self.region.tagging().get_resources(&kinds).await {
            Ok(found) => Ok(Some(found.into_iter().collect())),
            Err(error) if error.is_cancelled() => Err(error),
            Err(error) => {
                tracing::debug!(error = %error, "tags are read one by one");
                self.pages().tags.denied();
                Ok(None)
            }
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
    use super::super::{BusSettings, RuleSettings};
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

    /// Answers ListRules and GetResources with `reply`, and all else.
    async fn without_pages(reply: Reply) -> Fake {
        Fake::answering(move |request| {
            Some(match request.operation.as_str() {
                "ListRules" | "GetResources" => reply.clone(),
                _ => Reply::ok(r#"{"Name":"r"}"#),
            })
        })
        .await
    }

    #[tokio::test]
    async fn where_pages_cannot_be_had_rules_are_asked_for() {
        for (status, code, calls) in [
            (400, "AccessDeniedException", 1),
            // As often as it takes to give up, once for all who wait.
            (500, "InternalException", 6),
        ] {
            let fake = without_pages(Reply::Error(status, code, "no")).await;
            let events = fake.region().await.events();
            events.read_rule("b", "first").await.expect("first");
            let reads = ["one", "two", "three"].map(|name| events.read_rule("b", name));
            for rule in futures_util::future::join_all(reads).await {
                assert!(rule.is_ok_and(|rule| rule.is_some()));
            }
            assert_eq!(
                counted(&fake),
                counts(&[("DescribeRule", 4), ("ListRules", calls)])
            );
            let error = events.read_rules("b").await.expect_err("no pages");
            assert_eq!(error.code, code);
        }
    }

    #[tokio::test]
    async fn where_tags_cannot_be_had_in_bulk_they_are_asked_for() {
        for (reply, calls) in [
            (Reply::Error(400, "AccessDeniedException", "no"), 1),
            // A network without a way there: no long wait.
            (Reply::Drop, 2),
        ] {
            let fake = without_pages(reply).await;
            let events = fake.region().await.events();
            let reads = (0..8).map(|_| events.read_tags("arn:1", |_| true));
            for tags in futures_util::future::join_all(reads).await {
                assert_eq!(tags, Ok(Some(Tags::new())));
            }
            let mut counted = counted(&fake);
            counted.sort();
            assert_eq!(
                counted,
                counts(&[("GetResources", calls), ("ListTagsForResource", 8)])
            );
        }
    }

    #[tokio::test]
    async fn a_rule_whose_bus_the_pages_do_not_know_is_asked_for() {
        let fake = without_pages(Reply::Error(400, "ResourceNotFoundException", "no bus")).await;
        let events = fake.region().await.events();
        for name in ["one", "two"] {
            let rule = events.read_rule("b", name).await;
            assert!(rule.is_ok_and(|rule| rule.is_some()), "{name}");
        }
        assert_eq!(events.look_for_rule("b", "new").await, Ok(None));
        assert_eq!(events.read_rules("b").await, Ok(None));
    }

    #[tokio::test]
    async fn own_writes_of_a_bus_are_seen_at_once() {
        let fake = Fake::answering(|request| {
            Some(match request.operation.as_str() {
                "CreateEventBus" => Reply::ok(
                    r#"{"EventBusArn":"arn:aws:events:eu-west-1:123456789012:event-bus/b"}"#,
                ),
                "DescribeEventBus" => Reply::Error(400, "ResourceNotFoundException", "not yet"),
                _ => Reply::ok("{}"),
            })
        })
        .await;
        let events = fake.region().await.events();
        let bus = |description: &str| BusSettings {
            name: "b".into(),
            description: Some(description.into()),
            ..BusSettings::default()
        };
        assert_eq!(events.read_bus("b").await, Ok(None));
        events.create_bus(&bus("one")).await.expect("made");
        for (description, seen) in [("two", Some("two")), ("", None)] {
            events.update_bus(&bus(description)).await.expect("changed");
            let read = events.read_bus("b").await.expect("read").expect("there");
            assert_eq!(read.description.as_deref(), seen);
        }
        events.delete_bus("b").await.expect("gone");
        assert_eq!(events.read_bus("b").await, Ok(None));
    }

    #[tokio::test]
    async fn own_writes_are_seen_among_rules_of_a_name() {
        let fake = fake().await;
        let events = fake.region().await.events();
        let settings = |name: &str| RuleSettings {
            name: name.into(),
            event_bus_name: "b".into(),
            ..RuleSettings::default()
        };
        events.put_rule(&settings("tall")).await.expect("put");
        events.put_rule(&settings("new")).await.expect("put");
        events.delete_rule("b", "two", false).await.expect("gone");
        let rules = events.read_rules_named("b", "t").await.expect("rules");
        let names: Vec<_> = rules.into_iter().flatten().map(|rule| rule.name).collect();
        assert_eq!(names, ["tall", "three"]);
    }

    #[tokio::test]
    async fn a_bus_that_this_run_made_has_its_rules_before_the_pages_know_it() {
        let fake = Fake::answering(|request| {
            Some(match request.operation.as_str() {
                "ListRules" => Reply::Error(400, "ResourceNotFoundException", "not yet"),
                _ => Reply::ok("{}"),
            })
        })
        .await;
        let events = fake.region().await.events();
        for made in [false, true] {
            let rules = [
                events.read_rules("b").await,
                events.read_rules_named("b", "t").await,
            ];
            let counted = rules.map(|rules| rules.expect("read").map(|rules| rules.len()));
            assert_eq!(counted, if made { [Some(2), Some(1)] } else { [None; 2] });
            let bus = BusSettings {
                name: "b".into(),
                ..BusSettings::default()
            };
            events.create_bus(&bus).await.expect("made");
            for name in ["one", "two"] {
                let rule = RuleSettings {
                    name: name.into(),
                    event_bus_name: "b".into(),
                    ..RuleSettings::default()
                };
                events.put_rule(&rule).await.expect("put");
            }
        }
    }

    #[tokio::test]
    async fn a_direct_answer_stands_over_a_page_and_an_own_write_over_both() {
        let fake = Fake::answering(|request| {
            Some(match request.operation.as_str() {
                "ListRules" => Reply::ok(
                    r#"{"Rules":[{"Name":"gone"},{"Name":"r","State":"DISABLED"},{"Name":"own"}]}"#,
                ),
                "DescribeRule" if request.body.contains("gone") => {
                    Reply::Error(400, "ResourceNotFoundException", "no")
                }
                "DescribeRule" => Reply::ok(r#"{"Name":"r","State":"ENABLED","CreatedBy":"1"}"#),
                _ => Reply::ok(r#"{"RuleArn":"arn"}"#),
            })
        })
        .await;
        let events = fake.region().await.events();
        events.read_rule("b", "first").await.expect("first");
        assert_eq!(events.read_rule_whole("b", "gone").await, Ok(None));
        let own = RuleSettings {
            name: "own".into(),
            event_bus_name: "b".into(),
            state: "DISABLED".into(),
            ..RuleSettings::default()
        };
        events.put_rule(&own).await.expect("put");
        for (name, state) in [("r", "ENABLED"), ("own", "DISABLED")] {
            // The second time nothing is asked.
            for _ in 0..2 {
                let rule = events.read_rule_whole("b", name).await.expect("read");
                let rule = rule.expect(name);
                assert_eq!(
                    (rule.state.as_str(), rule.created_by),
                    (state, Some("1".into()))
                );
            }
        }
        assert_eq!(
            counted(&fake),
            counts(&[("DescribeRule", 4), ("ListRules", 1), ("PutRule", 1)])
        );
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
