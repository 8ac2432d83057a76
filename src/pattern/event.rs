//! Events: one JSON object each.

use std::borrow::Cow;

use super::error::EventError;
use crate::json::scan::Entry;
use crate::json::{Document, Kind, error::is_encoded_twice, quote};

/// The envelope fields that may be left out, with what stands in for them.
const DEFAULTS: [(&str, &str); 6] = [
    ("version", "\"0\""),
    ("id", "\"00000000-0000-0000-0000-000000000000\""),
    ("account", "\"123456789012\""),
    ("time", "\"1970-01-01T00:00:00Z\""),
    ("region", "\"us-east-1\""),
    ("resources", "[]"),
];

/// A parsed event. Duplicate names all count.
#[derive(Clone, Debug)]
pub struct Event<'e> {
    document: Document<'e>,
}

impl<'e> Event<'e> {
    /// Parses an event and takes it as it is.
    ///
    /// # Errors
    /// The text is not one JSON object.
    pub fn parse(text: impl Into<Cow<'e, str>>) -> Result<Self, EventError> {
        let document = Document::parse(text)?;
        match document.root().map(|root| root.kind()) {
            Some(Kind::Object) => Ok(Event { document }),
            other => Err(EventError::NotAnObject(
                other.map_or("nothing", Kind::name),
                is_encoded_twice(document.text()),
            )),
        }
    }

    /// Parses an event and fills in the envelope fields that it leaves out.
    /// They come last; what is there stays as written.
    ///
    /// # Errors
    /// As [`Event::parse`]; `source` or `detail-type` is missing.
    pub fn with_defaults(text: &str) -> Result<Event<'static>, EventError> {
        let event = Event::parse(text)?;
        let has = |name: &str| {
            event
                .document
                .root()
                .is_some_and(|root| root.get(name).is_some())
        };
        for name in ["source", "detail-type"] {
            if !has(name) {
                return Err(EventError::Missing(name));
            }
        }
        let body = text.trim_end().trim_end_matches('}');
        let mut whole = text.trim_end().strip_suffix('}').unwrap_or(body).to_owned();
        for (name, value) in DEFAULTS {
            if !has(name) {
                whole.push_str(&format!(",{}:{value}", quote(name)));
            }
        }
        whole.push('}');
        Event::parse(whole)
    }

    /// Returns a full sample event, the same for the same arguments. `detail`
    /// is JSON text.
    pub fn sample(source: &str, detail_type: &str, detail: &str) -> String {
        let [version, id, account, time, region, resources] = DEFAULTS.map(|(_, value)| value);
        format!(
            "{{\"version\":{version},\"id\":{id},\"detail-type\":{},\"source\":{},\
             \"account\":{account},\"time\":{time},\"region\":{region},\
             \"resources\":{resources},\"detail\":{detail}}}",
            quote(detail_type),
            quote(source),
        )
    }

    /// Returns the event's text.
    pub fn text(&self) -> &str {
        self.document.text()
    }

    pub(crate) fn document(&self) -> &Document<'e> {
        &self.document
    }

    pub(crate) fn tape(&self) -> &[Entry] {
        self.document.tape()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_object() {
        assert!(Event::parse("{}").is_ok());
        for (text, message) in [
            ("[]", "an event is one JSON object; this is an array"),
            ("null", "an event is one JSON object; this is null"),
            (
                "\"{\\\"a\\\":1}\"",
                "an event is one JSON object; this is a string: the text was encoded as JSON twice, encode it once",
            ),
            ("{} x", "line 1, column 4"),
        ] {
            let error = Event::parse(text).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }

    #[test]
    fn defaults_fill_what_is_absent() {
        let event = Event::with_defaults(
            r#"{ "source": "a", "detail-type": "b", "region": "eu-west-1" } "#,
        )
        .unwrap();
        assert_eq!(
            event.text(),
            "{ \"source\": \"a\", \"detail-type\": \"b\", \"region\": \"eu-west-1\" ,\"version\":\"0\",\
             \"id\":\"00000000-0000-0000-0000-000000000000\",\"account\":\"123456789012\",\
             \"time\":\"1970-01-01T00:00:00Z\",\"resources\":[]}"
        );
        let error = Event::with_defaults("{\"source\":\"a\"}").unwrap_err();
        assert_eq!(error, EventError::Missing("detail-type"));
    }

    #[test]
    fn a_sample_is_an_event() {
        let text = Event::sample("my.app", "Order \"Placed\"", "{\"total\":1.50}");
        let event = Event::parse(text.as_str()).unwrap();
        let detail = event.document().root().unwrap().get("detail").unwrap();
        assert_eq!(detail.raw(), "{\"total\":1.50}");
    }
}
