//! Which configurations of hashicorp/aws the adopted resources used, through all module
//! calls. The text that comes of it is written by `provider_blocks.rs`.

use super::Left;
use super::references::Adopted;
use super::tree::{File, Module, Tree};
use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey, TraversalOperator};
use hcl_edit::structure::Block;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Component, Path, PathBuf};

/// The local name of our provider.
pub(super) const OUR_NAME: &str = "eventbridge";
const THEIR_NAME: &str = "aws";

/// A provider configuration as a module names it: `aws` or `aws.east`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Configuration {
    pub local: String,
    pub alias: Option<String>,
}

impl Default for Configuration {
    fn default() -> Self {
        Configuration {
            local: THEIR_NAME.to_owned(),
            alias: None,
        }
    }
}

impl fmt::Display for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.alias {
            Some(alias) => write!(f, "{}.{alias}", self.local),
            None => write!(f, "{}", self.local),
        }
    }
}

impl Configuration {
    /// `aws`, `aws.east`, or the latter between quotes as Terraform 0.11 wrote it.
    pub(super) fn of_expression(expression: &Expression) -> Option<Self> {
        let new = |local: &str, alias: Option<&str>| Configuration {
            local: local.to_owned(),
            alias: alias.map(str::to_owned),
        };
        match expression {
            Expression::Variable(local) => Some(new(local.as_str(), None)),
            Expression::String(text) => Some(match text.split_once('.') {
                Some((local, alias)) => new(local, Some(alias)),
                None => new(text.as_str(), None),
            }),
            Expression::Traversal(traversal) => {
                let local = traversal.expr.as_variable()?;
                match &traversal.operators[..] {
                    [one] => match one.value() {
                        TraversalOperator::GetAttr(alias) => {
                            Some(new(local.as_str(), Some(alias.as_str())))
                        }
                        _ => None,
                    },
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The configuration of ours that takes its place. hashicorp/aws under another local name
    /// becomes an alias, so that no two fall together.
    pub(super) fn ours(&self) -> Configuration {
        let alias = match (self.local.as_str(), &self.alias) {
            (THEIR_NAME, alias) => alias.clone(),
            (local, None) => Some(local.to_owned()),
            (local, Some(alias)) => Some(format!("{local}_{alias}")),
        };
        Configuration {
            local: OUR_NAME.to_owned(),
            alias,
        }
    }

    /// What a `provider "NAME"` block configures.
    pub(super) fn of_block(block: &Block) -> Option<Self> {
        let local = block.labels.first()?.as_str().to_owned();
        let alias = block.body.get_attribute("alias");
        let alias = alias
            .and_then(|alias| alias.value.as_str())
            .map(str::to_owned);
        Some(Configuration { local, alias })
    }
}

/// A module block.
pub(super) struct Call {
    /// The file it is in, by its place in the module.
    pub file: usize,
    /// Where the block begins.
    pub at: usize,
    /// The module called, if it is in the tree.
    pub child: Option<PathBuf>,
    /// `providers = { child's = ours }`.
    pub mapping: Vec<(Configuration, Configuration)>,
}

/// What a module says of providers and modules.
#[derive(Default)]
pub(super) struct Facts {
    pub calls: Vec<Call>,
    /// `provider` blocks: file, and place among its structures.
    pub blocks: BTreeMap<Configuration, (usize, usize)>,
    pub left: Vec<Left>,
}

/// The modules that some call hands providers to by name: Terraform takes only what
/// they declare themselves, even where they just pass it on.
pub(super) fn given(facts: &BTreeMap<PathBuf, Facts>) -> BTreeSet<PathBuf> {
    let calls = facts.values().flat_map(|facts| &facts.calls);
    let given = calls.filter(|call| !call.mapping.is_empty());
    given.filter_map(|call| call.child.clone()).collect()
}

/// Reads what every module of the tree says of providers and modules.
pub(super) fn facts(tree: &Tree) -> BTreeMap<PathBuf, Facts> {
    let read = |(directory, module): (&PathBuf, &Module)| {
        let mut facts = Facts::default();
        for (index, file) in module
            .files
            .iter()
            .enumerate()
            .filter(|(_, file)| !file.is_test)
        {
            read_file(tree, directory, index, file, &mut facts);
        }
        (directory.clone(), facts)
    };
    tree.modules.iter().map(read).collect()
}

fn read_file(tree: &Tree, directory: &Path, index: usize, file: &File, facts: &mut Facts) {
    for (place, structure) in file.body.iter().enumerate() {
        let Some(block) = structure.as_block() else {
            continue;
        };
        match block.ident.as_str() {
            "provider" => {
                if let Some(configuration) = Configuration::of_block(block) {
                    facts.blocks.entry(configuration).or_insert((index, place));
                }
            }
            "module" => {
                let at = block.span().map_or(0, |span| span.start);
                let (child, why) = child(tree, directory, block);
                if let Some(why) = why {
                    facts.left.push(file.left(at, why));
                }
                facts.calls.push(Call {
                    file: index,
                    at,
                    child,
                    mapping: mapping(block),
                });
            }
            _ => {}
        }
    }
}

/// The module that a block calls, or why it is not looked at.
fn child(tree: &Tree, directory: &Path, block: &Block) -> (Option<PathBuf>, Option<String>) {
    let source = block
        .body
        .get_attribute("source")
        .and_then(|source| source.value.as_str());
    let Some(source) = source else {
        return (None, None);
    };
    if !source.starts_with("./") && !source.starts_with("../") {
        return (
            None,
            Some(format!("module source {source:?} is not in this directory")),
        );
    }
    let path = normal(&directory.join(source));
    if let Some(module) = tree.module_at(&path) {
        return (Some(module.clone()), None);
    }
    let why = if tree.is_outside(&path) {
        format!("module source {source:?} is outside of the directory: adopt one that holds both")
    } else {
        format!(
            "module source {source:?} has no .tf file: what it needs of `providers` is yours to pass"
        )
    };
    (None, Some(why))
}

/// What a block hands on in `providers`.
pub(super) fn mapping(block: &Block) -> Vec<(Configuration, Configuration)> {
    let providers = block.body.get_attribute("providers");
    let Some(object) = providers.and_then(|providers| providers.value.as_object()) else {
        return Vec::new();
    };
    let pair = |(key, value): (&ObjectKey, &hcl_edit::expr::ObjectValue)| {
        let key = match key {
            ObjectKey::Ident(local) => Some(Configuration {
                local: local.as_str().to_owned(),
                alias: None,
            }),
            ObjectKey::Expression(expression) => Configuration::of_expression(expression),
        };
        Some((key?, Configuration::of_expression(value.expr())?))
    };
    object.iter().filter_map(pair).collect()
}

/// Without `.`, and without `..` where there is something to leave.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(normal.components().next_back(), Some(Component::Normal(_))) =>
            {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// The configurations of hashicorp/aws that the adopted resources of each module used, those
/// of the modules it calls included.
pub(super) fn needs(
    facts: &BTreeMap<PathBuf, Facts>,
    adopted: &BTreeMap<PathBuf, Vec<Adopted>>,
) -> BTreeMap<PathBuf, BTreeSet<Configuration>> {
    let mut needs: BTreeMap<PathBuf, BTreeSet<Configuration>> = facts
        .keys()
        .map(|directory| {
            let own = adopted.get(directory).into_iter().flatten();
            (
                directory.clone(),
                own.map(|adopted| adopted.provider.clone()).collect(),
            )
        })
        .collect();
    // Calls carry needs upwards, one level a round; modules cannot call themselves, so the
    // rounds end.
    loop {
        let mut news = Vec::new();
        for (directory, own) in facts {
            for call in &own.calls {
                let Some(child) = &call.child else { continue };
                for need in &needs[child] {
                    if facts[child].blocks.contains_key(need) {
                        continue; // the module configures it itself
                    }
                    let passed = call.mapping.iter().find(|(theirs, _)| theirs == need);
                    let from_here = match passed {
                        Some((_, here)) => here,
                        None if need.alias.is_none() => need,
                        None => continue,
                    };
                    if !needs[directory].contains(from_here) {
                        news.push((directory.clone(), from_here.clone()));
                    }
                }
            }
        }
        if news.is_empty() {
            return needs;
        }
        for (directory, need) in news {
            needs.entry(directory).or_default().insert(need);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configuration(text: &str) -> Configuration {
        Configuration::of_expression(&text.parse().expect("an expression")).expect("a provider")
    }

    #[test]
    fn names() {
        for (theirs, ours) in [
            ("aws", "eventbridge"),
            ("aws.east", "eventbridge.east"),
            ("\"aws.east\"", "eventbridge.east"),
            ("amazon", "eventbridge.amazon"),
            ("amazon.east", "eventbridge.amazon_east"),
        ] {
            assert_eq!(configuration(theirs).ours().to_string(), ours, "{theirs}");
        }
        let indexed: Expression = "aws.by_region[each.key]".parse().expect("an expression");
        assert_eq!(Configuration::of_expression(&indexed), None);
    }

    #[test]
    fn paths() {
        for (path, wanted) in [
            ("./a/../b", "b"),
            ("a/./b", "a/b"),
            ("../a", "../a"),
            ("/x/../y", "/y"),
            (".", ""),
        ] {
            assert_eq!(normal(Path::new(path)), Path::new(wanted), "{path}");
        }
    }
}
