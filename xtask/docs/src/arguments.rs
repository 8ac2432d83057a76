//! The list of arguments of a page: required, optional, read-only, then each nested object
//! in a section of its own.

use std::collections::BTreeSet;
use terraform_provider_eventbridge::provider::types::Type;
use terraform_provider_eventbridge::provider::{
    Attribute, Block, Kind, NestedBlock, Nesting, Value,
};
use terraform_provider_eventbridge::resources::provider_block::NO_EFFECT;

/// More arguments without effect than this share a line, after the others.
const MANY: usize = 8;
const LAST: &str = "~";

/// The whole section of a body.
pub fn section(block: &Block) -> String {
    let mut text = "## Schema\n".to_owned();
    let mut nested = Vec::new();
    for (title, lines) in groups(&block.attributes, &block.blocks, "", &mut nested) {
        text += &format!("\n### {title}\n\n{lines}");
    }
    for section in nested {
        text += &section;
    }
    text
}

/// Lines by group, groups without lines left out; sections of nested objects are added to
/// `nested` in reading order.
fn groups(
    attributes: &[Attribute],
    blocks: &[NestedBlock],
    prefix: &str,
    nested: &mut Vec<String>,
) -> Vec<(&'static str, String)> {
    let mut lines: Vec<(usize, &str, String)> = Vec::new();
    let (without_effect, others): (Vec<_>, Vec<_>) = attributes
        .iter()
        .partition(|attribute| attribute.description == NO_EFFECT);
    let many = without_effect.len() > MANY;
    if many {
        let mut names: Vec<_> = without_effect.iter().map(|a| a.name).collect();
        names.sort_unstable();
        let line = format!("- `{}` (String each) {NO_EFFECT}\n", names.join("`, `"));
        lines.push((1, LAST, line));
    }
    let without_effect = without_effect.into_iter().filter(|_| !many);
    for attribute in others.into_iter().chain(without_effect) {
        let group = match (attribute.required, attribute.optional) {
            (true, _) => 0,
            (false, true) => 1,
            (false, false) => 2,
        };
        lines.push((group, attribute.name, attribute_line(attribute, prefix)));
    }
    for block in blocks {
        let group = usize::from(block.min_items == 0);
        lines.push((group, block.name, block_line(block, prefix)));
    }
    lines.sort_by_key(|(group, name, _)| (*group, *name));

    let mut sorted_attributes: Vec<_> = attributes.iter().collect();
    sorted_attributes.sort_by_key(|attribute| attribute.name);
    for attribute in sorted_attributes {
        if let Kind::Nested(_, inner) = &attribute.kind {
            nested.extend(nested_sections(
                "nestedatt",
                attribute.name,
                prefix,
                inner,
                &[],
            ));
        }
    }
    let mut sorted_blocks: Vec<_> = blocks.iter().collect();
    sorted_blocks.sort_by_key(|block| block.name);
    for NestedBlock { name, block, .. } in sorted_blocks {
        let (attributes, blocks) = (&block.attributes, &block.blocks);
        nested.extend(nested_sections(
            "nestedblock",
            name,
            prefix,
            attributes,
            blocks,
        ));
    }

    let titles = ["Required", "Optional", "Read-Only"]
        .into_iter()
        .enumerate();
    let group = |(group, title)| {
        let lines = lines.iter().filter(|(own, ..)| *own == group);
        (
            title,
            lines.map(|(_, _, line)| line.as_str()).collect::<String>(),
        )
    };
    titles
        .map(group)
        .filter(|(_, lines)| !lines.is_empty())
        .collect()
}

/// The section of one nested object, and those of the objects inside of it.
fn nested_sections(
    kind: &str,
    name: &str,
    prefix: &str,
    attributes: &[Attribute],
    blocks: &[NestedBlock],
) -> Vec<String> {
    let path = joined(prefix, name, ".");
    let anchor = format!("{kind}--{}", path.replace('.', "--"));
    let mut text = format!("\n<a id=\"{anchor}\"></a>\n### Nested Schema for `{path}`\n");
    let mut inner = Vec::new();
    for (title, lines) in groups(attributes, blocks, &path, &mut inner) {
        text += &format!("\n{title}:\n\n{lines}");
    }
    inner.insert(0, text);
    inner
}

fn joined(prefix: &str, name: &str, by: &str) -> String {
    if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}{by}{name}")
    }
}

fn attribute_line(attribute: &Attribute, prefix: &str) -> String {
    let name = attribute.name;
    let mut kind = match &attribute.kind {
        Kind::Type(of) => type_name(of),
        Kind::Nested(Nesting::Single, _) => "Attributes".to_owned(),
        Kind::Nested(nesting, _) => format!("Attributes {nesting:?}"),
    };
    for (holds, flag) in [
        (attribute.sensitive, "Sensitive"),
        (attribute.deprecated.is_some(), "Deprecated"),
        (attribute.write_only, "Write-only"),
    ] {
        if holds {
            kind += &format!(", {flag}");
        }
    }
    let mut words = vec![one_line(attribute.description)];
    words.extend(
        attribute
            .deprecated
            .map(|instead| format!("Deprecated: {}", sentence(instead))),
    );
    let rules = attribute.checks.iter().map(|check| check.rule.as_ref());
    let unsaid = rules.filter(|rule| !says(attribute.description, rule));
    words.extend(unsaid.map(sentence));
    if !attribute.description.contains("efaults to") {
        words.extend(attribute.default.as_ref().and_then(default));
    }
    if attribute.replaces && !attribute.description.contains("makes a new object") {
        words.push("Changing it makes a new object.".to_owned());
    }
    if matches!(attribute.kind, Kind::Nested(..)) {
        words.push(below("nestedatt", prefix, name));
    }
    format!("- `{name}` ({kind}) {}\n", words.join(" "))
}

