//! The configuration on disk: every module below a directory, read and parsed once.

use super::Left;
use super::edit::{Edits, line_number};
use super::providers::normal;
use super::types::THEIR_PREFIX;
use hcl_edit::structure::Body;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// One file, and what is to change in it.
#[derive(Debug)]
pub(super) struct File {
    pub path: PathBuf,
    pub text: String,
    pub body: Body,
    pub edits: Edits,
    /// A test of `terraform test`: expressions are renamed, blocks are its own.
    pub is_test: bool,
}

impl File {
    /// What was left alone at this byte of the file, and why.
    pub(super) fn left(&self, at: usize, why: impl Into<String>) -> Left {
        Left {
            path: self.path.clone(),
            line: Some(line_number(&self.text, at)),
            why: why.into(),
        }
    }
}

/// The files of one directory.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub files: Vec<File>,
}

/// All modules, by directory, and what of the tree could not be read as HCL.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub root: PathBuf,
    pub modules: BTreeMap<PathBuf, Module>,
    pub left: Vec<Left>,
    /// Files that name our types and do not parse: nothing may be written then.
    pub broken: Vec<Left>,
}

impl Tree {
    /// The module that a path leads to, through links too.
    pub(super) fn module_at(&self, path: &Path) -> Option<&PathBuf> {
        if let Some((directory, _)) = self.modules.get_key_value(path) {
            return Some(directory);
        }
        let real = fs::canonicalize(path).ok()?;
        let mut directories = self.modules.keys();
        directories.find(|directory| real_path(directory) == real)
    }

    /// Whether a path leads out of the tree, through links too.
    pub(super) fn is_outside(&self, path: &Path) -> bool {
        match fs::canonicalize(path) {
            Ok(real) => !real.starts_with(real_path(&self.root)),
            Err(_) => !path
                .strip_prefix(&self.root)
                .is_ok_and(|below| !below.starts_with("..")),
        }
    }
}

/// Where a path leads through all links: two paths with one end are one file.
pub(super) fn real_path(path: &Path) -> PathBuf {
    let here = Path::new(".");
    let path = if path.as_os_str().is_empty() {
        here
    } else {
        path
    };
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// Parses a file's text. Terraform skips a byte order mark: it becomes white space of the same
/// length here, so that places in the text stay.
pub(super) fn parse(text: &str) -> Result<Body, hcl_edit::parser::Error> {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => format!("   {rest}").parse(),
        None => text.parse(),
    }
}

/// Reads every module at and below `root`. Hidden files and directories, `.terraform` among
/// them, are not read, and links to directories not entered.
pub(super) fn read(root: &Path) -> io::Result<Tree> {
    // Module sources are resolved against these paths, so each has one spelling.
    let mut tree = Tree {
        root: normal(root),
        ..Tree::default()
    };
    read_directory(&normal(root), &mut tree)?;
    Ok(tree)
}

fn read_directory(directory: &Path, tree: &mut Tree) -> io::Result<()> {
    let here = Path::new(".");
    let listed = if directory.as_os_str().is_empty() {
        here
    } else {
        directory
    };
    let mut entries = fs::read_dir(listed)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let path = directory.join(&name);
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            read_directory(&path, tree)?;
        } else if path.is_file() {
            read_file(&path, &name, tree)?;
        }
    }
    Ok(())
}

fn read_file(path: &Path, name: &str, tree: &mut Tree) -> io::Result<()> {
    let ends_with = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let is_test = ends_with(&[".tftest.hcl", ".tofutest.hcl"]);
    let is_json = ends_with(&[".tf.json", ".tofu.json"]);
    if !is_test && !is_json && !ends_with(&[".tf", ".tofu"]) {
        return Ok(());
    }
    let bytes = fs::read(path)?;
    let left = |why: String| Left {
        path: path.to_owned(),
        line: None,
        why,
    };
    let Ok(text) = String::from_utf8(bytes) else {
        tree.left.push(left("not UTF-8 text".to_owned()));
        return Ok(());
    };
    let names_us = text.contains(THEIR_PREFIX);
    if is_json {
        if names_us {
            tree.left.push(left(format!(
                "JSON syntax names {THEIR_PREFIX}*: rename the types by hand, references from other files to \
                 them too, and write a moved block for each resource"
            )));
        }
        return Ok(());
    }
    match parse(&text) {
        Ok(body) => {
            let module = tree
                .modules
                .entry(path.parent().unwrap_or(path).to_owned())
                .or_default();
            let edits = Edits::default();
            module.files.push(File {
                path: path.to_owned(),
                text,
                body,
                edits,
                is_test,
            });
        }
        Err(error) => {
            let fault = left(format!("does not parse: {}", error.message()));
            let fault = Left {
                line: Some(error.location().line()),
                ..fault
            };
            if names_us {
                &mut tree.broken
            } else {
                &mut tree.left
            }
            .push(fault);
        }
    }
    Ok(())
}
