//! What stands in the event where a field was looked for, and how it is called.

use crate::json::{Kind, Node, compact};
use crate::pattern::event::Event;
use crate::pattern::names::{differ_by_digits, is_near};
use crate::pattern::path::push_name;

/// Names looked at for one that was perhaps meant.
const NAMES: usize = 1_000;

/// How far the way to a field leads.
pub(super) enum Spot {
    /// There is an object.
    Object,
    /// There is an array without values.
    EmptyArray,
    /// The way ends in an object that lacks the name. Holds a name that was
    /// perhaps meant, or another place where the field is.
    Missing {
        meant: Option<String>,
        elsewhere: Option<String>,
    },
    /// The way ends at a value that has no fields.
    Scalar { path: String, kind: Kind },
}

/// Follows a path, given as its parts, as far as it leads.
pub(super) fn look(event: &Event<'_>, parts: &[&str]) -> Spot {
    let nowhere = Spot::Missing {
        meant: None,
        elsewhere: None,
    };
    let Some(root) = event.document().root() else {
        return nowhere;
    };
    let (node, rest, path) = follow(root, parts);
    match (node.kind(), rest.first()) {
        (Kind::Object, None) => Spot::Object,
        (Kind::Array, _) => Spot::EmptyArray,
        (_, None) => nowhere,
        (Kind::Object, Some(name)) => Spot::Missing {
            meant: near_name(node, name),
            elsewhere: elsewhere(root, parts),
        },
        (kind, Some(_)) => Spot::Scalar { path, kind },
    }
}

/// The node that a path leads to, the parts that lead no further, and the path so far.
fn follow<'d, 'p>(root: Node<'d>, parts: &'p [&'p str]) -> (Node<'d>, &'p [&'p str], String) {
    let (mut node, mut rest, mut path) = (root, parts, String::new());
    loop {
        match node.kind() {
            Kind::Array => {
                // Of an array the first element that leads on.
                let goes_on = |element: &Node<'_>| {
                    element.kind() == Kind::Array
                        || rest.first().is_some_and(|name| element.get(name).is_some())
                };
                let first =
                    |element: &Node<'_>| matches!(element.kind(), Kind::Object | Kind::Array);
                let elements = node.elements().take(NAMES).enumerate();
                let Some((number, element)) = first_of(elements, goes_on, first) else {
                    return (node, rest, path);
                };
                path.push_str(&format!("[{number}]"));
                node = element;
            }
            Kind::Object => {
                // A name may itself hold dots; of equal ones the last counts.
                let steps = node.members().filter_map(|(key, value)| {
                    let name = key.as_str()?;
                    let count = name.split('.').count();
                    let leads_on = rest.get(..count)?.iter().copied().eq(name.split('.'));
                    leads_on.then_some((count, value, name))
                });
                let shortest = steps.reduce(|best, next| if next.0 > best.0 { best } else { next });
                let Some((count, value, name)) = shortest else {
                    return (node, rest, path);
                };
                push_name(&mut path, &name);
                rest = rest.get(count..).unwrap_or_default();
                node = value;
            }
            _ => return (node, rest, path),
        }
    }
}

/// The first item that the better test accepts, else the first that the other does.
fn first_of<'d>(
    items: impl Iterator<Item = (usize, Node<'d>)>,
    better: impl Fn(&Node<'_>) -> bool,
    other: impl Fn(&Node<'_>) -> bool,
) -> Option<(usize, Node<'d>)> {
    let mut fallback = None;
    for item in items {
        if better(&item.1) {
            return Some(item);
        }
        if fallback.is_none() && other(&item.1) {
            fallback = Some(item);
        }
    }
    fallback
}

/// A name of the object that is nearly the one that was looked for.
fn near_name(object: Node<'_>, name: &str) -> Option<String> {
    let plain = |name: &str| -> String {
        let letters = name
            .chars()
            .filter(|character| !matches!(character, '-' | '_'));
        letters.flat_map(char::to_lowercase).collect()
    };
    let names = || {
        object
            .members()
            .take(NAMES)
            .filter_map(|(key, _)| key.as_str())
    };
    let own = plain(name);
    let same = names().find(|other| plain(other) == own);
    // Short names are near each other, and numbered ones are siblings.
    let near = |other: &str| is_near(other, name) && !differ_by_digits(other, name);
    let near = || names().find(|other| name.chars().count() >= 3 && near(other));
    same.or_else(near).map(|name| name.into_owned())
}

/// Another place of the event that has the field: inside detail, or at the top.
fn elsewhere(root: Node<'_>, parts: &[&str]) -> Option<String> {
    let (place, rest) = match parts {
        ["detail", rest @ ..] => (root, rest),
        rest => (root.get("detail")?, rest),
    };
    if rest.is_empty() || place.kind() != Kind::Object {
        return None;
    }
    let (_, left, path) = follow(place, rest);
    let inside = parts.first() != Some(&"detail");
    left.is_empty().then(|| {
        if inside {
            format!("detail.{path}")
        } else {
            path
        }
    })
}

/// A value as it stands in the event, for a container.
pub(super) fn shown(event: &Event<'_>, parts: &[&str]) -> String {
    let node = event.document().root().map(|root| follow(root, parts).0);
    node.filter(|node| node.raw().len() < 1_000)
        .map_or_else(|| "{…}".to_owned(), compact)
}

/// The path of a place on the event's tape, array elements numbered.
pub(super) fn path_of(event: &Event<'_>, index: usize) -> String {
    let mut path = String::new();
    let Some(mut node) = event.document().root() else {
        return path;
    };
    while node.index() < index {
        let holds = |child: &Node<'_>| (child.index()..child.next()).contains(&index);
        let next = match node.kind() {
            Kind::Object => {
                let member = node.members().find(|(_, value)| holds(value));
                member.map(|(key, value)| {
                    push_name(&mut path, &key.as_str().unwrap_or_default());
                    value
                })
            }
            Kind::Array => {
                let element = node
                    .elements()
                    .enumerate()
                    .find(|(_, element)| holds(element));
                element.map(|(number, element)| {
                    path.push_str(&format!("[{number}]"));
                    element
                })
            }
            _ => None,
        };
        match next {
            Some(next) => node = next,
            None => break,
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_named_as_in_the_event() {
        let event = Event::parse(r#"{"a.b":[{"c":[1,[2]]}]}"#).unwrap();
        let paths: Vec<String> = (0..event.tape().len())
            .map(|index| path_of(&event, index))
            .collect();
        assert!(
            paths.contains(&"\"a.b\"[0].c[1][0]".to_owned()),
            "{paths:?}"
        );
    }

    #[test]
    fn a_missing_name_has_a_near_one_or_another_place() {
        let event =
            Event::parse(r#"{"source":"s","detail":{"State":"x","severity":1,"e":[],"o":{}}}"#)
                .unwrap();
        let missing = |parts: &[&str]| match look(&event, parts) {
            Spot::Missing { meant, elsewhere } => (meant, elsewhere),
            _ => panic!("not missing"),
        };
        assert_eq!(missing(&["detail", "state"]).0.as_deref(), Some("State"));
        assert_eq!(missing(&["severity"]).1.as_deref(), Some("detail.severity"));
        assert_eq!(missing(&["detail", "source"]).1.as_deref(), Some("source"));
        assert!(matches!(look(&event, &["detail", "e"]), Spot::EmptyArray));
        assert!(matches!(look(&event, &["detail", "o"]), Spot::Object));
        assert!(matches!(
            look(&event, &["source", "x"]),
            Spot::Scalar { .. }
        ));
    }
}
