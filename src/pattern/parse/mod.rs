//! Pattern text to its parts, and the mistakes on the way.
//!
//! Reads in text order as AWS's compiler does, so that the first mistake is
//! the one that AWS names; goes on after each, so that all are told at once.

pub(crate) mod advice;
mod anything_but;
mod leaf;
mod numeric;

use super::ast::{Branch, Field, Leaf, Or, Parts, Step};
use super::error::Mistake;
use super::operator::Operator;
use super::path::{PathId, PathTree};
use super::place::{PlaceId, Places};
use crate::json::{self, Document, Kind, Node, Position};

/// Names that `$or` keeps for itself: no field inside it may have one.
const RESERVED: [&str; 24] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

/// As many mistakes as anyone reads at once.
const MISTAKES: usize = 10;

/// Reads a pattern; the mistakes are in text order, the first ten in words and
/// the others counted.
pub(crate) fn parse(text: &str) -> (Parts, Vec<Mistake>, usize) {
    let (document, fault) = Document::parse_as_far_as_possible(text.into());
    let mut parser = Parser {
        document: &document,
        parts: Parts {
            paths: PathTree::new(),
            places: Places::new(),
            fields: Vec::new(),
            steps: Vec::new(),
            ors: Vec::new(),
            branches: vec![Branch::default()],
            plain: false,
        },
        mistakes: Vec::new(),
        more: 0,
        frames: Vec::new(),
    };
    let is_object = parser.run();
    if let Some(fault) = fault {
        let blank = text.trim_matches([' ', '\n', '\r', '\t']).is_empty();
        if blank {
            let advice = "write an object: {\"source\": [\"my.app\"]}";
            parser.mistake("Filter is not an object", Places::WHOLE, 0, advice);
        } else if is_object || document.root().is_none() {
            let error = json::Error::new(text, fault);
            parser.mistakes.push(Mistake {
                reason: error.message().to_owned(),
                path: parser.parts.places.path(parser.innermost()),
                position: error.position(),
                advice: error.hint().map(str::to_owned),
            });
        }
    }
    let parts = &mut parser.parts;
    parts.paths.sort();
    for field in &mut parts.fields {
        field.slot = parts.paths.slot(field.path).unwrap_or_default();
    }
    (parser.parts, parser.mistakes, parser.more)
}

struct Parser<'d> {
    document: &'d Document<'d>,
    parts: Parts,
    mistakes: Vec<Mistake>,
    more: usize,
    frames: Vec<Frame>,
}

/// A container that is being read.
#[derive(Clone, Copy)]
struct Frame {
    kind: FrameKind,
    /// Tape index of the next item, and of what follows the container.
    at: usize,
    end: usize,
    closed: bool,
    /// Items so far.
    count: usize,
    path: PathId,
    place: PlaceId,
    /// The branch around it.
    branch: usize,
    offset: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum FrameKind {
    Object,
    /// An object that is a whole branch of an `$or`.
    Branch,
    Or(usize),
}

impl<'d> Parser<'d> {
    /// Returns whether the pattern is an object.
    fn run(&mut self) -> bool {
        let Some(root) = self.document.root() else {
            return false;
        };
        if root.kind() != Kind::Object {
            let advice = advice::not_an_object_advice(self.document.text(), root);
            self.mistake(
                "Filter is not an object",
                Places::WHOLE,
                root.offset(),
                &advice,
            );
            return false;
        }
        self.open(root, FrameKind::Object, PathTree::ROOT, Places::WHOLE, 0);
        // A container that the text leaves open stays on the list: there the text ends.
        while let Some(frame) = self.frames.last().copied() {
            if frame.at >= frame.end {
                if !frame.closed {
                    break;
                }
                self.frames.pop();
                self.close(frame);
                continue;
            }
            match frame.kind {
                FrameKind::Or(or) => self.branch(frame, or),
                FrameKind::Object | FrameKind::Branch => {
                    if !self.member(frame) {
                        break;
                    }
                }
            }
        }
        let branch = &mut self.parts.branches[0];
        branch.end_field = self.parts.fields.len();
        true
    }

