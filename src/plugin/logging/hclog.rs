//! Records as go-hclog reads them: `{"@level":…,"@message":…,"@timestamp":…}`.
//!
//! A line that is not so is worse than none: Terraform *panics* on an `@level`
//! that is no string, and splits lines over 64 KiB. So the three names are
//! written here alone, and every line has a limit.

use std::fmt::Debug;
use std::io::Write;

use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

use super::secret::{MASK, is_secret_name, redacted};

/// Ours alone: the events of HTTP and AWS crates carry frames and headers.
const OUR_TARGET: &str = env!("CARGO_CRATE_NAME");
/// What `@module` calls us.
const MODULE: &str = "eventbridge";
/// Bytes of a line. Terraform splits at 64 KiB; the fixed part needs some.
const LINE_ROOM: usize = 60 * 1024;
/// Bytes of a message, so that fields have room.
const MESSAGE_ROOM: usize = 16 * 1024;
const CUT: &str = "… (cut)";

const TIMESTAMP: &[BorrowedFormatItem] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// Writes every record of ours to what `W` opens, a line each.
pub struct Hclog<W> {
    level: LevelFilter,
    writer: W,
}

impl<W> Hclog<W> {
    /// Records of `level` and above go to `writer`.
    pub fn new(level: LevelFilter, writer: W) -> Self {
        Self { level, writer }
    }
}

impl<S, W, O> Layer<S> for Hclog<W>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: Fn() -> O + 'static,
    O: Write,
{
    fn enabled(&self, metadata: &Metadata<'_>, _context: Context<'_, S>) -> bool {
        is_ours(metadata.target()) && (metadata.is_span() || *metadata.level() <= self.level)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(self.level)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        for span in context.event_scope(event).into_iter().flatten() {
            if let Some(outer) = span.extensions().get::<Fields>() {
                fields.pairs.extend(outer.pairs.iter().cloned());
            }
        }
        let now = OffsetDateTime::now_utc();
        let line = line(
            *event.metadata().level(),
            event.metadata().target(),
            now,
            &fields,
        );
        // Where nobody reads the log there is nobody to tell.
        drop((self.writer)().write_all(line.as_bytes()));
    }
}

fn is_ours(target: &str) -> bool {
    target == OUR_TARGET || target.starts_with(concat!(env!("CARGO_CRATE_NAME"), "::"))
}

/// What a span or an event holds, secrets already out.
#[derive(Default)]
struct Fields {
    message: String,
    pairs: Vec<(String, String)>,
}

impl Fields {
    fn add(&mut self, field: &Field, value: &str) {
        // A field must not pass for one of hclog's own.
        let name = field.name().trim_start_matches('@');
        if field.name() == "message" {
            self.message = redacted(value);
        } else if is_secret_name(name) {
            self.pairs.push((name.to_owned(), MASK.to_owned()));
        } else {
            self.pairs.push((name.to_owned(), redacted(value)));
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, &format!("{value:?}"));
    }
}

/// One record as one line.
fn line(level: Level, target: &str, at: OffsetDateTime, fields: &Fields) -> String {
    let module = target.replacen(OUR_TARGET, MODULE, 1).replace("::", ".");
    let mut line = String::with_capacity(256);
    line += "{\"@level\":";
    string(&mut line, &level.as_str().to_lowercase(), MESSAGE_ROOM);
    line += ",\"@message\":";
    string(&mut line, &fields.message, MESSAGE_ROOM);
    line += ",\"@module\":";
    string(&mut line, &module, MESSAGE_ROOM);
    line += ",\"@timestamp\":";
    let timestamp = at.format(TIMESTAMP).unwrap_or_default();
    string(&mut line, &timestamp, MESSAGE_ROOM);
    for (index, (name, value)) in fields.pairs.iter().enumerate() {
        // An inner span's word counts before an outer one's.
        if fields.pairs[..index].iter().any(|(other, _)| other == name) {
            continue;
        }
        let room = LINE_ROOM.saturating_sub(line.len() + name.len() * 6 + 8);
        if room < CUT.len() {
            break;
        }
        line.push(',');
        string(&mut line, name, usize::MAX);
        line.push(':');
        string(&mut line, value, room);
    }
    line += "}\n";
    line
}

