//! Files of `terraform test`: their expressions are renamed like all others, but a provider
//! that a test brings along stays its author's to write.

use super::Left;
use super::providers::{Configuration, OUR_NAME, mapping};
use super::references::Adopted;
use super::tree::{File, Tree};
use hcl_edit::Span;
use hcl_edit::structure::Block;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The blocks by which a test brings a provider along.
const BLOCKS: [&str; 2] = ["provider", "mock_provider"];

/// Tests that bring hashicorp/aws along, and not yet ours, and runs that are handed it alone.
pub(super) fn providers(tree: &Tree, adopted: &BTreeMap<PathBuf, Vec<Adopted>>) -> Vec<Left> {
    let adopted = adopted.values().flatten();
    let theirs: BTreeSet<&str> = adopted.map(|it| it.provider.local.as_str()).collect();
    let files = tree.modules.values().flat_map(|module| &module.files);
    let tests = files.filter(|file| file.is_test);
    tests
        .flat_map(|file| missing_beside(file, &theirs).chain(missing_in_runs(file, &theirs)))
        .collect()
}

fn missing_beside(file: &File, theirs: &BTreeSet<&str>) -> impl Iterator<Item = Left> {
    let ours: BTreeSet<_> = brought(file)
        .map(|(configuration, _)| configuration)
        .collect();
    let theirs = brought(file)
        .filter(move |(of, _)| theirs.contains(of.local.as_str()) && !ours.contains(&of.ours()));
    theirs.map(|(of, block)| {
        let ident = block.ident.as_str();
        let alias = of.ours().alias;
        let alias = alias.map_or(String::new(), |alias| format!(", with alias = {alias:?}"));
        let why = format!(
            "{ident} {:?} needs a {ident} {OUR_NAME:?} beside it{alias}",
            of.local
        );
        left(file, block, why)
    })
}

/// A run with `providers` gets these and no others.
fn missing_in_runs(file: &File, theirs: &BTreeSet<&str>) -> impl Iterator<Item = Left> {
    let runs = file
        .body
        .blocks()
        .filter(|block| block.ident.as_str() == "run");
    runs.filter_map(move |block| {
        let handed = mapping(block);
        let has_ours = handed.iter().any(|(child, _)| child.local == OUR_NAME);
        let (child, of) = handed
            .iter()
            .find(|(child, _)| !has_ours && theirs.contains(child.local.as_str()))?;
        let ours = |it: &Configuration| match &it.alias {
            Some(alias) => format!("{OUR_NAME}.{alias}"),
            None => OUR_NAME.to_owned(),
        };
        let why = format!(
            "`providers` of a run needs `{} = {}` beside hashicorp/aws",
            ours(child),
            ours(of)
        );
        Some(left(file, block, why))
    })
}

fn left(file: &File, block: &Block, why: String) -> Left {
    file.left(block.span().map_or(0, |span| span.start), why)
}

fn brought(file: &File) -> impl Iterator<Item = (Configuration, &Block)> {
    let blocks = file.body.blocks();
    blocks
        .filter(|block| BLOCKS.contains(&block.ident.as_str()))
        .filter_map(|block| Some((Configuration::of_block(block)?, block)))
}
