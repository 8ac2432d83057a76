//! What this process knows of the buses it has read: pages of rules, targets
//! by rule, and its own writes over both. Memory only; `events::read` asks.
//!
//! One `Pages` belongs to one region of one configured provider, so all of it
//! is forgotten when Terraform configures the provider anew. Keys are buses as
//! they are sent: own ones by name, others by ARN.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;

use super::error::AwsError;
use super::events::{Bus, BusSettings, RULES_PER_CALL, Rule, RuleSettings, Target};
use super::own_bus::OwnBus;
use super::tag_pages::TagPages;

/// An answer that all who ask at the same time share.
pub(super) type Shared<T> = Arc<OnceCell<T>>;

/// However many calls a walk took, it is not trusted for longer than this above the rest.
const MOST_TRUST: Duration = Duration::from_secs(10);

/// What a walk over a whole bus came to.
#[derive(Clone, Debug)]
pub(super) enum RulePage {
    /// Its rules by name.
    Rules(Arc<HashMap<String, Rule>>),
    NoBus,
    /// It cannot be had: all who waited for it hear so, and none tries again.
    Failed(Box<AwsError>),
}

impl RulePage {
    fn rules(&self) -> Option<&HashMap<String, Rule>> {
        match self {
            Self::Rules(rules) => Some(rules),
            Self::NoBus | Self::Failed(_) => None,
        }
    }
}

/// The pages of one region.
#[derive(Debug, Default)]
pub(super) struct Pages {
    buses: Mutex<HashMap<String, BusPages>>,
    pub(super) tags: TagPages,
}

/// What is known of one bus.
#[derive(Debug, Default)]
struct BusPages {
    bus: Shared<Option<Bus>>,
    own: OwnBus,
    /// Whether a rule was read: from the second on, pages are.
    read_before: bool,
    /// Pages cannot be had: every rule is asked for directly.
    no_pages: bool,
    walk: Option<Walk>,
    /// What is known better than any page: own writes, direct answers.
    rules: HashMap<String, Known>,
    targets: HashMap<String, RuleTargets>,
}

/// One walk over a bus's rules, under way or done.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    begun: Instant,
    pub(super) page: Shared<RulePage>,
}

impl Walk {
    /// A walk is trusted a second longer for each call that it took, so that an
    /// apply of a thousand creates does not spend its calls on walks.
    fn cost(&self) -> Duration {
        let page = self.page.get().and_then(RulePage::rules);
        let rules = page.map_or(0, HashMap::len);
        Duration::from_secs(rules.div_ceil(RULES_PER_CALL.into()) as u64).min(MOST_TRUST)
    }
}

/// What is known of one rule.
#[derive(Clone, Debug)]
enum Known {
    Is(Box<Rule>),
    Gone,
    /// A write failed: only AWS knows.
    Unclear,
}

/// What is known of one rule's targets.
#[derive(Debug, Default)]
struct RuleTargets {
    read: Shared<Option<Vec<Target>>>,
    /// Own writes since; `None`: removed.
    written: HashMap<String, Option<Target>>,
}

/// Where a rule's read is to be answered from.
#[derive(Debug)]
pub(super) enum RuleSource {
    /// Memory: the rule, or that it is gone.
    Memory(Option<Box<Rule>>),
    /// The bus's pages.
    Page(Walk),
    /// AWS, directly.
    Direct,
}

impl Pages {
    /// Where the read of a rule is to be answered from. A page older than
    /// `page_age` is walked anew.
    pub(super) fn rule_source(
        &self,
        bus: &str,
        rule: &str,
        page_age: Option<Duration>,
    ) -> RuleSource {
        let mut buses = self.lock();
        let pages = buses.entry(bus.to_owned()).or_default();
        match pages.rules.get(rule) {
            Some(Known::Is(rule)) => return RuleSource::Memory(Some(rule.clone())),
            Some(Known::Gone) => return RuleSource::Memory(None),
            Some(Known::Unclear) => return RuleSource::Direct,
            None => {}
        }
        if pages.no_pages || !std::mem::replace(&mut pages.read_before, true) {
            return RuleSource::Direct;
        }
        RuleSource::Page(pages.walk(page_age))
    }

