//! Places inside a configuration or a state, as diagnostics and
//! requires-replace lists name them.

use std::fmt;

use super::value::Key;

/// One step from a value to a value inside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// An attribute or a nested block, by name.
    Attribute(Key),
    /// An element of a map.
    Key(Key),
    /// An element of a list, counted from 0.
    Index(usize),
}

/// The way from the root of a configuration to one of its values.
///
/// Elements of a set have no address in Terraform: a path that would enter one
/// ends at the set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path(Vec<Step>);

impl Path {
    /// The whole configuration.
    pub fn root() -> Self {
        Self::default()
    }

    /// A top-level attribute or block.
    pub fn of(name: impl Into<Key>) -> Self {
        Self::root().attribute(name)
    }

    /// The same path, one attribute or block further in.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<Key>) -> Self {
        self.0.push(Step::Attribute(name.into()));
        self
    }

    /// The same path, one map element further in.
    #[must_use]
    pub fn key(mut self, key: impl Into<Key>) -> Self {
        self.0.push(Step::Key(key.into()));
        self
    }

    /// The same path, one list element further in.
    #[must_use]
    pub fn index(mut self, index: usize) -> Self {
        self.0.push(Step::Index(index));
        self
    }

    /// The steps from the root, outermost first.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether this is the whole configuration.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Path {
    /// As HCL writes it: `retry_policy[0].maximum_retry_attempts`, `tests["small"].event`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Attribute(name) if i == 0 => f.write_str(name)?,
                Step::Attribute(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{key:?}]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_as_hcl_writes_it() {
        let path = Path::of("tests").key("small order").attribute("event");
        assert_eq!(path.to_string(), r#"tests["small order"].event"#);
        assert_eq!(
            Path::of("ecs_target")
                .index(0)
                .attribute("group")
                .to_string(),
            "ecs_target[0].group"
        );
    }
}
