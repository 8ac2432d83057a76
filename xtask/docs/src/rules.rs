//! What the registries' own validator (`tfplugindocs validate`) refuses, and that nothing
//! is without a description.

use crate::page::short;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use terraform_provider_eventbridge::provider::{Attribute, Block, Kind, Schema, Schemas};

/// Directories that the registries read.
const DIRECTORIES: [&str; 9] = [
    "actions",
    "data-sources",
    "ephemeral-resources",
    "functions",
    "guides",
    "list-resources",
    "resources",
    "state-stores",
    "cdktf",
];
/// A page has to be smaller than this, in bytes.
const LARGEST: u64 = 500_000;
/// There may be no more pages than this.
const MOST: usize = 2000;

/// Everything of the provider that lacks a description.
pub fn undescribed(schemas: &Schemas) -> Vec<String> {
    let mut found = Vec::new();
    schema("provider", &schemas.provider, &mut found);
    for (name, resource) in &schemas.resources {
        schema(name, &resource.schema, &mut found);
        if resource.schema.iam_actions.is_empty() {
            found.push(format!("{name} names no IAM actions"));
        }
        for attribute in &resource.identity.attributes {
            described(
                attribute.description,
                &format!("{name}'s identity {}", attribute.name),
                &mut found,
            );
        }
    }
    for (name, own) in &schemas.data_sources {
        schema(name, own, &mut found);
    }
    for (name, signature) in &schemas.functions {
        described(
            signature.description,
            &format!("function {name}"),
            &mut found,
        );
        for parameter in &signature.parameters {
            described(
                parameter.description,
                &format!("{name}({})", parameter.name),
                &mut found,
            );
        }
    }
    found
}

fn schema(name: &str, schema: &Schema, found: &mut Vec<String>) {
    described(schema.block.description, name, found);
    block(name, &schema.block, found);
}

fn block(path: &str, block_of: &Block, found: &mut Vec<String>) {
    attributes(path, &block_of.attributes, found);
    for nested in &block_of.blocks {
        let path = format!("{path}.{}", nested.name);
        described(nested.block.description, &path, found);
        block(&path, &nested.block, found);
    }
}

fn attributes(path: &str, list: &[Attribute], found: &mut Vec<String>) {
    for attribute in list {
        let path = format!("{path}.{}", attribute.name);
        described(attribute.description, &path, found);
        if let Kind::Nested(_, inner) = &attribute.kind {
            attributes(&path, inner, found);
        }
    }
}

fn described(description: &str, what: &str, found: &mut Vec<String>) {
    if description.trim().is_empty() {
        found.push(format!("{what} has no description in the schema"));
    }
}

/// What the registries would refuse of docs/. Documents at its top other than index.md are
/// the repository's own; registries do not show them.
pub fn registry(docs: &Path, schemas: &Schemas) -> Vec<String> {
    let mut faults = Vec::new();
    let mut pages = 1;
    page(&docs.join("index.md"), "index", &mut faults);
    for (name, is_directory) in entries(docs) {
        if !is_directory {
            continue;
        }
        if !DIRECTORIES.contains(&name.as_str()) {
            faults.push(format!("docs/{name} is no directory that registries know"));
            continue;
        }
        for (file, is_directory) in entries(&docs.join(&name)) {
            let path = docs.join(&name).join(&file);
            if is_directory || !file.ends_with(".md") {
                faults.push(format!(
                    "docs/{name}/{file} is no page: its name has to end in .md"
                ));
            } else {
                page(&path, &name, &mut faults);
                pages += 1;
            }
        }
    }
    if docs.join("../website/docs").exists() {
        faults.push("website/docs stands beside docs: registries read one of them".to_owned());
    }
    if pages > MOST {
        faults.push(format!("{pages} pages are more than {MOST}"));
    }
    faults.extend(mismatches(docs, schemas));
    faults
}

fn entries(directory: &Path) -> Vec<(String, bool)> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    let mut entries: Vec<(String, bool)> = entries
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                entry.path().is_dir(),
            )
        })
        .collect();
    entries.sort();
    entries
}

