//! The guides, which people write: the list of them in the index, by their front matter.

use std::fs;
use std::path::Path;

/// The list of the guides in `directory`, by file name; empty without any.
pub fn section(directory: &Path) -> String {
    let mut guides: Vec<(String, String)> = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let text = fs::read_to_string(entry.path()).ok()?;
            Some((name.strip_suffix(".md")?.to_owned(), text))
        })
        .collect();
    guides.sort();
    let lines: String = guides
        .iter()
        .filter_map(|(name, text)| line(name, text))
        .collect();
    if lines.is_empty() {
        return lines;
    }
    format!("## Guides\n\n{lines}")
}

/// A guide's line: its title, which leads to it, and its description.
fn line(name: &str, text: &str) -> Option<String> {
    let mut front = text.strip_prefix("---\n")?.split("\n---\n").next()?.lines();
    let title = front.find_map(|line| line.strip_prefix("page_title: "))?;
    front.find(|line| line.starts_with("description: |-"))?;
    let description = front.next()?.trim();
    let title = title.trim_matches('"');
    Some(format!("- [{title}](guides/{name}.md): {description}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guide_is_listed_by_its_front_matter() {
        let text =
            "---\npage_title: \"A guide\"\ndescription: |-\n  What it says.\n---\n\n# A guide\n";
        let wanted = "- [A guide](guides/a-guide.md): What it says.\n";
        assert_eq!(line("a-guide", text).as_deref(), Some(wanted));
    }

    #[test]
    fn a_page_without_front_matter_is_not_listed() {
        assert_eq!(line("a-guide", "# A guide\n"), None);
    }
}
