//! What does not fit a type, and where it stands.

use crate::provider::{Path, Step};

/// A value that cannot be read or written as its type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What was wanted and what was found.
    pub problem: String,
    // Innermost first: gathered on the way out of the value.
    steps: Vec<Step>,
}

impl Fault {
    /// A fault at the value itself.
    pub fn new(problem: impl Into<String>) -> Self {
        Self {
            problem: problem.into(),
            steps: Vec::new(),
        }
    }

    /// The same fault, seen from one step further out.
    #[must_use]
    pub fn inside(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Where it stands, from the root.
    #[must_use]
    pub fn path(&self) -> Path {
        let outward = self.steps.iter().rev().cloned();
        outward.fold(Path::root(), |path, step| match step {
            Step::Attribute(name) => path.attribute(name),
            Step::Key(key) => path.key(key),
            Step::Index(index) => path.index(index),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_read_from_the_root() {
        let fault = Fault::new("wants a number")
            .inside(Step::Attribute("age".into()))
            .inside(Step::Index(2))
            .inside(Step::Attribute("retry".into()));
        assert_eq!(fault.path().to_string(), "retry[2].age");
    }
}
