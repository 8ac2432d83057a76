//! Whole pages: front matter, description, examples, arguments, permissions, import.

use crate::arguments::{self, type_name};
use crate::examples;
use crate::guides;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use terraform_provider_eventbridge::provider::{IdentitySchema, Schema, Schemas, Signature};

const PROVIDER: &str = "eventbridge";

/// Every page that the schema gives, by its path below docs/. The index lists the guides too.
pub fn all(schemas: &Schemas, examples: &Path, guides: &Path) -> BTreeMap<PathBuf, String> {
    let mut pages = BTreeMap::new();
    let file = |directory: &str, name: &str| Path::new(directory).join(format!("{name}.md"));
    pages.insert(
        PathBuf::from("index.md"),
        index(&schemas.provider, examples, guides),
    );
    for (name, resource) in &schemas.resources {
        let text = resource_page(name, &resource.schema, &resource.identity, examples);
        pages.insert(file("resources", short(name)), text);
    }
    for (name, schema) in &schemas.data_sources {
        pages.insert(
            file("data-sources", short(name)),
            data_source(name, schema, examples),
        );
    }
    for (name, signature) in &schemas.functions {
        pages.insert(file("functions", name), function(name, signature, examples));
    }
    pages
}

/// A type's name without the provider's.
pub fn short(name: &str) -> &str {
    name.strip_prefix("eventbridge_").unwrap_or(name)
}

fn index(schema: &Schema, examples: &Path, guides: &Path) -> String {
    let description = schema.block.description;
    join(&[
        format!(
            "---\npage_title: \"{PROVIDER} Provider\"\ndescription: |-\n  {}\n---\n",
            summary(description)
        ),
        format!("# {PROVIDER} Provider\n\n{description}\n"),
        examples::section(&examples.join("provider"), "provider"),
        guides::section(guides),
        arguments::section(&schema.block),
    ])
}

fn resource_page(
    name: &str,
    schema: &Schema,
    identity: &IdentitySchema,
    examples: &Path,
) -> String {
    join(&[
        head(name, "Resource", schema.block.description),
        examples::section(&examples.join("resources").join(name), "resource"),
        arguments::section(&schema.block),
        permissions(schema, "To manage it in full"),
        import(name, schema, identity),
    ])
}

fn data_source(name: &str, schema: &Schema, examples: &Path) -> String {
    join(&[
        head(name, "Data Source", schema.block.description),
        examples::section(&examples.join("data-sources").join(name), "data-source"),
        arguments::section(&schema.block),
        permissions(schema, "To read it"),
    ])
}

/// Parts that are there, an empty line between them.
fn join(parts: &[String]) -> String {
    let there = parts
        .iter()
        .map(|part| part.trim_end())
        .filter(|part| !part.is_empty());
    there.collect::<Vec<_>>().join("\n\n") + "\n"
}

/// Front matter, title and description of a type's page.
fn head(name: &str, kind: &str, description: &str) -> String {
    let summary = summary(description);
    format!(
        "---\npage_title: \"{name} {kind} - {PROVIDER}\"\nsubcategory: \"\"\ndescription: |-\n  \
         {summary}\n---\n\n# {name} ({kind})\n\n{description}\n"
    )
}

/// The first paragraph as plain text on one line.
fn summary(markdown: &str) -> String {
    let paragraph = markdown.split("\n\n").next().unwrap_or_default();
    paragraph
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(['`', '*'], "")
}

fn permissions(schema: &Schema, what_for: &str) -> String {
    let mut actions = schema.iam_actions.clone();
    actions.sort_unstable();
    actions.dedup();
    if actions.is_empty() {
        return String::new();
    }
    let list: String = actions
        .iter()
        .map(|action| format!("- `{action}`\n"))
        .collect();
    format!("## IAM Permissions\n\n{what_for}, the provider's credentials need:\n\n{list}")
}

fn import(name: &str, schema: &Schema, identity: &IdentitySchema) -> String {
    let Some(first) = schema.import_ids.first() else {
        return String::new();
    };
    let forms: String = schema
        .import_ids
        .iter()
        .map(|id| format!("- `{id}`\n"))
        .collect();
    let mut text = "## Import\n\n".to_owned();
    if !identity.attributes.is_empty() {
        text += &by_identity(name, identity);
    }
    text += &format!(
        "With Terraform 1.5 and later, an `import` block takes an id:\n\n\
         ```terraform\nimport {{\n  to = {name}.example\n  id = \"{first}\"\n}}\n```\n\n\
         The id is one of these, with `@REGION` at its end for an object in another region than \
         the provider's:\n\n{forms}\n\
         The command line takes the same id:\n\n\
         ```shell\nterraform import {name}.example {first}\n```\n"
    );
    text
}

fn by_identity(name: &str, identity: &IdentitySchema) -> String {
    let required = identity
        .attributes
        .iter()
        .filter(|attribute| attribute.required);
    let width = required
        .clone()
        .map(|attribute| attribute.name.len())
        .max()
        .unwrap_or_default();
    let lines: String = required
        .map(|attribute| {
            let name = attribute.name;
            format!("    {name:width$} = \"{}\"\n", name.to_uppercase())
        })
        .collect();
    let mut attributes: Vec<_> = identity.attributes.iter().collect();
    attributes.sort_by_key(|attribute| (!attribute.required, attribute.name));
    let list: String = attributes
        .iter()
        .map(|attribute| {
            let kind = if attribute.required {
                "Required"
            } else {
                "Optional"
            };
            format!(
                "- `{}` (String, {kind}) {}\n",
                attribute.name, attribute.description
            )
        })
        .collect();
    format!(
        "With Terraform 1.12 and later, an `import` block takes an identity:\n\n\
         ```terraform\nimport {{\n  to = {name}.example\n  identity = {{\n{lines}  }}\n}}\n```\n\n\
         {list}\n"
    )
}

fn function(name: &str, signature: &Signature, examples: &Path) -> String {
    let Signature {
        summary,
        description,
        parameters,
        result,
    } = signature;
    let typed = |parameter: &terraform_provider_eventbridge::provider::Parameter| {
        format!(
            "{} {}",
            parameter.name,
            type_name(&parameter.ty).to_lowercase()
        )
    };
    let call = parameters.iter().map(typed).collect::<Vec<_>>().join(", ");
    let arguments: String = parameters
        .iter()
        .enumerate()
        .map(|(index, parameter)| {
            let kind = type_name(&parameter.ty);
            format!(
                "{}. `{}` ({kind}) {}\n",
                index + 1,
                parameter.name,
                parameter.description
            )
        })
        .collect();
    join(&[
        format!(
            "---\npage_title: \"{name} function - {PROVIDER}\"\nsubcategory: \"\"\ndescription: |-\n  \
             {summary}\n---\n\n# function: {name}\n\n{description}\n"
        ),
        examples::section(&examples.join("functions").join(name), "function"),
        format!(
            "## Signature\n\n```text\n{name}({call}) {}\n```\n",
            type_name(result).to_lowercase()
        ),
        format!("## Arguments\n\n{arguments}"),
    ])
}
