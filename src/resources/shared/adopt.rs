//! A create never overwrites.
//!
//! It looks first. What exists already and equals the configuration is taken
//! over with a warning: an interrupted run made it, or a person did. What
//! differs is refused, unless `adopt = true`, which updates it.

use super::form::unset;
use crate::provider::schema::same;
use crate::provider::{Attribute, Block, Diagnostics, Equality, Value};

/// The `adopt` argument.
pub fn attribute() -> Attribute {
    Attribute::bool("adopt").default(false).describe(
        "Whether a create may take over an existing object that differs from the configuration, and update it. \
         Without it such a create is refused. One that is equal is always taken over, with a warning.",
    )
}

/// What to do about an object that stands where a create wants to put its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Equal: it is the object; nothing needs to be called.
    TakeOver,
    /// It differs, and the user said `adopt`: update it.
    Update,
    /// It differs: the error is in the diagnostics.
    Refuse,
}

/// The existing object, beside the planned one.
pub struct Existing<'a> {
    /// The resource type, such as `eventbridge_bus`.
    pub type_name: &'static str,
    /// For messages, such as `event bus "orders"`.
    pub object: String,
    /// What an `import` block names it by.
    pub import_id: String,
    pub block: &'a Block,
    /// Whether the user said to update it.
    pub adopt: bool,
    pub planned: &'a Value,
    /// Its state as a read makes it.
    pub actual: &'a Value,
    /// Arguments that AWS does not return, or that are ours alone.
    pub not_compared: &'a [&'static str],
}

impl Existing<'_> {
    /// Compares every argument that AWS returns.
    pub fn judge(&self, out: &mut Diagnostics) -> Verdict {
        let differences = self.differences();
        if differences.is_empty() {
            out.warning(
                format!("Took over {} that exists already", self.object),
                "It equals the configuration in every argument that AWS returns, so it was taken into the state \
                 as it is. An interrupted run made it, or a person did.",
            );
            return Verdict::TakeOver;
        }
        if self.adopt {
            out.warning(
                format!("Adopted {} that exists already", self.object),
                format!(
                    "It differed from the configuration and is updated:\n{}",
                    differences.join("\n")
                ),
            );
            return Verdict::Update;
        }
        out.error(
            capital(&format!("{} exists already and differs", self.object)),
            format!(
                "A create never overwrites. What differs:\n{}\n\n{}",
                differences.join("\n"),
                self.way_out()
            ),
        );
        Verdict::Refuse
    }

    /// The same before the apply, as a warning: the object may be gone by then.
    pub fn forewarn(&self, out: &mut Diagnostics) {
        let differences = self.differences();
        if differences.is_empty() || self.adopt {
            return;
        }
        out.warning(
            capital(&format!("{} exists already and differs", self.object)),
            format!(
                "Unless it is gone by then, the apply will refuse to overwrite it. What differs:\n{}\n\n{}",
                differences.join("\n"),
                self.way_out()
            ),
        );
    }

    fn way_out(&self) -> String {
        let adopt = match self.block.find("adopt") {
            Some(_) => "\n\nor set `adopt = true` to have the create update it.",
            None => "",
        };
        format!(
            "To manage the existing object, import it:\n\nimport {{\n  to = {}.NAME\n  id = {:?}\n}}{adopt}",
            self.type_name, self.import_id,
        )
    }

    /// Whether every argument that AWS returns is as planned.
    pub fn is_equal(&self) -> bool {
        self.differences().is_empty()
    }

    /// A line for each argument that is planned otherwise than it is.
    fn differences(&self) -> Vec<String> {
        let attributes = self.block.attributes.iter().filter(|a| self.compares(a));
        let of_attributes = attributes.filter_map(|a| {
            let (planned, actual) = (self.planned.get(a.name), self.actual.get(a.name));
            let equal = !planned.is_wholly_known()
                || unset(planned) && unset(actual)
                || equal(a, planned, actual);
            (!equal).then(|| line(a.name, planned, actual, a.sensitive))
        });
        let blocks = self
            .block
            .blocks
            .iter()
            .filter(|b| !self.not_compared.contains(&b.name));
        let of_blocks = blocks
            .filter(|b| b.name != crate::provider::timeouts::TIMEOUTS)
            .filter_map(|b| {
                let actual = self.actual.get(b.name);
                let planned = &filled(self.planned.get(b.name), actual);
                let ty = b.ty();
                let equal = unset(planned) && unset(actual) || same(&ty, planned, actual);
                (!equal).then(|| line(b.name, planned, actual, false))
            });
        of_attributes.chain(of_blocks).collect()
    }

    /// Arguments only: results follow from them. `tags_all` stands for the tags.
    fn compares(&self, attribute: &Attribute) -> bool {
        let ours = ["adopt", "tags"].contains(&attribute.name)
            || self.not_compared.contains(&attribute.name);
        let argument = attribute.required || attribute.optional || attribute.name == "tags_all";
        argument && !ours && !attribute.write_only
    }
}

