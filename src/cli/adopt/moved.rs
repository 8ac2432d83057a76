//! The `moved` blocks that hand objects over in the state, in a file of their own.

use super::references::Adopted;
use super::tree::{File, Module};
use super::types::Kind;
use hcl_edit::Span;
use std::collections::BTreeSet;
use std::path::Path;

/// Where they go, beside the resources that they speak of.
pub(super) const FILE_NAME: &str = "eventbridge_moved.tf";

const HEAD: &str = "\
# Written by `terraform-provider-eventbridge adopt`: these hand the objects over from
# hashicorp/aws in the state; nothing in AWS is touched. Needs Terraform 1.8 or OpenTofu
# 1.10. Delete this file once every workspace that uses this module has been applied.
";

/// The new text of a module's file of moves, or `None` if it needs none.
///
/// One block moves all instances of a resource that has `count` or `for_each`.
pub(super) fn file(directory: &Path, module: &Module, adopted: &[Adopted]) -> Option<String> {
    let known = targets(module);
    let mut seen = BTreeSet::new();
    let blocks: String = adopted
        .iter()
        .filter(|adopted| adopted.kind == Kind::Resource)
        .filter_map(
            |Adopted {
                 their_type,
                 our_type,
                 name,
                 ..
             }| {
                let to = format!("{our_type}.{name}");
                (!known.contains(&to) && seen.insert(to.clone())).then(|| {
                    format!("\nmoved {{\n  from = {their_type}.{name}\n  to   = {to}\n}}\n")
                })
            },
        )
        .collect();
    if blocks.is_empty() {
        return None;
    }
    let path = directory.join(FILE_NAME);
    let before = module.files.iter().find(|file| file.path == path);
    Some(before.map_or(HEAD, |file| file.text.as_str()).to_owned() + &blocks)
}

/// What is the aim of a move already.
fn targets(module: &Module) -> BTreeSet<String> {
    let aims = |file: &File| {
        let blocks = file.body.get_blocks("moved");
        let aims = blocks.filter_map(|block| block.body.get_attribute("to")?.value.span());
        aims.filter_map(|span| file.text.get(span).map(str::to_owned))
            .collect::<Vec<_>>()
    };
    module.files.iter().flat_map(aims).collect()
}
