//! What a bug does: a panic in a call becomes an error of that call, and only a
//! panic that ends the process looks like one to Terraform.
//!
//! Knows panics; must not know calls or logs' form.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::fmt::{Display, Formatter};
use std::io::Write;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::logging;

/// Terraform keeps this many lines of a trace.
const TRACE_LINES: usize = 100;

thread_local! {
    /// Where the last panic of this thread happened: the hook knows, the catcher
    /// tells.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A panic that was caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panicked {
    /// What it said.
    pub message: String,
    /// `file:line`, if known.
    pub place: Option<String>,
}

impl Display for Panicked {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{} at {place}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// Runs one call; a panic in it is returned and not passed on.
///
/// # Errors
/// The panic.
pub async fn guarded<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    AssertUnwindSafe(work)
        .catch_unwind()
        .await
        .map_err(|payload| Panicked {
            message: logging::redacted(&said(&*payload)),
            place: PLACE.take(),
        })
}

/// Installs the process's panic hook.
///
/// Terraform reports "the plugin crashed" from the first line that begins with
/// `panic: `, so that is printed when the process ends (a panic of the main
/// thread) and never for a panic that is caught.
pub fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        let message = logging::redacted(&said(info.payload()));
        let place = info.location();
        let place = place.map(|at| format!("{}:{}", at.file(), at.line()));
        if std::thread::current().name() == Some("main") {
            // Nothing is left to do when stderr is closed.
            let trace = Backtrace::force_capture().to_string();
            let words = last_words(&message, place.as_deref(), &trace);
            drop(std::io::stderr().write_all(words.as_bytes()));
        } else {
            tracing::error!(
                place = place.as_deref().unwrap_or("unknown"),
                "a bug in the provider: {message}"
            );
        }
        PLACE.set(place);
    }));
}

/// What Terraform finds in the error stream of a plugin that crashed.
fn last_words(message: &str, place: Option<&str>, trace: &str) -> String {
    // One line, whatever the message holds.
    let message = message.replace('\n', " ");
    let mut words = match place {
        Some(place) => format!("panic: {message} at {place}\n\n"),
        None => format!("panic: {message}\n\n"),
    };
    for line in trace.lines().take(TRACE_LINES) {
        words += line;
        words.push('\n');
    }
    words
}

fn said(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a panic without words")
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_an_error_of_its_call() {
        let good = guarded(async { 1 }).await;
        assert_eq!(good, Ok(1));
        let number = 7;
        let bad = guarded(async { assert_eq!(number, 8, "not eight") }).await;
        assert!(bad.unwrap_err().message.contains("not eight"));
    }

    #[test]
    fn last_words_begin_as_terraform_looks_for_them() {
        let trace = "frame\n".repeat(200);
        let words = last_words("two\nlines", Some("src/x.rs:3"), &trace);
        assert!(words.starts_with("panic: two lines at src/x.rs:3\n\nframe\n"));
        assert_eq!(words.lines().count(), 2 + TRACE_LINES);
    }

    #[test]
    fn the_place_is_told_if_known() {
        let mut panicked = Panicked {
            message: "oops".into(),
            place: None,
        };
        assert_eq!(panicked.to_string(), "oops");
        panicked.place = Some("src/x.rs:3".into());
        assert_eq!(panicked.to_string(), "oops at src/x.rs:3");
    }
}
