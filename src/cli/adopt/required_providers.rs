//! Our entry in a module's `required_providers`, wherever that block is, or is not yet.

use super::edit::{block_extent, indent, line_end, line_start, newline};
use super::providers::{Configuration, OUR_NAME};
use super::tree::{File, Module};
use hcl_edit::Span;
use hcl_edit::expr::ObjectKey;
use hcl_edit::structure::{Attribute, Block, Body};

/// Where a `terraform` block is looked for by readers, best first.
const VERSIONS_FILES: [&str; 4] = ["versions.tf", "terraform.tf", "providers.tf", "main.tf"];

/// Where our provider comes from, and which versions of it will do.
pub(super) struct Requirement<'a> {
    pub source: &'a str,
    pub version: &'a str,
}

/// Adds our provider to `required_providers`, where it is not yet.
pub(super) fn require(
    module: &mut Module,
    handed_in: &[Configuration],
    requirement: &Requirement<'_>,
) {
    let is_ours = |file: &File| {
        required_providers(&file.body)
            .iter()
            .any(|block| block.body.has_attribute(OUR_NAME))
    };
    if module.files.iter().any(is_ours) {
        return;
    }
    let found = module
        .files
        .iter()
        .position(|file| !required_providers(&file.body).is_empty());
    if let Some(index) = found {
        return add_entry(&mut module.files[index], handed_in, requirement);
    }
    let has_terraform = |file: &File| !file.is_test && file.body.has_blocks("terraform");
    if let Some(index) = module.files.iter().position(has_terraform) {
        return add_required_providers(&mut module.files[index], handed_in, requirement);
    }
    let named = |name: &str| {
        module
            .files
            .iter()
            .position(|file| file.path.file_name().is_some_and(|own| own == name))
    };
    let index = VERSIONS_FILES.iter().find_map(|name| named(name));
    let index = index.or_else(|| module.files.iter().position(|file| !file.is_test));
    if let Some(file) = index.and_then(|index| module.files.get_mut(index)) {
        let entry = entry("    ", handed_in, requirement);
        let gap = if file.text.is_empty() || file.text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        let block = format!("{gap}\nterraform {{\n  required_providers {{\n{entry}\n  }}\n}}\n");
        file.edits
            .insert(file.text.len(), with_newlines(&file.text, &block));
    }
}

/// What the callers of a module hand in: `configuration_aliases` of all entries.
pub(super) fn configuration_aliases(module: &Module) -> Vec<Configuration> {
    let mut aliases = Vec::new();
    for file in &module.files {
        for block in required_providers(&file.body) {
            for attribute in block.body.attributes() {
                if let Some(array) = aliases_of(attribute) {
                    aliases.extend(array.iter().filter_map(Configuration::of_expression));
                }
            }
        }
    }
    aliases
}

fn aliases_of(attribute: &Attribute) -> Option<&hcl_edit::expr::Array> {
    let object = attribute.value.as_object()?;
    let (_, value) = object.iter().find(|(key, _)| match key {
        ObjectKey::Ident(name) => name.as_str() == "configuration_aliases",
        ObjectKey::Expression(name) => name.as_str() == Some("configuration_aliases"),
    })?;
    value.expr().as_array()
}

fn required_providers(body: &Body) -> Vec<&Block> {
    let terraform = body.get_blocks("terraform");
    terraform
        .flat_map(|block| block.body.get_blocks("required_providers"))
        .collect()
}

/// Into an existing `required_providers` block.
fn add_entry(file: &mut File, handed_in: &[Configuration], requirement: &Requirement<'_>) {
    let text = &file.text;
    let Some(block) = required_providers(&file.body).first().copied() else {
        return;
    };
    let Some((span, body)) = block_extent(text, block) else {
        return;
    };
    let margin = indent(text, span.start).to_owned();
    let inner = format!("{margin}  ");
    let last = block.body.attributes().filter_map(Span::span).last();
    let (range, new) = match last {
        Some(last) if text[span.clone()].contains('\n') && line_end(text, last.end) < span.end => {
            let at = line_end(text, last.end);
            let at = if text[..at].ends_with('\r') {
                at - 1
            } else {
                at
            };
            let inner = indent(text, last.start);
            (
                at..at,
                format!("\n{}", entry(inner, handed_in, requirement)),
            )
        }
        _ => {
            // On one line, or empty: it is opened.
            let old = text[body.clone()].trim();
            let old = if old.is_empty() {
                String::new()
            } else {
                format!("\n{inner}{old}")
            };
            let entry = entry(&inner, handed_in, requirement);
            (body, format!("{old}\n{entry}\n{margin}"))
        }
    };
    let new = with_newlines(text, &new);
    file.edits.replace(range, new);
}

/// Into an existing `terraform` block that requires no providers yet.
fn add_required_providers(
    file: &mut File,
    handed_in: &[Configuration],
    requirement: &Requirement<'_>,
) {
    let text = &file.text;
    let Some(block) = file.body.get_blocks("terraform").next() else {
        return;
    };
    let Some((span, body)) = block_extent(text, block) else {
        return;
    };
    let margin = indent(text, span.start).to_owned();
    let inner = format!("{margin}  ");
    let entry = entry(&format!("{inner}  "), handed_in, requirement);
    let added = format!("{inner}required_providers {{\n{entry}\n{inner}}}\n");
    let (range, new) = if text[body.clone()].trim().is_empty() {
        (body, format!("\n{added}{margin}"))
    } else if text[body.clone()].contains('\n') {
        let at = line_start(text, span.end - 1);
        (at..at, format!("\n{added}"))
    } else {
        let old = text[body.clone()].trim();
        (body, format!("\n{inner}{old}\n\n{added}{margin}"))
    };
    let new = with_newlines(text, &new);
    file.edits.replace(range, new);
}

/// The entry of our provider, without a newline at its end.
fn entry(margin: &str, handed_in: &[Configuration], requirement: &Requirement<'_>) -> String {
    let aliases: Vec<String> = handed_in.iter().map(Configuration::to_string).collect();
    let width = if aliases.is_empty() {
        "version".len()
    } else {
        "configuration_aliases".len()
    };
    let mut lines = vec![
        format!("{margin}{OUR_NAME} = {{"),
        format!("{margin}  {:width$} = {:?}", "source", requirement.source),
        format!("{margin}  {:width$} = {:?}", "version", requirement.version),
    ];
    if !aliases.is_empty() {
        lines.push(format!(
            "{margin}  configuration_aliases = [{}]",
            aliases.join(", ")
        ));
    }
    lines.push(format!("{margin}}}"));
    lines.join("\n")
}

/// New text with the line ending of the text that it goes into.
fn with_newlines(text: &str, new: &str) -> String {
    new.replace('\n', newline(text))
}