    /// The walk over all rules of a bus; `None` where pages cannot be had.
    pub(super) fn walk(&self, bus: &str, page_age: Duration) -> Option<Walk> {
        let mut buses = self.lock();
        let pages = buses.entry(bus.to_owned()).or_default();
        (!pages.no_pages).then(|| pages.walk(Some(page_age)))
    }

    /// What is known better than any page: the rule, or that it is gone.
    pub(super) fn rule_known(&self, bus: &str, rule: &str) -> Option<Option<Rule>> {
        let buses = self.lock();
        match buses.get(bus)?.rules.get(rule)? {
            Known::Is(rule) => Some(Some(Rule::clone(rule))),
            Known::Gone => Some(None),
            Known::Unclear => None,
        }
    }

    /// Pages of this bus cannot be had.
    pub(super) fn no_pages(&self, bus: &str) {
        self.lock().entry(bus.to_owned()).or_default().no_pages = true;
    }

    /// A direct answer, which is kept, with own writes over it: they may have
    /// come since it was asked for.
    pub(super) fn rule_seen(&self, bus: &str, name: &str, answer: Option<Rule>) -> Option<Rule> {
        let mut buses = self.lock();
        let rules = &mut buses.entry(bus.to_owned()).or_default().rules;
        match (rules.get_mut(name), answer) {
            (Some(Known::Is(known)), answer) => {
                let creator = answer.and_then(|rule| rule.created_by);
                known.created_by = known.created_by.take().or(creator);
                Some(Rule::clone(known))
            }
            (Some(Known::Gone), _) => None,
            // Of before or after the write: not to be kept.
            (Some(Known::Unclear), answer) => answer,
            // "Not there" is not kept: someone may make it yet.
            (None, answer) => {
                let seen = answer.clone().map(|rule| Known::Is(Box::new(rule)));
                rules.extend(seen.map(|seen| (name.to_owned(), seen)));
                answer
            }
        }
    }

    /// PutRule succeeded.
    pub(super) fn rule_written(&self, bus: &str, rule: &RuleSettings, arn: &str) {
        let mut buses = self.lock();
        let pages = buses.entry(bus.to_owned()).or_default();
        let before = match pages.rules.get(&rule.name) {
            Some(Known::Is(rule)) => Some(Rule::clone(rule)),
            _ => pages.walked(&rule.name).cloned(),
        };
        let set = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let written = Rule {
            name: rule.name.clone(),
            arn: arn.to_owned(),
            event_bus_name: bus.to_owned(),
            event_pattern: set(&rule.event_pattern),
            schedule_expression: set(&rule.schedule_expression),
            state: rule.state.clone(),
            description: set(&rule.description),
            role_arn: set(&rule.role_arn),
            managed_by: before.as_ref().and_then(|rule| rule.managed_by.clone()),
            created_by: before.and_then(|rule| rule.created_by),
        };
        let known = Known::Is(Box::new(written));
        pages.rules.insert(rule.name.clone(), known);
    }

    /// A write of the rule is under way, or failed.
    pub(super) fn rule_unclear(&self, bus: &str, rule: &str) {
        let mut buses = self.lock();
        let pages = buses.entry(bus.to_owned()).or_default();
        pages.rules.insert(rule.to_owned(), Known::Unclear);
    }

    /// DeleteRule succeeded; its targets were gone before.
    pub(super) fn rule_deleted(&self, bus: &str, rule: &str) {
        let mut buses = self.lock();
        let pages = buses.entry(bus.to_owned()).or_default();
        pages.rules.insert(rule.to_owned(), Known::Gone);
        pages.targets.remove(rule);
    }

    /// The rule's targets as AWS answers them to all who ask.
    pub(super) fn targets(&self, bus: &str, rule: &str) -> Shared<Option<Vec<Target>>> {
        Arc::clone(&self.lock().rule_targets(bus, rule).read)
    }

