//! Commands that a person or a script runs by hand. Knows the registry and the
//! pattern engine, nothing of the plugin protocol.

mod adopt;
mod match_command;

use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;

/// The commands, for whoever decides between a command and the plugin.
pub const COMMANDS: [&str; 2] = ["match", "adopt"];

/// The streams of a command.
pub struct Streams<'s> {
    pub input: &'s mut dyn BufRead,
    pub output: &'s mut dyn Write,
    pub errors: &'s mut dyn Write,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As wanted.
    Success = 0,
    /// It ran, and the answer is no.
    No = 1,
    /// Something that was given is wrong.
    Wrong = 2,
}

/// Runs the command that `args` begin with, on the process's own streams.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut input = io::stdin().lock();
    let mut output = Listened(io::stdout().lock());
    let mut errors = io::stderr().lock();
    let streams = Streams {
        input: &mut input,
        output: &mut output,
        errors: &mut errors,
    };
    ExitCode::from(dispatch(args, streams) as u8)
}

/// The status of a program that ended because nobody reads on: 128 + SIGPIPE.
const UNHEARD: i32 = 141;

/// Output that somebody reads. When that one goes (`… | head`) the command ends without a
/// word, as others do; Rust's programs do not get the signal for it.
struct Listened<W>(W);

impl<W: Write> Listened<W> {
    fn heard<T>(result: io::Result<T>) -> io::Result<T> {
        match result {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => std::process::exit(UNHEARD),
            result => result,
        }
    }
}

impl<W: Write> Write for Listened<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::heard(self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Self::heard(self.0.flush())
    }
}

/// Runs the command that `args` begin with.
pub fn dispatch(args: impl IntoIterator<Item = OsString>, streams: Streams<'_>) -> Status {
    let mut args = args.into_iter();
    let command = args.next().unwrap_or_default();
    match command.to_str() {
        Some("match") => match_command::run(args, streams),
        Some("adopt") => adopt::run(args, streams),
        _ => {
            let names = COMMANDS.join(", ");
            // If even standard error is gone nobody can be told.
            let _ = writeln!(
                streams.errors,
                "unknown command {}: commands are {names}",
                command.display()
            );
            Status::Wrong
        }
    }
}
