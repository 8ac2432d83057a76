//! The renaming itself: labels of blocks, and every reference in an expression.

use super::edit::{Edits, line_number};
use super::providers::Configuration;
use super::tree::File;
use super::types::{Kind, THEIR_PREFIX};
use super::{Left, moved};
use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::structure::{Attribute, Block};
use hcl_edit::template::ForTemplateExpr;
use hcl_edit::visit::{Visit, visit_attr, visit_for_template_expr, visit_traversal};
use hcl_edit::{Ident, Span, Spanned};
use std::ops::Range;
use std::path::Path;

/// A resource or data source that changes hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Adopted {
    pub kind: Kind,
    pub their_type: String,
    pub our_type: String,
    pub name: String,
    /// The configuration of hashicorp/aws that it used.
    pub provider: Configuration,
}

/// What was found in one file.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub adopted: Vec<Adopted>,
    pub references: usize,
    pub left: Vec<Left>,
}

/// Plans all renamings of one file.
pub(super) fn rename(file: &mut File) -> Found {
    let mut renamer = Renamer {
        path: &file.path,
        text: &file.text,
        edits: Edits::default(),
        found: Found::default(),
    };
    for structure in &file.body {
        match structure.as_block() {
            Some(block) if !file.is_test => renamer.block(block),
            Some(block) => renamer.visit_block(block),
            None => renamer.visit_structure(structure),
        }
    }
    let Renamer { edits, found, .. } = renamer;
    file.edits = edits;
    found
}

struct Renamer<'a> {
    path: &'a Path,
    text: &'a str,
    edits: Edits,
    found: Found,
}

impl Renamer<'_> {
    fn block(&mut self, block: &Block) {
        let ident = block.ident.as_str();
        // These two speak of what the state held before: it was hashicorp/aws's.
        if ident == "moved" || ident == "removed" {
            let written_here = self
                .path
                .file_name()
                .is_some_and(|name| name == moved::FILE_NAME);
            if !written_here && self.slice(block.span()).contains(THEIR_PREFIX) {
                let why = format!("a {ident} block tells what was before, and stays as it is");
                self.leave(block.span(), why);
            }
            return;
        }
        self.visit_block(block);
        if ident == "import" {
            self.import(block);
        }
    }

    /// `resource "aws_cloudwatch_event_rule" "name" { … }`
    fn declaration(&mut self, kind: Kind, block: &Block) {
        let [their_type, name] = &block.labels[..] else {
            return;
        };
        if !their_type.as_str().starts_with(THEIR_PREFIX) {
            return;
        }
        let Some(our_type) = kind.ours(their_type.as_str()) else {
            let why = format!("{} has no counterpart", their_type.as_str());
            return self.leave(block.span(), why);
        };
        self.rename_word(their_type.span(), their_type.as_str(), &our_type);
        let provider = block.body.get_attribute("provider");
        let provider = provider.map_or_else(Configuration::default, |attribute| {
            self.provider_argument(attribute)
        });
        self.found.adopted.push(Adopted {
            kind,
            their_type: their_type.as_str().to_owned(),
            our_type,
            name: name.as_str().to_owned(),
            provider,
        });
    }

    /// An import block of one of ours goes through our provider.
    fn import(&mut self, block: &Block) {
        let ours = block.body.get_attribute("to").is_some_and(|to| {
            let target = self.slice(to.value.span());
            let root = target.split(['.', '[']).next().unwrap_or_default();
            Kind::Resource.ours(root).is_some()
        });
        if ours && let Some(attribute) = block.body.get_attribute("provider") {
            self.provider_argument(attribute);
        }
    }

    /// `provider = aws.east` becomes `provider = eventbridge.east`.
    fn provider_argument(&mut self, attribute: &Attribute) -> Configuration {
        let Some(theirs) = Configuration::of_expression(&attribute.value) else {
            let why = "this provider is not a plain name: write eventbridge's in its place";
            self.leave(attribute.span(), why);
            return Configuration::default();
        };
        if let Some(span) = attribute.value.span() {
            self.edits.replace(span, theirs.ours().to_string());
        }
        theirs
    }

    /// Replaces a word, with or without quotes around it; what is not found where it should
    /// be is left alone and told.
    fn rename_word(&mut self, span: Option<Range<usize>>, word: &str, by: &str) {
        let slice = self.slice(span.clone());
        match (slice.find(word), span) {
            (Some(at), Some(span)) => {
                let start = span.start + at;
                self.edits.replace(start..start + word.len(), by);
            }
            (_, span) => self.leave(span, format!("{word} could not be located")),
        }
    }

    fn rename_reference(&mut self, kind: Kind, ident: &Ident, span: Option<Range<usize>>) {
        if let Some(ours) = kind.ours(ident.as_str()) {
            self.rename_word(span, ident.as_str(), &ours);
            self.found.references += 1;
        }
    }

    fn slice(&self, span: Option<Range<usize>>) -> &str {
        span.and_then(|span| self.text.get(span))
            .unwrap_or_default()
    }

    fn leave(&mut self, span: Option<Range<usize>>, why: impl Into<String>) {
        let line = span.map(|span| line_number(self.text, span.start));
        self.found.left.push(Left {
            path: self.path.to_owned(),
            line,
            why: why.into(),
        });
    }

    /// `depends_on = ["aws_cloudwatch_event_rule.a"]`, as Terraform 0.11 wrote it.
    fn quoted_reference(&mut self, expression: &Expression) {
        let quoted = expression.as_str().unwrap_or_default();
        let data = quoted.strip_prefix("data.");
        let kind = if data.is_some() {
            Kind::Data
        } else {
            Kind::Resource
        };
        let their_type = data.unwrap_or(quoted).split('.').next().unwrap_or_default();
        if let Some(ours) = kind.ours(their_type) {
            self.rename_word(expression.span(), their_type, &ours);
            self.found.references += 1;
        }
    }

    fn text_that_names_us(&mut self, text: &str, span: Option<Range<usize>>) {
        if text.contains(THEIR_PREFIX) {
            self.leave(span, format!("text between quotes names {THEIR_PREFIX}*"));
        }
    }
}

