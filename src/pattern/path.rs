//! Paths: the names that lead to a field, joined by dots.
//!
//! A dot inside a name and nesting are the same thing to EventBridge
//! (`{"a.b": …}` is `{"a": {"b": …}}`), so a path is its names cut at every
//! dot. All paths of a pattern share one tree: it takes no more memory than
//! the text, however deep, and an event is walked along it.

use std::collections::BTreeMap;

/// So many names are compared one by one.
const FEW: usize = 8;

/// A path that a pattern names or passes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PathId(u32);

/// The paths of one pattern.
#[derive(Clone, Debug)]
pub(crate) struct PathTree {
    nodes: Vec<PathNode>,
    /// While paths are added: the children of each node by name.
    building: Vec<BTreeMap<Box<str>, u32>>,
    /// The paths that carry a field, in the order in which they are visited.
    slots: Vec<PathId>,
}

#[derive(Clone, Debug, Default)]
struct PathNode {
    parent: u32,
    part: Box<str>,
    /// Sorted by length and then by name; filled by `sort`.
    children: Vec<(Box<str>, u32)>,
    /// Carries a field.
    field: bool,
    /// Place among the paths that carry a field; valid after `sort`.
    slot: u32,
}

impl PathTree {
    /// The path of no name: the event itself.
    pub const ROOT: PathId = PathId(0);

    pub fn new() -> Self {
        PathTree {
            nodes: vec![PathNode::default()],
            building: vec![BTreeMap::new()],
            slots: Vec::new(),
        }
    }

    /// Adds the path that goes on from `from` by one name, cut at its dots.
    pub fn extend(&mut self, from: PathId, name: &str) -> PathId {
        let mut at = from.0;
        for part in name.split('.') {
            let known = self.building[at as usize].get(part).copied();
            at = known.unwrap_or_else(|| self.add(at, part));
        }
        PathId(at)
    }

    fn add(&mut self, parent: u32, part: &str) -> u32 {
        let new = self.nodes.len() as u32;
        self.nodes.push(PathNode {
            parent,
            part: part.into(),
            ..PathNode::default()
        });
        self.building.push(BTreeMap::new());
        self.building[parent as usize].insert(part.into(), new);
        new
    }

    /// Marks a path as carrying a field.
    pub fn mark(&mut self, path: PathId) {
        self.nodes[path.0 as usize].field = true;
    }

    /// Follows one name of an event, as UTF-8; none where the pattern names
    /// nothing below.
    #[inline]
    pub fn step(&self, from: PathId, name: &[u8]) -> Option<PathId> {
        let children = &self.node(from.0).children;
        if children.len() > FEW {
            return self.step_among_many(from, name);
        }
        for (part, child) in children {
            match name.get(part.len()) {
                None if part.as_bytes() == name => return Some(PathId(*child)),
                // No part holds a dot: the first of a dotted name ends at its first dot.
                Some(b'.') if name.starts_with(part.as_bytes()) => {
                    return self.step(PathId(*child), name.get(part.len() + 1..)?);
                }
                _ => {}
            }
        }
        None
    }

    fn step_among_many(&self, from: PathId, name: &[u8]) -> Option<PathId> {
        let children = &self.node(from.0).children;
        let mut parts = name.splitn(2, |byte| *byte == b'.');
        let part = parts.next()?;
        let key = (part.len(), part);
        let found = children
            .binary_search_by(|(own, _)| (own.len(), own.as_bytes()).cmp(&key))
            .ok()?;
        let child = PathId(children.get(found)?.1);
        parts
            .next()
            .map_or(Some(child), |rest| self.step(child, rest))
    }

    /// Returns the place of a path among those that carry a field.
    #[inline]
    pub fn slot(&self, path: PathId) -> Option<usize> {
        let node = self.node(path.0);
        node.field.then_some(node.slot as usize)
    }

    /// Returns the paths that carry a field, in visiting order.
    pub fn slots(&self) -> &[PathId] {
        &self.slots
    }

