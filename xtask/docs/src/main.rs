//! Writes docs/ in the registries' layout from the provider's own schema, so that the pages
//! cannot drift from what the provider does: `cargo xtask docs [--check]`.
//!
//! `page` writes whole pages, `arguments` their list of arguments, `examples` finds what
//! examples/ has for them, `guides` lists the guides, `rules` checks what the registries' validator would.

mod arguments;
mod examples;
mod guides;
mod page;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use terraform_provider_eventbridge::registry;

const HELP: &str = "\
Writes docs/ from the provider's schema and examples/.

Usage: cargo xtask docs [--check]

  --check  write nothing; fail if a page is stale, missing or left over
";

/// Directories whose pages are all written here. Guides are written by people.
const GENERATED: [&str; 3] = ["resources", "data-sources", "functions"];

fn main() -> ExitCode {
    let check = match std::env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some("--help" | "-h") => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Some(other) => {
            eprintln!("no such option: {other}\n\n{HELP}");
            return ExitCode::FAILURE;
        }
    };
    match run(check) {
        Ok(pages) => {
            println!("{pages} pages are as the schema says.");
            ExitCode::SUCCESS
        }
        Err(faults) => {
            eprintln!("docs:\n  {}", faults.join("\n  "));
            ExitCode::FAILURE
        }
    }
}

fn run(check: bool) -> Result<usize, Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let docs = root.join("docs");
    let schemas = registry::server().schemas().clone();

    let mut faults = rules::undescribed(&schemas);
    let pages = page::all(&schemas, &root.join("examples"), &docs.join("guides"));
    let left_over = left_over(&docs, &pages);
    if check {
        faults.extend(stale(&docs, &pages));
        faults.extend(
            left_over
                .iter()
                .map(|path| format!("{} is of no type", path.display())),
        );
    } else {
        faults.extend(write(&docs, &pages, &left_over).err());
    }
    faults.extend(rules::registry(&docs, &schemas));
    if faults.is_empty() {
        Ok(pages.len())
    } else {
        Err(faults)
    }
}

fn write(
    docs: &Path,
    pages: &BTreeMap<PathBuf, String>,
    left_over: &BTreeSet<PathBuf>,
) -> Result<(), String> {
    let fault = |error: std::io::Error| format!("cannot write {}: {error}", docs.display());
    for (path, text) in pages {
        let path = docs.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(fault)?;
        }
        fs::write(path, text).map_err(fault)?;
    }
    left_over
        .iter()
        .try_for_each(|path| fs::remove_file(docs.join(path)).map_err(fault))
}

/// Pages that are not as they would be written now.
fn stale(docs: &Path, pages: &BTreeMap<PathBuf, String>) -> Vec<String> {
    let fault = |(path, text): (&PathBuf, &String)| match fs::read_to_string(docs.join(path)) {
        Ok(found) if found == *text => None,
        Ok(found) => Some(format!(
            "{} is stale: run `make docs`{}",
            path.display(),
            difference(&found, text)
        )),
        Err(_) => Some(format!("{} is missing: run `make docs`", path.display())),
    };
    pages.iter().filter_map(fault).collect()
}

/// The first line that differs, as it is and as it would be written.
fn difference(found: &str, wanted: &str) -> String {
    let (mut found, mut wanted) = (found.lines(), wanted.lines());
    loop {
        match (found.next(), wanted.next()) {
            (Some(is), Some(would_be)) if is == would_be => {}
            (is, would_be) => {
                let show = |line: Option<&str>| line.unwrap_or("(nothing)").to_owned();
                return format!(
                    "\n    is:        {}\n    should be: {}",
                    show(is),
                    show(would_be)
                );
            }
        }
    }
}

/// Pages of types that are no more.
fn left_over(docs: &Path, pages: &BTreeMap<PathBuf, String>) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for directory in GENERATED {
        let entries = fs::read_dir(docs.join(directory))
            .into_iter()
            .flatten()
            .flatten();
        found.extend(entries.map(|entry| Path::new(directory).join(entry.file_name())));
    }
    found
        .into_iter()
        .filter(|path| !pages.contains_key(path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_page_is_told_by_its_first_line_that_differs() {
        let docs = std::env::temp_dir().join(format!("docs-stale-{}", std::process::id()));
        fs::create_dir_all(&docs).expect("a directory");
        fs::write(docs.join("rule.md"), "# rule\n- `name` Name.\n").expect("a file");
        let page = |name: &str, text: &str| BTreeMap::from([(name.into(), text.to_owned())]);
        let renamed = stale(&docs, &page("rule.md", "# rule\n- `title` Name.\n"));
        let same = stale(&docs, &page("rule.md", "# rule\n- `name` Name.\n"));
        let missing = stale(&docs, &page("bus.md", ""));
        fs::remove_dir_all(&docs).expect("removed");
        let [fault] = &renamed[..] else {
            panic!("{renamed:?}");
        };
        assert!(fault.starts_with("rule.md is stale"), "{fault}");
        assert!(
            fault.ends_with("is:        - `name` Name.\n    should be: - `title` Name."),
            "{fault}"
        );
        assert_eq!(same, [""; 0]);
        assert_eq!(missing, ["bus.md is missing: run `make docs`"]);
    }
}
