//! Files of `terraform test`: their expressions are renamed like all others, but a provider
//! that a test brings along stays its author's to write.

use super::Left;
use super::providers::OUR_NAME;
use super::references::Adopted;
use super::tree::{File, Tree};
use hcl_edit::Span;
use hcl_edit::structure::Block;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The blocks by which a test brings a provider along.
const BLOCKS: [&str; 2] = ["provider", "mock_provider"];

/// Tests that bring hashicorp/aws along, and not yet ours.
pub(super) fn providers(tree: &Tree, adopted: &BTreeMap<PathBuf, Vec<Adopted>>) -> Vec<Left> {
    let adopted = adopted.values().flatten();
    let theirs: BTreeSet<&str> = adopted.map(|it| it.provider.local.as_str()).collect();
    let files = tree.modules.values().flat_map(|module| &module.files);
    files
        .filter(|file| file.is_test && brought(file).all(|(name, _)| name != OUR_NAME))
        .flat_map(|file| {
            let theirs = brought(file).filter(|(name, _)| theirs.contains(name));
            theirs.map(|(name, block)| {
                let ident = block.ident.as_str();
                let why = format!("{ident} {name:?} needs a {ident} {OUR_NAME:?} beside it");
                file.left(block.span().map_or(0, |span| span.start), why)
            })
        })
        .collect()
}

fn brought(file: &File) -> impl Iterator<Item = (&str, &Block)> {
    let blocks = file.body.blocks();
    blocks
        .filter(|block| BLOCKS.contains(&block.ident.as_str()))
        .filter_map(|block| Some((block.labels.first()?.as_str(), block)))
}