/// The planned value with each unknown in it taken from the actual one.
pub fn filled(planned: &Value, actual: &Value) -> Value {
    match planned {
        Value::Unknown(_) => actual.clone(),
        Value::List(items) => {
            let items = items.iter().enumerate();
            Value::List(items.map(|(i, item)| filled(item, actual.at(i))).collect())
        }
        Value::Map(entries) => {
            let entries = entries.iter();
            Value::map(entries.map(|(key, value)| (key.clone(), filled(value, actual.get(key)))))
        }
        known => known.clone(),
    }
}

fn equal(attribute: &Attribute, planned: &Value, actual: &Value) -> bool {
    if same(&attribute.ty(), planned, actual) {
        return true;
    }
    match (attribute.equality, planned.as_str(), actual.as_str()) {
        (Equality::Json, Some(a), Some(b)) => crate::json::equal(a, b),
        (Equality::By(rule), _, _) => rule(planned, actual),
        _ => false,
    }
}

fn line(name: &str, planned: &Value, actual: &Value, sensitive: bool) -> String {
    if sensitive {
        return format!("  {name}: (sensitive)");
    }
    format!(
        "  {name}: configured {}, exists as {}",
        show(planned),
        show(actual)
    )
}

fn show(value: &Value) -> String {
    const LONGEST: usize = 200;
    let text = value.to_json().to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    format!("{}…", text.chars().take(LONGEST).collect::<String>())
}

fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Schema;

    fn judge(planned: &Value, actual: &Value) -> (Verdict, Diagnostics) {
        let block = Schema::new("")
            .attribute(Attribute::string("name").required())
            .attribute(Attribute::string("description").optional())
            .attribute(
                Attribute::string("event_pattern")
                    .optional()
                    .equal(Equality::Json),
            )
            .attribute(Attribute::string("arn").computed())
            .attribute(attribute())
            .block;
        let mut out = Diagnostics::new();
        let existing = Existing {
            type_name: "eventbridge_rule",
            object: "rule \"a\"".into(),
            import_id: "default/a".into(),
            block: &block,
            adopt: planned.get("adopt").as_bool() == Some(true),
            planned,
            actual,
            not_compared: &[],
        };
        (existing.judge(&mut out), out)
    }

    #[test]
    fn an_equal_object_is_taken_over_with_a_warning() {
        let planned = Value::map([
            ("name", Value::from("a")),
            ("event_pattern", r#"{"a":[1.0]}"#.into()),
            ("arn", Value::unknown()),
            ("description", "".into()),
        ]);
        let actual = Value::map([
            ("name", Value::from("a")),
            ("event_pattern", r#"{"a":[1]}"#.into()),
            ("arn", "arn:x".into()),
        ]);
        let (verdict, out) = judge(&planned, &actual);
        assert_eq!(verdict, Verdict::TakeOver);
        assert!(!out.has_errors() && !out.is_empty());
    }

    #[test]
    fn a_different_object_is_refused_with_the_import_block() {
        let planned = Value::map([("name", Value::from("a")), ("description", "mine".into())]);
        let actual = Value::map([("name", Value::from("a")), ("description", "theirs".into())]);
        let (verdict, out) = judge(&planned, &actual);
        assert_eq!(verdict, Verdict::Refuse);
        let detail = &out.iter().next().unwrap().detail;
        assert!(detail.contains("description: configured \"mine\", exists as \"theirs\""));
        assert!(detail.contains("id = \"default/a\""));
    }

    #[test]
    fn what_is_unknown_comes_from_the_object_that_is_there() {
        let block =
            |id: Value| Value::List(vec![Value::map([("key", Value::from("k")), ("id", id)])]);
        let planned = Value::map([
            ("name", Value::from("a")),
            ("block", block(Value::unknown())),
        ]);
        let actual = Value::map([("name", Value::from("b")), ("block", block("i".into()))]);
        let wanted = Value::map([("name", Value::from("a")), ("block", block("i".into()))]);
        assert_eq!(filled(&planned, &actual), wanted);
    }

    #[test]
    fn adopt_updates_it() {
        let mut planned = Value::map([("name", Value::from("a")), ("description", "mine".into())]);
        planned.set("adopt", true);
        let actual = Value::map([("name", Value::from("a"))]);
        assert_eq!(judge(&planned, &actual).0, Verdict::Update);
    }
}
