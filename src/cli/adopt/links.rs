//! Links to files: modules that share one file share its changes.

use super::Left;
use super::edit::Edits;
use super::plan::{Change, PlanError};
use super::providers::OUR_NAME;
use super::tree::{Tree, real_path};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Gives each file under several names the changes of all of them; returns the modules that
/// get a provider block in this way and do not ask for it.
pub(super) fn merge(changes: &mut [Change], tree: &Tree) -> Result<Vec<Left>, PlanError> {
    let mut merged = BTreeMap::<PathBuf, (PathBuf, Edits)>::new();
    for change in changes.iter().filter(|change| !change.edits.is_empty()) {
        let (one, edits) = merged
            .entry(real_path(&change.path))
            .or_insert_with(|| (change.path.clone(), Edits::default()));
        if !edits.merge(&change.edits) {
            return Err(PlanError::Linked {
                one: one.clone(),
                other: change.path.clone(),
            });
        }
    }
    for change in changes.iter_mut().filter(|change| !change.edits.is_empty()) {
        if let (Some(before), Some((_, edits))) =
            (&change.before, merged.get(&real_path(&change.path)))
        {
            change.after = edits.apply(before);
            change.edits = edits.clone();
        }
    }
    let block = format!("provider {OUR_NAME:?}");
    let unchanged = tree
        .modules
        .values()
        .flat_map(|module| &module.files)
        .filter(|file| file.edits.is_empty());
    let given = unchanged.filter_map(|file| {
        let (other, edits) = merged.get(&real_path(&file.path))?;
        edits.bring(&block).then(|| Left {
            path: file.path.clone(),
            line: None,
            why: format!(
                "is one file with {}, which gets a {block} block: where Terraform runs here, \
                 require {OUR_NAME} here too",
                other.display()
            ),
        })
    });
    Ok(given.collect())
}