    fn open(
        &mut self,
        node: Node<'_>,
        kind: FrameKind,
        path: PathId,
        place: PlaceId,
        branch: usize,
    ) {
        self.frames.push(Frame {
            kind,
            at: node.index() + 1,
            end: node.next(),
            closed: node.is_closed(),
            count: 0,
            path,
            place,
            branch,
            offset: node.offset(),
        });
    }

    fn close(&mut self, frame: Frame) {
        match frame.kind {
            FrameKind::Object | FrameKind::Branch => {
                if frame.count == 0 {
                    let advice = if self.parts.places.path(frame.place).is_empty() {
                        "name a field, {\"source\": [\"my.app\"]}; for every event write {\"source\": [{\"prefix\": \"\"}]}"
                    } else if frame.kind == FrameKind::Branch {
                        "an empty branch would accept everything: leave it out, or the whole $or if that is meant"
                    } else {
                        "leave the empty object out: a field that is not named accepts everything"
                    };
                    self.mistake(
                        "Empty objects are not allowed",
                        frame.place,
                        frame.offset,
                        advice,
                    );
                }
                if frame.kind == FrameKind::Branch {
                    let branch = &mut self.parts.branches[frame.branch];
                    branch.end_field = self.parts.fields.len();
                    if let Some((or, _)) = branch.of {
                        self.parts.steps.push(Step::Leave(or));
                    }
                }
            }
            FrameKind::Or(or) => {
                if frame.count < 2 {
                    let place = self.parts.places.name(frame.place, "$or");
                    self.mistake(
                        "There must have at least 2 Objects in $or relationship.",
                        place,
                        frame.offset,
                        "write at least two objects: \"$or\": [{\"a\": [1]}, {\"b\": [2]}]",
                    );
                }
                self.parts.ors[or].end = self.parts.steps.len();
            }
        }
    }

    /// Reads one member of an object; false where the text ends before its value.
    fn member(&mut self, frame: Frame) -> bool {
        let (Some(key), Some(value)) = (
            self.document.node(frame.at),
            self.document.node(frame.at + 1),
        ) else {
            return false;
        };
        self.advance(value.next());
        let name = key.as_str().unwrap_or_default();
        if name == "$or" {
            self.or(frame, value);
            return true;
        }
        let place = self.parts.places.name(frame.place, &name);
        if frame.branch != 0 && RESERVED.contains(&&*name) {
            let reason =
                format!("{name} is Ruler reserved fieldName which cannot be used inside $or.");
            if !self.is_told() {
                self.more += 1;
                return true;
            }
            let places = &self.parts.places;
            let (names, or) = (
                places.last_names(place),
                places.last_names(places.around_branch(place)),
            );
            let advice = advice::reserved_advice(&names, &or, value);
            self.mistake(&reason, place, key.offset(), &advice);
            return true;
        }
        match value.kind() {
            Kind::Object => {
                let path = self.parts.paths.extend(frame.path, &name);
                self.open(value, FrameKind::Object, path, place, frame.branch);
            }
            Kind::Array => self.field(frame, key, value, place),
            _ => {
                let reason = format!("\"{name}\" must be an object or an array");
                if !self.is_told() {
                    self.more += 1;
                    return true;
                }
                let advice = advice::bare_value_advice(&self.parts.places.last_names(place), value);
                self.mistake(&reason, place, value.offset(), &advice);
            }
        }
        true
    }

