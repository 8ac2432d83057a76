//! Any text: nothing panics, and what is printed means the same.
#![no_main]

use fuzz::json::{Document, compact, equal};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Document::parse(text) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(document) => {
            let printed = document
                .root()
                .map(compact)
                .expect("a parsed text has a value");
            assert!(equal(text, &printed), "{text} {printed}");
        }
    }
});
