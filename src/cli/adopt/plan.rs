//! The whole adoption of a directory: read, rename, hand over, check. Writes nothing.

use super::edit::Edits;
use super::references::{self, Adopted};
use super::required_providers::Requirement;
use super::tree::{self, Tree};
use super::types::Kind;
use super::{Left, links, moved, provider_blocks, providers, test_files};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// One file that changes.
#[derive(Debug)]
pub(super) struct Change {
    pub path: PathBuf,
    /// `None` for a new file.
    pub before: Option<String>,
    pub after: String,
    pub edits: Edits,
}

/// What an adoption does.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub changes: Vec<Change>,
    pub resources: usize,
    pub data_sources: usize,
    pub references: usize,
    pub left: Vec<Left>,
}

impl Plan {
    /// What was left alone, by the lines that the files have once the changes are made.
    pub(super) fn left_after(&self) -> Vec<Left> {
        let after = |left: &Left| {
            let change = self.changes.iter().find(|change| change.path == left.path);
            let line = left.line.map(|line| match change {
                Some(Change {
                    before: Some(text),
                    edits,
                    ..
                }) => edits.line_after(text, line),
                _ => line,
            });
            Left {
                line,
                ..left.clone()
            }
        };
        self.left.iter().map(after).collect()
    }
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub(super) enum PlanError {
    #[error("cannot read {}: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("nothing was changed, because these files cannot be read as HCL:\n{}", lines(.0))]
    Broken(Vec<Left>),
    /// A fault of ours, found before anything was written.
    #[error("nothing was changed: {} would no longer parse: {message}", path.display())]
    WouldBreak { path: PathBuf, message: String },
    #[error(
        "nothing was changed: {} and {} are one file, and their modules need different changes in \
         it: make a copy in place of the link", one.display(), other.display()
    )]
    Linked { one: PathBuf, other: PathBuf },
}

fn lines(left: &[Left]) -> String {
    left.iter()
        .map(|left| format!("  {left}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Plans the adoption of every module at and below `root`.
pub(super) fn plan(root: &Path, requirement: &Requirement<'_>) -> Result<Plan, PlanError> {
    let read = tree::read(root);
    let mut tree = read.map_err(|error| PlanError::Read {
        path: root.to_owned(),
        error,
    })?;
    if !tree.broken.is_empty() {
        return Err(PlanError::Broken(tree.broken));
    }
    let mut plan = Plan {
        left: std::mem::take(&mut tree.left),
        ..Plan::default()
    };
    let adopted = rename(&mut tree, &mut plan);
    plan.left.extend(test_files::providers(&tree, &adopted));
    hand_over(&mut tree, &adopted, requirement, &mut plan);
    plan.changes = changes(&tree, &adopted);
    plan.left.extend(links::merge(&mut plan.changes, &tree)?);
    for Change { path, after, .. } in &plan.changes {
        if let Err(error) = tree::parse(after) {
            let message = error.message().to_owned();
            return Err(PlanError::WouldBreak {
                path: path.clone(),
                message,
            });
        }
    }
    plan.left.sort();
    Ok(plan)
}

fn rename(tree: &mut Tree, plan: &mut Plan) -> BTreeMap<PathBuf, Vec<Adopted>> {
    let mut by_module = BTreeMap::new();
    for (directory, module) in &mut tree.modules {
        let mut adopted = Vec::new();
        for file in &mut module.files {
            let found = references::rename(file);
            plan.references += found.references;
            plan.left.extend(found.left);
            adopted.extend(found.adopted);
        }
        // Override files say more of a resource that stands elsewhere.
        let distinct: BTreeSet<_> = adopted
            .iter()
            .map(|adopted| (adopted.kind, &adopted.our_type, &adopted.name))
            .collect();
        let of = |kind| distinct.iter().filter(|(own, ..)| *own == kind).count();
        plan.resources += of(Kind::Resource);
        plan.data_sources += of(Kind::Data);
        if !adopted.is_empty() {
            by_module.insert(directory.clone(), adopted);
        }
    }
    by_module
}

/// Gives every module that needs it our provider, configured as hashicorp/aws was.
fn hand_over(
    tree: &mut Tree,
    adopted: &BTreeMap<PathBuf, Vec<Adopted>>,
    requirement: &Requirement<'_>,
    plan: &mut Plan,
) {
    if adopted.is_empty() {
        return;
    }
    let facts = providers::facts(tree);
    let needs = providers::needs(&facts, adopted);
    let given = providers::given(&facts);
    for (directory, module) in &mut tree.modules {
        let (Some(facts), Some(own)) = (facts.get(directory), needs.get(directory)) else {
            continue;
        };
        plan.left.extend(facts.left.iter().cloned());
        if own.is_empty() {
            continue;
        }
        let calls: Vec<_> = facts
            .calls
            .iter()
            .filter_map(|call| Some((call, needs.get(call.child.as_ref()?)?)))
            .filter(|(_, needs)| !needs.is_empty())
            .collect();
        let declares = adopted.contains_key(directory) || given.contains(directory);
        let left = provider_blocks::write(module, facts, own, &calls, declares, requirement);
        plan.left.extend(left);
    }
}

fn changes(tree: &Tree, adopted: &BTreeMap<PathBuf, Vec<Adopted>>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (directory, module) in &tree.modules {
        let moves = adopted
            .get(directory)
            .and_then(|adopted| moved::file(directory, module, adopted));
        let moves_path = directory.join(moved::FILE_NAME);
        let is_moves = |path: &Path| moves.is_some() && path == moves_path;
        for file in &module.files {
            if !file.edits.is_empty() && !is_moves(&file.path) {
                changes.push(Change {
                    path: file.path.clone(),
                    before: Some(file.text.clone()),
                    after: file.edits.apply(&file.text),
                    edits: file.edits.clone(),
                });
            }
        }
        if let Some(after) = moves {
            let before = module.files.iter().find(|file| file.path == moves_path);
            let before = before.map(|file| file.text.clone());
            changes.push(Change {
                path: moves_path,
                before,
                after,
                // It only grows at its end.
                edits: Edits::default(),
            });
        }
    }
    changes
}