fn block_line(block: &NestedBlock, prefix: &str) -> String {
    let name = block.name;
    let mut kind = match block.nesting {
        Nesting::Single => "Block".to_owned(),
        nesting => format!("Block {nesting:?}"),
    };
    if block.nesting != Nesting::Single && block.max_items > 0 {
        kind += &format!(", Max: {}", block.max_items);
    }
    let words = one_line(block.block.description);
    format!(
        "- `{name}` ({kind}) {words} {}\n",
        below("nestedblock", prefix, name)
    )
}

fn below(kind: &str, prefix: &str, name: &str) -> String {
    let anchor = joined(&prefix.replace('.', "--"), name, "--");
    format!("(see [below for nested schema](#{kind}--{anchor}))")
}

/// What an argument is when it is not written; an empty one says nothing.
fn default(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) if text.is_empty() => return None,
        Value::String(text) => text.clone(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        _ => return None,
    };
    Some(format!("Defaults to `{text}`."))
}

/// A type as the registries' pages name it.
pub fn type_name(of: &Type) -> String {
    match of {
        Type::String => "String".to_owned(),
        Type::Number => "Number".to_owned(),
        Type::Bool => "Boolean".to_owned(),
        Type::Dynamic => "Dynamic".to_owned(),
        Type::List(element) => format!("List of {}", type_name(element)),
        Type::Set(element) => format!("Set of {}", type_name(element)),
        Type::Map(element) => format!("Map of {}", type_name(element)),
        Type::Object(_) => "Object".to_owned(),
        Type::Tuple(_) => "Tuple".to_owned(),
    }
}

/// Markdown on one line, as items of lists want it.
fn one_line(markdown: &str) -> String {
    markdown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Words of rules that tell nothing by themselves.
const EMPTY_WORDS: [&str; 25] = [
    "0",
    "1",
    "a",
    "an",
    "and",
    "at",
    "be",
    "character",
    "each",
    "element",
    "expression",
    "from",
    "have",
    "key",
    "long",
    "may",
    "most",
    "must",
    "number",
    "of",
    "one",
    "or",
    "the",
    "to",
    "whole",
];

/// Whether a description has every word of a rule that matters: its numbers, its names.
fn says(description: &str, rule: &str) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        let words = words.filter(|word| !word.is_empty());
        words
            .map(|word| word.to_lowercase().trim_end_matches('s').to_owned())
            .collect()
    };
    let known = words(description);
    let (rule, _example) = rule.split_once(", such as").unwrap_or((rule, ""));
    words(rule)
        .iter()
        .all(|word| EMPTY_WORDS.contains(&word.as_str()) || known.contains(word))
}

/// With a capital letter and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let rest = letters.as_str().trim_end_matches('.');
    format!("{first}{rest}.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use terraform_provider_eventbridge::provider::{Check, Schema};

    #[test]
    fn lines_tell_everything_of_an_argument() {
        let attribute = Attribute::string("name")
            .default("x")
            .replaces()
            .check(Check::length(1, 3))
            .describe("The\nname.");
        assert_eq!(
            attribute_line(&attribute, ""),
            "- `name` (String) The name. Must be 1 to 3 characters long. Defaults to `x`. \
             Changing it makes a new object.\n"
        );
        let secret = Attribute::string("s")
            .optional()
            .sensitive()
            .write_only()
            .deprecated("use t");
        assert!(
            attribute_line(&secret, "")
                .starts_with("- `s` (String, Sensitive, Deprecated, Write-only)")
        );
    }

    #[test]
    fn what_a_description_says_is_not_said_again() {
        for (description, rule, said) in [
            (
                "ARN of the role.",
                "must be an ARN, such as \"arn:aws:x\"",
                true,
            ),
            (
                "ARNs of policies.",
                "each element must be an ARN, such as \"arn:aws:x\"",
                true,
            ),
            ("`GET` or `PUT`.", "must be one of \"GET\", \"PUT\"", true),
            ("`GET`.", "must be one of \"GET\", \"PUT\"", false),
            (
                "2 to 10000 jobs.",
                "must be a whole number from 2 to 10000",
                true,
            ),
            (
                "At least 2 jobs.",
                "must be a whole number from 2 to 10000",
                false,
            ),
            (
                "At most 38 characters.",
                "must be 1 to 38 characters long",
                true,
            ),
            ("Name.", "must be 1 to 64 characters long", false),
        ] {
            assert_eq!(says(description, rule), said, "{description} {rule}");
        }
    }

    #[test]
    fn nested_objects_have_sections() {
        let inner = NestedBlock::list("inner")
            .max(1)
            .attribute(Attribute::bool("on").required());
        let outer = NestedBlock::set("outer").min(1).block(inner);
        let block = Schema::new("").block(outer).block;
        let text = section(&block);
        for part in [
            "### Required\n\n- `outer` (Block Set)",
            "(see [below for nested schema](#nestedblock--outer))",
            "<a id=\"nestedblock--outer\"></a>\n### Nested Schema for `outer`\n\nOptional:\n",
            "(see [below for nested schema](#nestedblock--outer--inner))",
            "<a id=\"nestedblock--outer--inner\"></a>\n### Nested Schema for `outer.inner`\n\nRequired:\n",
        ] {
            assert!(text.contains(part), "{part}\n---\n{text}");
        }
    }
}
