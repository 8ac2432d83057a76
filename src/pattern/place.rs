//! Places inside a pattern's text, for people: names as written, branches of
//! `$or` numbered.

use super::path::push_name;

/// A place in a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlaceId(u32);

/// The places of one pattern; each knows the one around it.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    places: Vec<(PlaceId, Part)>,
}

#[derive(Clone, Debug)]
enum Part {
    Whole,
    Name(Box<str>),
    Branch(usize),
}

impl Places {
    /// The whole pattern.
    pub const WHOLE: PlaceId = PlaceId(0);

    pub fn new() -> Self {
        Places {
            places: vec![(Self::WHOLE, Part::Whole)],
        }
    }

    /// Adds the place of a member.
    pub fn name(&mut self, around: PlaceId, name: &str) -> PlaceId {
        self.add(around, Part::Name(name.into()))
    }

    /// Adds the place of a branch of an `$or`.
    pub fn branch(&mut self, around: PlaceId, number: usize) -> PlaceId {
        self.add(around, Part::Branch(number))
    }

    fn add(&mut self, around: PlaceId, part: Part) -> PlaceId {
        self.places.push((around, part));
        PlaceId(self.places.len() as u32 - 1)
    }

    /// Returns the place as a path: `detail.$or[1].total`; empty for the whole.
    pub fn path(&self, place: PlaceId) -> String {
        let mut path = String::new();
        for part in self.parts(place) {
            match part {
                Part::Whole => {}
                Part::Name(name) => push_name(&mut path, name),
                Part::Branch(number) => {
                    push_name(&mut path, "$or");
                    path.push_str(&format!("[{number}]"));
                }
            }
        }
        path
    }

    /// Returns the names on the way to a place as a path, without branches: what an event may have.
    pub fn names(&self, place: PlaceId) -> String {
        let mut path = String::new();
        for part in self.parts(place) {
            if let Part::Name(name) = part {
                push_name(&mut path, name);
            }
        }
        path
    }

    /// Returns the outermost name on the way to a place, as written.
    pub fn top_name(&self, place: PlaceId) -> String {
        let parts = self.parts(place);
        let name = parts.iter().find_map(|part| match part {
            Part::Name(name) => Some(name.to_string()),
            _ => None,
        });
        name.unwrap_or_default()
    }

    /// Returns the names that end at a place, from the outermost that is in the same
    /// branch as the last.
    pub fn last_names(&self, place: PlaceId) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for part in self.parts(place) {
            match part {
                Part::Name(name) => names.push(name),
                _ => names.clear(),
            }
        }
        names
    }

    /// Returns the place of the object whose `$or` the innermost branch around a place
    /// belongs to.
    pub fn around_branch(&self, place: PlaceId) -> PlaceId {
        let mut at = place;
        while let Some((around, part)) =
            self.places.get(at.0 as usize).filter(|_| at != Self::WHOLE)
        {
            at = *around;
            if matches!(part, Part::Branch(_)) {
                break;
            }
        }
        at
    }

    /// The parts from the outermost.
    fn parts(&self, place: PlaceId) -> Vec<&Part> {
        let mut parts = Vec::new();
        let mut at = place;
        while let Some((around, part)) =
            self.places.get(at.0 as usize).filter(|_| at != Self::WHOLE)
        {
            parts.push(part);
            at = *around;
        }
        parts.reverse();
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dotted_name_is_quoted_and_a_branch_numbered() {
        let mut places = Places::new();
        let detail = places.name(Places::WHOLE, "detail");
        let branch = places.branch(detail, 1);
        let dotted = places.name(branch, "a.b");
        assert_eq!(places.path(dotted), "detail.$or[1].\"a.b\"");
        assert_eq!(places.path(Places::WHOLE), "");
    }
}
