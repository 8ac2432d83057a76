//! Writes our provider into a module: copies of the `provider "aws"` blocks that were used,
//! and what module calls pass on. Its entry is `required_providers.rs`'s.

use super::Left;
use super::edit::{Edits, block_extent, indent, line_end, line_start, newline};
use super::providers::{Call, Configuration, Facts, OUR_NAME};
use super::required_providers::{Requirement, configuration_aliases, require};
use super::tree::{File, Module};
use hcl_edit::Span;
use hcl_edit::structure::{Body, Structure};
use std::collections::BTreeSet;
use std::ops::Range;

/// Arguments of hashicorp/aws's provider block that ours has too.
const ARGUMENTS: [&str; 32] = [
    "access_key",
    "alias",
    "allowed_account_ids",
    "custom_ca_bundle",
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "for_each",
    "forbidden_account_ids",
    "http_proxy",
    "https_proxy",
    "insecure",
    "max_retries",
    "no_proxy",
    "profile",
    "region",
    "retry_mode",
    "s3_us_east_1_regional_endpoint",
    "s3_use_path_style",
    "secret_key",
    "shared_config_files",
    "shared_credentials_files",
    "skip_credentials_validation",
    "skip_metadata_api_check",
    "skip_region_validation",
    "skip_requesting_account_id",
    "sts_region",
    "tag_policy_compliance",
    "token",
    "token_bucket_rate_limiter_capacity",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "user_agent",
];
const BLOCKS: [&str; 6] = [
    "assume_role",
    "assume_role_with_web_identity",
    "default_tags",
    "dynamic",
    "endpoints",
    "ignore_tags",
];
/// Services whose endpoint our provider takes.
const ENDPOINTS: [&str; 13] = [
    "cloudwatchevents",
    "cloudwatchlog",
    "cloudwatchlogs",
    "dynamodb",
    "eventbridge",
    "events",
    "iam",
    "lambda",
    "logs",
    "resourcegroupstagging",
    "resourcegroupstaggingapi",
    "sqs",
    "sts",
];
/// Plans everything that a module needs to use our provider in place of `needs`.
/// `calls` are those of its calls whose modules need it too, each with their needs.
pub(super) fn write(
    module: &mut Module,
    facts: &Facts,
    needs: &BTreeSet<Configuration>,
    calls: &[(&Call, &BTreeSet<Configuration>)],
    declares: bool,
    requirement: &Requirement<'_>,
) -> Vec<Left> {
    let mut left = Vec::new();
    let mut named = declares;
    let mut handed_in = Vec::new();
    for need in needs {
        let ours = need.ours();
        if facts.blocks.contains_key(&ours) {
            named = true;
        } else if let Some((file, place)) = facts.blocks.get(need) {
            left.extend(copy_block(&mut module.files[*file], *place, &ours));
            named = true;
        } else if configuration_aliases(module).contains(need) {
            handed_in.push(ours);
            named = true;
        }
    }
    for (call, child_needs) in calls {
        named |= pass_on(&mut module.files[call.file], call, child_needs);
    }
    if named {
        require(module, &handed_in, requirement);
    }
    left
}

/// Writes a copy of a `provider` block below it, without what ours does not have.
fn copy_block(file: &mut File, place: usize, ours: &Configuration) -> Vec<Left> {
    let Some(block) = file.body.get(place).and_then(Structure::as_block) else {
        return Vec::new();
    };
    let text = &file.text;
    let Some((span, body)) = block_extent(text, block) else {
        return Vec::new();
    };
    let mut edits = Edits::default();
    let mut left = Vec::new();
    let within = |range: Range<usize>| range.start - span.start..range.end - span.start;

    if let Some(label) = block.labels.first().and_then(Span::span) {
        edits.replace(within(label), format!("{OUR_NAME:?}"));
    }
    let alias = block.body.get_attribute("alias");
    match (alias.and_then(|alias| alias.value.span()), &ours.alias) {
        (Some(span), Some(name)) => edits.replace(within(span), format!("{name:?}")),
        (None, Some(name)) => {
            let end = newline(text);
            edits.insert(
                body.start - span.start,
                format!("{end}  alias = {name:?}{end}"),
            );
        }
        _ => {}
    }
    for (name, dropped) in unsupported(&block.body) {
        left.push(file.left(
            dropped.start,
            format!("provider argument {name} has no counterpart"),
        ));
        edits.replace(within(whole_lines(text, dropped)), "");
    }
    let copy = edits.apply(&text[span.clone()]);
    let end = newline(text);
    let at = line_end(text, span.end);
    let at = if text[..at].ends_with('\r') {
        at - 1
    } else {
        at
    };
    file.edits.insert(at, format!("{end}{end}{copy}"));
    left
}