/// Appends a JSON string of at most `room` bytes and the mark of a cut.
fn string(line: &mut String, text: &str, room: usize) {
    let limit = line.len().saturating_add(room);
    line.push('"');
    for c in text.chars() {
        if line.len() >= limit.saturating_sub(CUT.len() + 8) {
            *line += CUT;
            break;
        }
        match c {
            '"' => *line += "\\\"",
            '\\' => *line += "\\\\",
            '\n' => *line += "\\n",
            '\r' => *line += "\\r",
            '\t' => *line += "\\t",
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                *line += &format!("\\u{:04x}", u32::from(c));
            }
            c => line.push(c),
        }
    }
    line.push('"');
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[derive(Clone, Default)]
    struct Buffer(Arc<Mutex<Vec<u8>>>);

    impl Write for Buffer {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn logged(level: LevelFilter, work: impl FnOnce()) -> Vec<Value> {
        let buffer = Buffer::default();
        let writer = buffer.clone();
        let layer = Hclog::new(level, move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), work);
        let bytes = buffer.0.lock().unwrap().clone();
        let text = String::from_utf8(bytes).unwrap();
        for line in text.lines() {
            assert!(line.len() < 64 * 1024, "a line of {}", line.len());
        }
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn a_record_is_hclogs() {
        let lines = logged(LevelFilter::INFO, || {
            tracing::info!(bus = "orders", tries = 3, "a \"bus\"\nis made");
            tracing::debug!("too fine");
        });
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["@level"], "info");
        assert_eq!(lines[0]["@message"], "a \"bus\"\nis made");
        assert_eq!(
            lines[0]["@module"],
            "eventbridge.plugin.logging.hclog.tests"
        );
        assert_eq!(lines[0]["bus"], "orders");
        assert_eq!(lines[0]["tries"], "3");
        let timestamp = lines[0]["@timestamp"].as_str().unwrap();
        assert_eq!(timestamp.len(), "2026-11-24T03:35:07.804123Z".len());
    }

    #[test]
    fn hclogs_own_names_cannot_be_taken() {
        let lines = logged(LevelFilter::TRACE, || {
            tracing::info!({ "@level" = 5, "@message" = true, "@timestamp" = 0 }, "m");
        });
        assert_eq!(lines[0]["@level"], "info");
        assert_eq!(lines[0]["@message"], "m");
        assert!(lines[0]["@timestamp"].is_string());
        assert_eq!(lines[0]["level"], "5");
    }

    #[test]
    fn spans_lend_their_fields_and_the_inner_one_counts() {
        let lines = logged(LevelFilter::WARN, || {
            let outer = tracing::error_span!("rpc", tf_rpc = "ReadResource", x = 1);
            let _outer = outer.enter();
            let inner = tracing::error_span!("call", x = 2, late = tracing::field::Empty);
            let _inner = inner.enter();
            inner.record("late", "yes");
            tracing::warn!("slow");
        });
        assert_eq!(lines[0]["tf_rpc"], "ReadResource");
        assert_eq!(lines[0]["x"], "2");
        assert_eq!(lines[0]["late"], "yes");
    }

    #[test]
    fn long_texts_are_cut() {
        let lines = logged(LevelFilter::TRACE, || {
            let long = "\u{1}ü\"".repeat(100_000);
            tracing::info!(body = %long, more = %long, "{long}");
        });
        assert!(lines[0]["@message"].as_str().unwrap().ends_with(CUT));
        assert!(lines[0]["body"].as_str().unwrap().ends_with(CUT));
    }

    #[test]
    fn secrets_and_other_crates_stay_out() {
        let lines = logged(LevelFilter::TRACE, || {
            tracing::info!(password = "hunter2", "Authorization: Bearer x");
            tracing::info!(target: "h2::frame", "a frame");
            tracing::info!(target: "terraform_provider_eventbridge_x", "not ours");
        });
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["password"], "***");
        assert_eq!(lines[0]["@message"], "Authorization: ***");
    }
}
