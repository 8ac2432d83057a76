//! Arrows between the layers of `src/` go down only. Reads every `use` and every
//! path that starts at the crate's root, and fails on one that points up.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Each layer and what it may use, besides itself and the exact JSON at the bottom.
const MAY_USE: &[(&str, &[&str])] = &[
    ("main", &["cli", "plugin", "registry", "provider"]),
    ("cli", &["registry", "pattern"]),
    ("plugin", &["provider"]),
    (
        "registry",
        &["resources", "data_sources", "functions", "provider"],
    ),
    ("data_sources", &["resources", "provider", "aws", "pattern"]),
    (
        "resources",
        &["provider", "aws", "pattern", "schedule", "transform"],
    ),
    ("functions", &["provider", "pattern"]),
    ("provider", &[]),
    ("aws", &[]),
    ("pattern", &[]),
    ("schedule", &[]),
    ("transform", &[]),
    ("json", &[]),
];

#[test]
fn arrows_go_down_only() {
    let layers: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    assert!(files.len() > 50, "found only {} files", files.len());

    let mut wrong = Vec::new();
    for file in files {
        let relative = file.strip_prefix(&src).expect("below src").to_path_buf();
        let layer = layer_of(&relative);
        if layer == "lib" {
            continue;
        }
        let Some(allowed) = layers.get(layer.as_str()) else {
            wrong.push(format!(
                "{}: no such layer in this test",
                relative.display()
            ));
            continue;
        };
        let text = fs::read_to_string(&file).expect("readable source");
        for used in layers_used(&text) {
            if used != layer && used != "json" && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses {used}", relative.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "arrows that point up:\n{}",
        wrong.join("\n")
    );
}

fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("readable folder") {
        let path = entry.expect("readable entry").path();
        if path.is_dir() {
            rust_files(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// `aws/events/bus.rs` is in `aws`, `registry.rs` in `registry`.
fn layer_of(relative: &Path) -> String {
    let first = relative.components().next().expect("a path");
    let name = first.as_os_str().to_string_lossy();
    name.trim_end_matches(".rs").to_owned()
}

/// The first words after `crate::` (or, in main.rs, the crate's name).
fn layers_used(text: &str) -> Vec<String> {
    let code: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    let code = code.join("\n");
    let mut used = Vec::new();
    for root in ["crate::", "terraform_provider_eventbridge::"] {
        for (at, _) in code.match_indices(root) {
            let rest = &code[at + root.len()..];
            match rest.strip_prefix('{') {
                Some(list) => {
                    let list = list.split("};").next().unwrap_or_default();
                    used.extend(top_names(list));
                }
                None => used.extend(word(rest)),
            }
        }
    }
    used
}

/// The names at the top level of a braced list.
fn top_names(list: &str) -> Vec<String> {
    let mut depth = 0usize;
    let mut names = Vec::new();
    let mut item = String::new();
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                names.extend(word(item.trim()));
                item.clear();
                continue;
            }
            _ => {}
        }
        item.push(c);
    }
    names.extend(word(item.trim()));
    names
}

fn word(text: &str) -> Option<String> {
    let end = text
        .find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len());
    let word = &text[..end];
    let is_module = word.starts_with(|c: char| c.is_lowercase());
    is_module.then(|| word.to_owned())
}

#[test]
fn an_upward_arrow_would_be_seen() {
    let text = "use crate::{aws::Arn, provider};\nfn f() { crate::plugin::serve() } // crate::cli";
    assert_eq!(layers_used(text), ["aws", "provider", "plugin", "cli"]);
}
