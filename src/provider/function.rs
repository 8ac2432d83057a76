//! A provider-defined function: pure, and run on an unconfigured provider.

use super::types::Type;
use super::value::Value;

/// One parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: &'static str,
    pub ty: Type,
    /// Markdown.
    pub description: &'static str,
}

/// What a function takes and gives.
#[derive(Clone, Debug)]
pub struct Signature {
    pub summary: &'static str,
    /// Markdown.
    pub description: &'static str,
    pub parameters: Vec<Parameter>,
    pub result: Type,
}

/// Why a function has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionError {
    /// The parameter it is about, counted from 0.
    pub argument: Option<usize>,
    pub text: String,
}

impl FunctionError {
    /// An error about one argument.
    pub fn at(argument: usize, text: impl Into<String>) -> Self {
        Self {
            argument: Some(argument),
            text: text.into(),
        }
    }
}

/// A provider-defined function.
pub trait Function: Send + Sync {
    /// The name after `provider::eventbridge::`.
    fn name(&self) -> &'static str;

    fn signature(&self) -> Signature;

    /// The result. Arguments are known and not null, as many as there are parameters.
    ///
    /// # Errors
    /// What is wrong with which argument.
    fn call(&self, arguments: &[Value]) -> Result<Value, FunctionError>;
}