    fn field(&mut self, frame: Frame, key: Node<'_>, value: Node<'_>, place: PlaceId) {
        let mut leaves = Vec::new();
        for element in value.elements() {
            match leaf::parse(element) {
                Ok(Some(operator)) => {
                    leaves.push(Leaf { operator });
                }
                // The text ends in here.
                Ok(None) => break,
                Err(mistake) => {
                    let name = key.as_str().unwrap_or_default();
                    let no_operator =
                        self.is_told() && mistake.reason.starts_with(leaf::NO_OPERATOR);
                    let fields = no_operator.then(|| advice::fields_in_list_advice(&name, value));
                    let advice = fields.flatten().unwrap_or(&mistake.advice);
                    self.mistake(&mistake.reason, place, mistake.offset, advice);
                }
            }
        }
        if !value.is_closed() {
            self.open(value, FrameKind::Object, frame.path, place, frame.branch);
            self.advance(value.next());
            return;
        }
        if value.elements().next().is_none() {
            let advice = "leave the field out: a field that is not named accepts everything";
            self.mistake(
                "Empty arrays are not allowed",
                place,
                value.offset(),
                advice,
            );
            return;
        }
        let path = self
            .parts
            .paths
            .extend(frame.path, &key.as_str().unwrap_or_default());
        self.parts.paths.mark(path);
        let field = self.parts.fields.len();
        self.parts.fields.push(Field {
            path,
            slot: 0,
            accepts_absence: leaves
                .iter()
                .any(|leaf: &Leaf| matches!(leaf.operator, Operator::Exists(false))),
            effort: leaves.iter().map(|leaf| leaf.operator.effort()).sum(),
            leaves,
            branch: frame.branch,
            place,
            replaced: false,
        });
        self.parts.branches[frame.branch].fields.push(field);
        self.parts.steps.push(Step::Field(field));
    }

    fn or(&mut self, frame: Frame, value: Node<'_>) {
        if value.kind() != Kind::Array {
            let place = self.parts.places.name(frame.place, "$or");
            self.mistake(
                "It must be an Array followed with $or.",
                place,
                value.offset(),
                "write \"$or\": [{…}, {…}], a list of at least two objects",
            );
            return;
        }
        let or = self.parts.ors.len();
        self.parts.steps.push(Step::Choose(or));
        self.parts.ors.push(Or {
            branches: Vec::new(),
            end: self.parts.steps.len(),
            branch: frame.branch,
            place: frame.place,
        });
        self.parts.branches[frame.branch].ors.push(or);
        self.open(
            value,
            FrameKind::Or(or),
            frame.path,
            frame.place,
            frame.branch,
        );
    }

    fn branch(&mut self, frame: Frame, or: usize) {
        let Some(element) = self.document.node(frame.at) else {
            return;
        };
        self.advance(element.next());
        let place = self.parts.places.branch(frame.place, frame.count);
        if element.kind() != Kind::Object {
            self.mistake(
                "Only JSON object is allowed in array of $or relationship.",
                place,
                element.offset(),
                "write each branch as an object: {\"field\": [\"value\"]}",
            );
            return;
        }
        let branch = self.parts.branches.len();
        self.parts.branches.push(Branch {
            start: self.parts.steps.len(),
            of: Some((or, self.parts.ors[or].branches.len())),
            first_field: self.parts.fields.len(),
            ..Branch::default()
        });
        self.parts.ors[or].branches.push(branch);
        self.open(element, FrameKind::Branch, frame.path, place, branch);
    }

    /// The innermost container goes on at `next`.
    fn advance(&mut self, next: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.at = next;
            frame.count += 1;
        }
    }

    fn innermost(&self) -> PlaceId {
        self.frames
            .last()
            .map_or(Places::WHOLE, |frame| frame.place)
    }

    /// Whether one more mistake is put into words; what leads to it may be long.
    fn is_told(&self) -> bool {
        self.mistakes.len() < MISTAKES
    }

    fn mistake(&mut self, reason: &str, place: PlaceId, offset: usize, advice: &str) {
        if !self.is_told() {
            self.more += 1;
            return;
        }
        self.mistakes.push(Mistake {
            reason: reason.to_owned(),
            path: self.parts.places.path(place),
            position: Position::of(self.document.text(), offset),
            advice: (!advice.is_empty()).then(|| advice.to_owned()),
        });
    }
}