impl Visit for Renamer<'_> {
    fn visit_block(&mut self, block: &Block) {
        // At the top, and the data source that a `check` may have of its own.
        if let Some(kind) = Kind::of_block(block.ident.as_str()) {
            self.declaration(kind, block);
        }
        self.visit_body(&block.body);
    }

    fn visit_attr(&mut self, attribute: &Attribute) {
        match (attribute.key.as_str(), attribute.value.as_array()) {
            ("depends_on" | "replace_triggered_by", Some(array)) => {
                for expression in array {
                    match expression {
                        Expression::String(_) => self.quoted_reference(expression),
                        other => self.visit_expr(other),
                    }
                }
            }
            _ => visit_attr(self, attribute),
        }
    }

    fn visit_traversal(&mut self, traversal: &Traversal) {
        if let Expression::Variable(root) = &traversal.expr {
            let first = traversal.operators.first().map(|operator| operator.value());
            match (root.as_str(), first) {
                ("data", Some(TraversalOperator::GetAttr(their_type))) => {
                    self.rename_reference(Kind::Data, their_type.value(), their_type.span());
                }
                // The long form of a reference to a resource.
                ("resource", Some(TraversalOperator::GetAttr(their_type))) => {
                    self.rename_reference(Kind::Resource, their_type.value(), their_type.span());
                }
                ("var" | "local" | "module" | "each" | "self", _) | (_, None) => {}
                _ => self.rename_reference(Kind::Resource, root.value(), root.span()),
            }
        }
        visit_traversal(self, traversal);
    }

    fn visit_for_template_expr(&mut self, node: &ForTemplateExpr) {
        // The default leaves this part out.
        self.visit_expr(&node.collection_expr);
        visit_for_template_expr(self, node);
    }

    fn visit_string(&mut self, string: &hcl_edit::Decorated<String>) {
        self.text_that_names_us(string.as_str(), string.span());
    }

    fn visit_literal(&mut self, literal: &Spanned<String>) {
        self.text_that_names_us(literal.as_str(), literal.span());
    }
}