    /// Puts the paths into visiting order: that of the full dotted paths by
    /// UTF-16 unit, as Java's `String.compareTo` has it.
    ///
    /// A path is its parts with dots between them, so `a-b` comes before `a.x`
    /// though `a` comes before `a-b`: at each node a child that carries a field
    /// sorts as `part`, and what lies below it sorts as `part.`.
    pub fn sort(&mut self) {
        for (node, children) in self.nodes.iter_mut().zip(self.building.drain(..)) {
            node.children = children.into_iter().collect();
            node.children
                .sort_by(|(left, _), (right, _)| (left.len(), left).cmp(&(right.len(), right)));
        }
        let mut order = Vec::new();
        let mut work = vec![(0u32, true)];
        while let Some((at, below)) = work.pop() {
            if !below {
                order.push(PathId(at));
                continue;
            }
            let mut items: Vec<(u32, bool)> = Vec::new();
            for &(_, child) in &self.node(at).children {
                let node = self.node(child);
                items.extend(node.field.then_some((child, false)));
                items.extend((!node.children.is_empty()).then_some((child, true)));
            }
            items.sort_by(|left, right| self.sort_key(*left).cmp(self.sort_key(*right)));
            work.extend(items.into_iter().rev());
        }
        for (slot, path) in order.iter().enumerate() {
            self.nodes[path.0 as usize].slot = slot as u32;
        }
        self.slots = order;
    }

    fn sort_key(&self, (at, below): (u32, bool)) -> impl Iterator<Item = u16> {
        let dot = below.then_some(u16::from(b'.'));
        self.node(at).part.encode_utf16().chain(dot)
    }

    /// Returns the parts of a path from the outermost.
    pub fn parts(&self, path: PathId) -> Vec<&str> {
        let mut parts = Vec::new();
        let mut at = path.0;
        while at != 0 {
            parts.push(&*self.node(at).part);
            at = self.node(at).parent;
        }
        parts.reverse();
        parts
    }

    /// Returns the dotted path.
    pub fn dotted(&self, path: PathId) -> String {
        self.parts(path).join(".")
    }

    /// Returns whether paths lead on from here.
    pub fn has_children(&self, path: PathId) -> bool {
        !self.node(path.0).children.is_empty()
    }

    fn node(&self, at: u32) -> &PathNode {
        // INVARIANT: ids are only made by `add`, and nothing is ever removed.
        &self.nodes[at as usize]
    }
}

/// Appends a name to a path as people read it: dots between, a name with a dot in quotes.
/// So is one with a line break or the like, which no terminal is to obey.
pub(crate) fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    if name.is_empty()
        || name.contains(|character: char| character == '.' || character.is_control())
    {
        path.push_str(&crate::json::quote(name));
    } else {
        path.push_str(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(paths: &[&str]) -> Vec<String> {
        let mut tree = PathTree::new();
        for path in paths {
            let path = tree.extend(PathTree::ROOT, path);
            tree.mark(path);
        }
        tree.sort();
        tree.slots().iter().map(|path| tree.dotted(*path)).collect()
    }

    #[test]
    fn order_is_that_of_the_full_paths() {
        let paths = ["r.a.x", "r.a-b", "r.a0", "r.a", "r", "r.Z", "😀", "～", ""];
        let mut expected: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
        expected.sort_by(|left, right| left.encode_utf16().cmp(right.encode_utf16()));
        assert_eq!(sorted(&paths), expected);
    }

    #[test]
    fn a_name_that_would_break_a_line_is_quoted() {
        let mut path = String::new();
        for name in ["detail", "a b", "a.b", "", "a\nb", "\u{1b}[31m"] {
            push_name(&mut path, name);
        }
        assert_eq!(path, r#"detail.a b."a.b".""."a\nb"."\u001b[31m""#);
    }

    #[test]
    fn dots_and_nesting_are_the_same() {
        let mut tree = PathTree::new();
        let whole = tree.extend(PathTree::ROOT, "a.b.c");
        let outer = tree.extend(PathTree::ROOT, "a");
        let nested = tree.extend(outer, "b.c");
        let empty = tree.extend(PathTree::ROOT, "");
        assert_eq!(empty, tree.extend(PathTree::ROOT, ""));
        assert_ne!(empty, PathTree::ROOT);
        tree.sort();
        assert_eq!(whole, nested);
        assert_eq!(tree.step(outer, b"b.c"), Some(whole));
        assert_eq!(tree.step(outer, b"c"), None);
    }
}