    /// An answer of [`targets`](Self::targets) with own writes over it.
    pub(super) fn with_written(
        &self,
        bus: &str,
        rule: &str,
        answer: Option<Vec<Target>>,
    ) -> Option<Vec<Target>> {
        let mut buses = self.lock();
        let written = &buses.rule_targets(bus, rule).written;
        if written.values().all(Option::is_none) && answer.is_none() {
            return None;
        }
        let mut targets = answer.unwrap_or_default();
        targets.retain(|target| !written.contains_key(&target.id));
        targets.extend(written.values().flatten().cloned());
        Some(targets)
    }

    /// PutTargets or RemoveTargets (`None`) of one target succeeded.
    pub(super) fn target_written(&self, bus: &str, rule: &str, id: &str, target: Option<Target>) {
        let mut buses = self.lock();
        let targets = buses.rule_targets(bus, rule);
        targets.written.insert(id.to_owned(), target);
    }

    /// A write of this target failed: only AWS knows.
    pub(super) fn target_unclear(&self, bus: &str, rule: &str, id: &str) {
        let mut buses = self.lock();
        let targets = buses.rule_targets(bus, rule);
        targets.written.remove(id);
        targets.read = Shared::default();
    }

    /// The bus itself, as AWS answers it to all who ask.
    pub(super) fn bus(&self, bus: &str) -> Shared<Option<Bus>> {
        Arc::clone(&self.lock().entry(bus.to_owned()).or_default().bus)
    }

    /// An answer of [`bus`](Self::bus) with own writes over it.
    pub(super) fn with_own(&self, bus: &str, answer: Option<Bus>) -> Option<Bus> {
        match self.lock().get(bus) {
            Some(pages) => pages.own.over(answer),
            None => answer,
        }
    }

    /// CreateEventBus succeeded: nothing that was known of such a bus holds.
    pub(super) fn bus_made(&self, bus: &BusSettings, arn: &str) {
        let pages = BusPages {
            own: OwnBus::made(bus, arn),
            ..BusPages::default()
        };
        self.lock().insert(bus.name.clone(), pages);
    }

    /// UpdateEventBus succeeded.
    pub(super) fn bus_updated(&self, bus: &BusSettings) {
        let mut buses = self.lock();
        let pages = buses.entry(bus.name.clone()).or_default();
        pages.bus = Shared::default();
        pages.own.updated(bus);
    }

    /// A write of the bus failed: only AWS knows.
    pub(super) fn bus_unclear(&self, bus: &str) {
        let mut buses = self.lock();
        let pages = buses.entry(bus.to_owned()).or_default();
        pages.bus = Shared::default();
        pages.own = OwnBus::default();
    }

    /// The bus's policy was written: it is asked for again.
    pub(super) fn policy_written(&self, bus: &str) {
        self.lock().entry(bus.to_owned()).or_default().bus = Shared::default();
    }

    /// The bus was deleted, perhaps: nothing known of it holds.
    pub(super) fn forget_bus(&self, bus: &str) {
        self.lock().remove(bus);
    }

    /// All rules known of a bus, from memory alone; `None` where no page of it
    /// was read.
    pub(super) fn seen_rules(&self, bus: &str) -> Option<Vec<Rule>> {
        let mut buses = self.lock();
        let pages = buses.entry(bus.to_owned()).or_default();
        let page = pages.walk.as_ref()?.page.get()?.rules();
        Some(pages.over(page.into_iter().flat_map(HashMap::values)))
    }

    /// One of [`seen_rules`](Self::seen_rules).
    pub(super) fn seen_rule(&self, bus: &str, name: &str) -> Option<Rule> {
        let buses = self.lock();
        let pages = buses.get(bus)?;
        let page = pages.walk.as_ref()?.page.get()?.rules();
        match pages.rules.get(name) {
            Some(Known::Is(rule)) => Some(Rule::clone(rule)),
            Some(Known::Gone) => None,
            Some(Known::Unclear) | None => page?.get(name).cloned(),
        }
    }

