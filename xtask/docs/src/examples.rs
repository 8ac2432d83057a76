//! What examples/ has for a page. The registries' layout: `provider/provider*.tf`,
//! `resources/TYPE/resource*.tf`, `data-sources/TYPE/data-source*.tf`,
//! `functions/NAME/function*.tf`.

use std::fs;
use std::path::Path;

/// The examples of one page, `resource.tf` before `resource_other.tf`, as a section.
///
/// A comment on an example's first lines becomes the text above it.
pub fn section(directory: &Path, beginning: &str) -> String {
    let mut names: Vec<String> = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with(beginning) && name.ends_with(".tf"))
        .collect();
    names.sort_by_key(|name| (name.len() != beginning.len() + ".tf".len(), name.clone()));
    let examples = names
        .iter()
        .filter_map(|name| fs::read_to_string(directory.join(name)).ok());
    let examples: String = examples.map(|text| one(&text)).collect();
    if examples.is_empty() {
        return String::new();
    }
    format!("## Example Usage\n{examples}\n")
}

fn one(text: &str) -> String {
    let is_comment = |line: &&str| line.starts_with("# ");
    let words: Vec<&str> = text
        .lines()
        .take_while(is_comment)
        .map(|line| &line[2..])
        .collect();
    let code = text
        .lines()
        .skip_while(is_comment)
        .collect::<Vec<_>>()
        .join("\n");
    let words = if words.is_empty() {
        String::new()
    } else {
        format!("\n{}\n", words.join("\n"))
    };
    format!("{words}\n```terraform\n{}\n```\n", code.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_comments_become_text() {
        assert_eq!(
            one("# A rule.\n# Two lines.\n\nresource \"a\" \"b\" {}\n# inside\n"),
            "\nA rule.\nTwo lines.\n\n```terraform\nresource \"a\" \"b\" {}\n# inside\n```\n"
        );
        assert_eq!(one("a = 1\n"), "\n```terraform\na = 1\n```\n");
    }
}
