//! Options of the form `--name value`, each given once or several times.

use crate::Outcome;
use lexopt::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The options of one command.
#[derive(Debug)]
pub struct Options(BTreeMap<&'static str, Vec<String>>);

/// Reads options of these names; `None` if help was asked for. Names that end in `!` are
/// flags, without a value.
pub fn read(mut parser: lexopt::Parser, names: &[&'static str]) -> Outcome<Option<Options>> {
    let mut options = BTreeMap::<&'static str, Vec<String>>::new();
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        match argument {
            Short('h') | Long("help") => return Ok(None),
            Long(given) => {
                let given = given.to_owned();
                let known = names
                    .iter()
                    .find(|name| name.trim_end_matches('!') == given);
                let name = *known.ok_or_else(|| format!("no such option: --{given}"))?;
                let value = match name.strip_suffix('!') {
                    Some(_) => String::new(),
                    None => text(parser.value())?,
                };
                options
                    .entry(name.trim_end_matches('!'))
                    .or_default()
                    .push(value);
            }
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(Some(Options(options)))
}

fn text(value: Result<std::ffi::OsString, lexopt::Error>) -> Outcome<String> {
    value
        .and_then(|value| value.string())
        .map_err(|error| error.to_string())
}

impl Options {
    /// The last value of an option.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.values(name).last().map(String::as_str)
    }

    /// All values of an option in the order given.
    pub fn values(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a flag was given.
    pub fn flag(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A value that the command cannot do without.
    pub fn required(&self, name: &str) -> Outcome<&str> {
        self.value(name)
            .ok_or_else(|| format!("--{name} is missing; see --help"))
    }

    /// The value as a path, or this default.
    pub fn path_or(&self, name: &str, default: PathBuf) -> PathBuf {
        self.value(name).map_or(default, PathBuf::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options() {
        let parser = lexopt::Parser::from_args(["--a", "1", "--flag", "--a=2"]);
        let options = read(parser, &["a", "flag!", "b"])
            .expect("valid")
            .expect("no help");
        assert_eq!(
            (options.value("a"), options.values("a").len()),
            (Some("2"), 2)
        );
        assert!(options.flag("flag"));
        assert!(options.required("b").is_err());
        assert!(read(lexopt::Parser::from_args(["--c", "1"]), &["a"]).is_err());
        assert!(
            read(lexopt::Parser::from_args(["--help"]), &[])
                .expect("valid")
                .is_none()
        );
    }
}