    /// A page's rules with own writes over them, by name. A bus that this
    /// process made is there, also where the page (`None`) does not know it yet.
    pub(super) fn rules_over<'a>(
        &self,
        bus: &str,
        page: Option<impl Iterator<Item = &'a Rule>>,
    ) -> Option<Vec<Rule>> {
        let mut buses = self.lock();
        let pages = buses.entry(bus.to_owned()).or_default();
        let is_there = page.is_some() || pages.own.is_made();
        is_there.then(|| pages.over(page.into_iter().flatten()))
    }

    /// The targets known of a rule, from memory alone.
    pub(super) fn seen_targets(&self, bus: &str, rule: &str) -> Option<Vec<Target>> {
        let read = self.targets(bus, rule).get().cloned()?;
        self.with_written(bus, rule, read)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, BusPages>> {
        self.buses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The targets of a rule among all that is known.
trait RuleTargetsOf {
    fn rule_targets(&mut self, bus: &str, rule: &str) -> &mut RuleTargets;
}

impl RuleTargetsOf for HashMap<String, BusPages> {
    fn rule_targets(&mut self, bus: &str, rule: &str) -> &mut RuleTargets {
        let pages = self.entry(bus.to_owned()).or_default();
        pages.targets.entry(rule.to_owned()).or_default()
    }
}

impl BusPages {
    /// The walk under way or done, unless it is too old.
    fn walk(&mut self, page_age: Option<Duration>) -> Walk {
        let old =
            |walk: &Walk| page_age.is_some_and(|age| walk.begun.elapsed() > age + walk.cost());
        match &self.walk {
            Some(walk) if !old(walk) => walk.clone(),
            _ => {
                let walk = Walk {
                    begun: Instant::now(),
                    page: Shared::default(),
                };
                self.walk.insert(walk).clone()
            }
        }
    }

    /// A rule on the page read.
    fn walked(&self, rule: &str) -> Option<&Rule> {
        self.walk.as_ref()?.page.get()?.rules()?.get(rule)
    }

    fn over<'a>(&self, page: impl Iterator<Item = &'a Rule>) -> Vec<Rule> {
        let known =
            |name: &String| matches!(self.rules.get(name), Some(Known::Is(_) | Known::Gone));
        let mut rules: Vec<Rule> = page.filter(|rule| !known(&rule.name)).cloned().collect();
        rules.extend(self.rules.values().filter_map(|known| match known {
            Known::Is(rule) => Some(Rule::clone(rule)),
            Known::Gone | Known::Unclear => None,
        }));
        rules.sort_by(|a, b| a.name.cmp(&b.name));
        rules
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(name: &str) -> RuleSettings {
        RuleSettings {
            name: name.into(),
            event_bus_name: "b".into(),
            state: "ENABLED".into(),
            description: Some(String::new()),
            ..RuleSettings::default()
        }
    }

    fn rule(name: &str, state: &str) -> Rule {
        Rule {
            name: name.into(),
            state: state.into(),
            created_by: Some("1".into()),
            ..Rule::default()
        }
    }

    fn page(rules: &[Rule]) -> RulePage {
        let rules = rules.iter().map(|rule| (rule.name.clone(), rule.clone()));
        RulePage::Rules(Arc::new(rules.collect()))
    }

    fn target(id: &str, arn: &str) -> Target {
        Target {
            id: id.into(),
            arn: arn.into(),
            ..Target::default()
        }
    }

    #[test]
    fn the_first_read_is_direct_and_the_second_by_the_page() {
        let pages = Pages::default();
        let source = |rule, age| pages.rule_source("b", rule, age);
        assert!(matches!(source("one", None), RuleSource::Direct));
        assert!(matches!(source("two", None), RuleSource::Page(_)));
        assert!(matches!(
            pages.rule_source("other", "x", None),
            RuleSource::Direct
        ));
        pages.no_pages("b");
        assert!(matches!(source("three", None), RuleSource::Direct));
    }

    #[test]
    fn a_page_is_shared_until_it_is_too_old() {
        let pages = Pages::default();
        let page = |age| match pages.rule_source("b", "r", age) {
            RuleSource::Page(walk) => walk.page,
            other => panic!("{other:?}"),
        };
        pages.rule_source("b", "first", None);
        let first = page(None);
        assert!(Arc::ptr_eq(&first, &page(Some(Duration::from_secs(60)))));
        std::thread::sleep(Duration::from_millis(2));
        assert!(!Arc::ptr_eq(&first, &page(Some(Duration::ZERO))));
    }

    #[test]
    fn a_walk_of_many_calls_is_trusted_longer() {
        let pages = Pages::default();
        let walk = pages.walk("b", Duration::ZERO).expect("walk");
        walk.page
            .set(page(&[rule("one", "ENABLED")]))
            .expect("page");
        assert_eq!(walk.cost(), Duration::from_secs(1));
        std::thread::sleep(Duration::from_millis(2));
        let again = pages.walk("b", Duration::ZERO).expect("walk");
        assert!(Arc::ptr_eq(&walk.page, &again.page));
        let all: Vec<Rule> = (0..5_000).map(|n| rule(&n.to_string(), "")).collect();
        let walk = pages.walk("large", Duration::ZERO).expect("walk");
        walk.page.set(page(&all)).expect("page");
        assert_eq!(walk.cost(), MOST_TRUST);
    }

    #[test]
    fn own_writes_stand_over_pages() {
        let pages = Pages::default();
        let walk = pages.walk("b", Duration::from_secs(60)).expect("walk");
        let read = page(&[
            rule("old", "ENABLED"),
            rule("changed", "DISABLED"),
            rule("deleted", "ENABLED"),
        ]);
        walk.page.set(read).expect("page");
        pages.rule_written("b", &settings("changed"), "arn");
        pages.rule_written("b", &settings("new"), "arn");
        pages.rule_deleted("b", "deleted");
        let rules = pages.seen_rules("b").expect("seen");
        let names: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(names, ["changed", "new", "old"]);
        assert_eq!(rules[0].state, "ENABLED");
        assert_eq!(rules[0].description, None);
        assert_eq!(rules[0].created_by.as_deref(), Some("1"));
        assert!(matches!(
            pages.rule_source("b", "deleted", None),
            RuleSource::Memory(None)
        ));
        pages.rule_unclear("b", "new");
        assert!(matches!(
            pages.rule_source("b", "new", None),
            RuleSource::Direct
        ));
        pages.forget_bus("b");
        assert_eq!(pages.seen_rules("b"), None);
    }

    #[test]
    fn an_answer_of_before_a_write_does_not_stand_over_it() {
        let pages = Pages::default();
        let before = Some(rule("r", "DISABLED"));
        let state = |rule: Option<Rule>| rule.map(|rule| rule.state);
        let known = || state(pages.rule_known("b", "r").flatten());
        pages.rule_unclear("b", "r");
        let seen = pages.rule_seen("b", "r", before.clone());
        assert_eq!((state(seen).as_deref(), known()), (Some("DISABLED"), None));
        pages.rule_written("b", &settings("r"), "arn");
        for answer in [None, before.clone()] {
            let seen = state(pages.rule_seen("b", "r", answer));
            assert_eq!(seen.as_deref(), Some("ENABLED"));
            assert_eq!(known().as_deref(), Some("ENABLED"));
        }
        // What a write does not tell is as it was.
        let creator = pages.rule_seen("b", "r", None).and_then(|r| r.created_by);
        assert_eq!(creator.as_deref(), Some("1"));
        pages.rule_deleted("b", "r");
        assert_eq!(pages.rule_seen("b", "r", before), None);
    }

    #[test]
    fn own_targets_stand_over_what_was_read() {
        let pages = Pages::default();
        let read = pages.targets("b", "r");
        read.set(Some(vec![target("a", "1"), target("b", "1")]))
            .expect("read");
        pages.target_written("b", "r", "a", None);
        pages.target_written("b", "r", "c", Some(target("c", "2")));
        let seen = pages.seen_targets("b", "r").expect("seen");
        assert_eq!(seen, [target("b", "1"), target("c", "2")]);
        pages.target_unclear("b", "r", "c");
        assert_eq!(pages.seen_targets("b", "r"), None, "asked for again");
        pages.target_written("b", "gone", "a", None);
        assert_eq!(pages.with_written("b", "gone", None), None);
    }
}
