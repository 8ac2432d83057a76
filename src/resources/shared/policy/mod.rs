//! A policy document as IAM means it: when two texts grant the same, what a
//! statement says, and what is wrong with a text.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

mod check;
mod same;
mod statement;

pub use check::check;
pub use same::{same, same_values};
pub use statement::{Statement, statement};

use crate::aws::Arn;
use crate::json::{Document, Kind, Node, compact};

/// What IAM takes a document without `Version` for.
const OLD_VERSION: &str = "2008-10-17";

/// The text without blanks, as it is sent: they would count against the quota.
pub fn compacted(text: &str) -> String {
    let document = Document::parse(text).ok();
    let root = document.as_ref().and_then(Document::root);
    root.map_or_else(|| text.to_owned(), compact)
}

/// Whether a document has no statement at all.
pub fn is_hollow(text: &str) -> bool {
    let document = Document::parse(text).ok();
    let root = document.as_ref().and_then(Document::root);
    let statements = root.and_then(|root| root.get("Statement")).map(list);
    root.is_some() && statements.unwrap_or_default().is_empty()
}

/// The account id for the ARN of an account's root; the text itself otherwise.
fn account(principal: &str) -> String {
    match Arn::parse(principal) {
        Some(arn) if arn.service == "iam" && arn.resource == "root" => arn.account,
        _ => principal.to_owned(),
    }
}

/// The elements of an array, or the one value that stands for a list of it.
fn list(node: Node<'_>) -> Vec<Node<'_>> {
    match node.kind() {
        Kind::Array => node.elements().collect(),
        _ => vec![node],
    }
}

/// A string's value; the text of anything else, such as `true`.
fn plain(node: Node<'_>) -> String {
    match node.as_str() {
        Some(text) => text.into_owned(),
        None => compact(node),
    }
}

fn text_of(node: Node<'_>, name: &str) -> Option<String> {
    let value = node.get(name)?;
    value.as_str().map(|text| text.into_owned())
}

/// Policies for the tests of this folder.
#[cfg(test)]
mod testing {
    const BUS: &str = "arn:aws:events:eu-west-1:123456789012:event-bus/orders";

    pub fn policy(statements: &str) -> String {
        format!(r#"{{"Version":"2012-10-17","Statement":{statements}}}"#)
    }

    pub fn allow(principal: &str, action: &str) -> String {
        format!(
            r#"{{"Sid":"a","Effect":"Allow","Principal":{principal},"Action":{action},"Resource":"{BUS}"}}"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_sent_without_blanks() {
        assert_eq!(compacted("{ \"a\" : [1.0] }\n"), r#"{"a":[1.0]}"#);
    }
}