/// Size and front matter of one page.
fn page(path: &Path, directory: &str, faults: &mut Vec<String>) {
    let shown = path.display();
    let Ok(text) = fs::read_to_string(path) else {
        return faults.push(format!("{shown} cannot be read"));
    };
    if text.len() as u64 >= LARGEST {
        faults.push(format!(
            "{shown} has {} bytes, and less than {LARGEST} are allowed",
            text.len()
        ));
    }
    let front = text
        .strip_prefix("---\n")
        .and_then(|text| text.split_once("\n---\n"));
    let Some((front, _)) = front else {
        return faults.push(format!("{shown} does not begin with front matter"));
    };
    let keys: BTreeSet<&str> = front
        .lines()
        .filter(|line| !line.starts_with([' ', '-']))
        .filter_map(|line| Some(line.split_once(':')?.0))
        .collect();
    let (wanted, refused): (&[&str], &[&str]) = match directory {
        "index" => (
            &["page_title", "description"],
            &["layout", "sidebar_current", "subcategory"],
        ),
        "guides" => (&["page_title"], &["layout", "sidebar_current"]),
        _ => (
            &["page_title", "subcategory", "description"],
            &["layout", "sidebar_current"],
        ),
    };
    let lacking = wanted.iter().filter(|key| !keys.contains(*key));
    faults.extend(lacking.map(|key| format!("{shown} lacks {key} in its front matter")));
    let surplus = refused.iter().filter(|key| keys.contains(*key));
    faults.extend(surplus.map(|key| format!("{shown} has {key} in its front matter")));
}

/// Types without a page and pages without a type.
fn mismatches(docs: &Path, schemas: &Schemas) -> Vec<String> {
    let kinds: [(&str, BTreeSet<&str>); 3] = [
        (
            "resources",
            schemas.resources.keys().map(|name| short(name)).collect(),
        ),
        (
            "data-sources",
            schemas
                .data_sources
                .keys()
                .map(|name| short(name))
                .collect(),
        ),
        ("functions", schemas.functions.keys().copied().collect()),
    ];
    let mut faults = Vec::new();
    for (directory, types) in kinds {
        let files = entries(&docs.join(directory));
        let pages: BTreeSet<&str> = files
            .iter()
            .filter_map(|(name, _)| name.strip_suffix(".md"))
            .collect();
        let lacking = types.difference(&pages);
        faults.extend(lacking.map(|name| format!("docs/{directory}/{name}.md is missing")));
        let surplus = pages.difference(&types);
        faults.extend(surplus.map(|name| format!("docs/{directory}/{name}.md is of no type")));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use terraform_provider_eventbridge::provider::NestedBlock;

    fn faults_of(directory: &str, text: &str) -> Vec<String> {
        let place =
            std::env::temp_dir().join(format!("docs-rules-{}-{directory}", std::process::id()));
        fs::create_dir_all(&place).expect("a directory");
        let path = place.join("page.md");
        fs::write(&path, text).expect("a file");
        let mut faults = Vec::new();
        page(&path, directory, &mut faults);
        fs::remove_dir_all(&place).expect("removed");
        faults
    }

    #[test]
    fn what_lacks_a_description_is_named() {
        let name = Attribute::string("name").required();
        let inner = NestedBlock::list("inner").attribute(Attribute::bool("on").describe("On."));
        let of_provider = Schema::new("A provider.").attribute(name).block(inner);
        let mut found = Vec::new();
        schema("provider", &of_provider, &mut found);
        assert_eq!(
            found,
            [
                "provider.name has no description in the schema",
                "provider.inner has no description in the schema",
            ]
        );
    }

    #[test]
    fn front_matter() {
        let good =
            "---\npage_title: \"a\"\nsubcategory: \"\"\ndescription: |-\n  layout: no key\n---\n";
        assert_eq!(faults_of("resources", good), Vec::<String>::new());
        assert_eq!(
            faults_of("index", good).len(),
            1,
            "an index has no subcategory"
        );
        assert_eq!(faults_of("guides", "# no front matter").len(), 1);
        assert_eq!(faults_of("functions", "---\nlayout: a\n---\n").len(), 4);
    }
}