/// Names and places of what a provider block has and ours does not.
fn unsupported(body: &Body) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    for structure in body {
        let (name, known, nested) = match structure {
            Structure::Attribute(attribute) => {
                let name = attribute.key.as_str();
                (name, ARGUMENTS.contains(&name), None)
            }
            Structure::Block(block) => {
                let name = block.ident.as_str();
                (name, BLOCKS.contains(&name), Some(block))
            }
        };
        if !known {
            found.extend(structure.span().map(|span| (name.to_owned(), span)));
        } else if let Some(endpoints) = nested.filter(|_| name == "endpoints") {
            let other = endpoints
                .body
                .attributes()
                .filter(|attribute| !ENDPOINTS.contains(&attribute.key.as_str()));
            found.extend(other.filter_map(|attribute| {
                Some((
                    format!("endpoints.{}", attribute.key.as_str()),
                    attribute.span()?,
                ))
            }));
        }
    }
    found
}

/// The lines of a range, if nothing else stands on them; else the range.
fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let (start, end) = (line_start(text, range.start), line_end(text, range.end));
    let rest = text[range.end..end].trim();
    let comment = rest.starts_with('#') || rest.starts_with("//");
    let alone = text[start..range.start].trim().is_empty() && (rest.is_empty() || comment);
    if alone && end < text.len() {
        start..end + 1
    } else {
        range
    }
}

/// Adds what a module call passes on; true if the call names our provider.
fn pass_on(file: &mut File, call: &Call, needs: &BTreeSet<Configuration>) -> bool {
    let passed = |need: &&Configuration| call.mapping.iter().find(|(theirs, _)| theirs == *need);
    let mut named = false;
    let mut entries = Vec::new();
    for need in needs {
        let Some((theirs, here)) = passed(&need) else {
            continue;
        };
        named = true;
        let key = theirs.ours();
        if !call.mapping.iter().any(|(existing, _)| *existing == key) {
            entries.push((key.to_string(), here.ours().to_string()));
        }
    }
    if entries.is_empty() {
        return named;
    }
    let block = file
        .body
        .blocks()
        .find(|block| block.span().is_some_and(|span| span.start == call.at));
    let providers = block.and_then(|block| block.body.get_attribute("providers"));
    let Some(object) = providers.and_then(|providers| providers.value.as_object()) else {
        return named;
    };
    let keys: Vec<Range<usize>> = object.iter().filter_map(|(key, _)| key.span()).collect();
    let Some(last) = object
        .iter()
        .filter_map(|(_, value)| value.expr().span())
        .last()
    else {
        return named;
    };
    let text = &file.text;
    let end = newline(text);
    let one_line = object
        .span()
        .is_some_and(|span| line_end(text, last.end) >= span.end);
    let mut edits = Vec::new();
    if one_line {
        let added: String = entries
            .iter()
            .map(|(key, value)| format!(", {key} = {value}"))
            .collect();
        edits.push((last.end..last.end, added));
    } else {
        let width = keys
            .iter()
            .map(|key| key.len())
            .chain(entries.iter().map(|(key, _)| key.len()));
        let width = width.max().unwrap_or_default();
        // The equals signs of neighbouring lines stand below one another.
        for key in &keys {
            let rest = &text[key.end..line_end(text, key.end)];
            if let Some(gap) = rest
                .find(['=', ':'])
                .filter(|gap| rest[..*gap].trim().is_empty())
            {
                edits.push((key.end..key.end + gap, " ".repeat(width - key.len() + 1)));
            }
        }
        let margin = keys
            .last()
            .map_or("", |key| indent(text, key.start))
            .to_owned();
        let at = line_end(text, last.end);
        let at = if text[..at].ends_with('\r') {
            at - 1
        } else {
            at
        };
        let added: String = entries
            .iter()
            .map(|(key, value)| format!("{end}{margin}{key:width$} = {value}"))
            .collect();
        edits.push((at..at, added));
    }
    for (range, new) in edits {
        file.edits.replace(range, new);
    }
    named
}
