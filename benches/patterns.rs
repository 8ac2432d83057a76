//! How fast patterns are parsed, matched and explained, alone and in sets, with
//! quamina on the same sets in the same run.
//!
//! `cargo bench --bench patterns`, or `make bench-patterns` for the table in docs/.

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::{Measurement, ValueFormatter, WallTime};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rustix::time::{ClockId, clock_gettime};
use terraform_provider_eventbridge::pattern::{Event, Pattern, PatternSet};

/// The time that this thread had a core: others on the machine change it little.
struct CoreTime;

impl Measurement for CoreTime {
    type Intermediate = Duration;
    type Value = Duration;

    fn start(&self) -> Duration {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        Duration::try_from(now).expect("a clock that runs forward")
    }

    fn end(&self, start: Duration) -> Duration {
        self.start() - start
    }

    fn add(&self, left: &Duration, right: &Duration) -> Duration {
        *left + *right
    }

    fn zero(&self) -> Duration {
        Duration::ZERO
    }

    fn to_f64(&self, value: &Duration) -> f64 {
        value.as_nanos() as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        WallTime.formatter()
    }
}

const STATES: [&str; 5] = ["NEW", "PAID", "PACKED", "SENT", "RETURNED"];
const COUNTRIES: [&str; 6] = ["GB", "DE", "FR", "US", "BR", "JP"];

/// An order event of about 1 KB; the number decides its values.
fn event(number: usize) -> String {
    let state = STATES[number % STATES.len()];
    let country = COUNTRIES[number % COUNTRIES.len()];
    let detail = format!(
        r#"{{"orderId":"6f1c2d3e-0000-4000-8000-{number:012}","state":"{state}","total":{}.75,"currency":"EUR","customer":{{"id":{},"name":"Ada Lovelace","vip":{},"email":"ada{number}@example.com","address":{{"street":"1 Analytical Way","city":"London","zip":"NW1 1AA","country":"{country}"}}}},"items":[{{"sku":"A-{:04}","name":"Difference engine","quantity":1,"price":199.00}},{{"sku":"B-2002","name":"Punched cards, box of 500","quantity":2,"price":20.50}},{{"sku":"C-3003","name":"Brass gear","quantity":4,"price":2.69}}],"tags":["priority","gift","eu-west"],"metadata":{{"traceId":"1-67891233-abcdef012345678{number:09}","channel":"web","userAgent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101","coupon":null,"attempt":1}},"note":"Leave with the neighbours if nobody is at home, and ring twice."}}"#,
        number % 500,
        4_000 + number % 1_000,
        number.is_multiple_of(3),
        number % 400,
    );
    Event::sample(
        &format!("com.example.svc{}", number % 200),
        &format!("Order Event {}", number % 20),
        &detail,
    )
}

/// One of the rules that 200 services and 20 detail types come to. Operators
/// stand where quamina takes ten thousand of them: it panics where more than
/// 255 of a kind follow one value.
fn pattern(number: usize) -> String {
    let source = format!("com.example.svc{}", number % 200);
    let kind = format!("Order Event {}", number / 200 % 20);
    let state = STATES[number % STATES.len()];
    let total = number % 500;
    match number % 10 {
        0..=2 => format!(r#"{{"source":["{source}"],"detail-type":["{kind}"]}}"#),
        3 | 4 => format!(
            r#"{{"source":["{source}"],"detail-type":["{kind}"],"detail":{{"state":["{state}"]}}}}"#
        ),
        5 => format!(
            r#"{{"source":["{source}"],"detail":{{"orderId":["6f1c2d3e-0000-4000-8000-{number:012}"]}}}}"#
        ),
        6 => format!(
            r#"{{"source":["{source}"],"detail":{{"customer":{{"id":[{}]}},"total":[{{"numeric":[">",{total}]}}]}}}}"#,
            4_000 + number % 1_000
        ),
        7 => format!(r#"{{"source":["{source}"],"version":[{{"anything-but":["{number}"]}}]}}"#),
        8 => format!(
            r#"{{"source":["{source}"],"time":[{{"prefix":"{}-0"}}]}}"#,
            1_950 + number / 200
        ),
        _ => format!(
            r#"{{"source":["{source}"],"detail-type":["{kind}"],"detail":{{"metadata":{{"attempt":[{{"exists":true}}],"channel":["web"]}}}}}}"#
        ),
    }
}

fn single(criterion: &mut Criterion<CoreTime>) {
    let text = r#"{"source":["com.example.svc7"],"detail-type":["Order Event 7"],"detail":{"state":["PACKED"],"total":[{"numeric":[">",1]}]}}"#;
    let event_text = event(7);
    let pattern = Pattern::parse(text).expect("a valid pattern");
    let parsed = Event::parse(event_text.as_str()).expect("an event");
    assert_eq!(pattern.matches(&parsed), Ok(true));
    let mut group = criterion.benchmark_group("single");
    group.throughput(Throughput::Elements(1));
    group.bench_function("parse pattern", |bencher| {
        bencher.iter(|| Pattern::parse(black_box(text)))
    });
    group.bench_function("parse event", |bencher| {
        bencher.iter(|| Event::parse(black_box(event_text.as_str())))
    });
    group.bench_function("match with event parse", |bencher| {
        bencher.iter(|| {
            pattern
                .matches(&Event::parse(black_box(event_text.as_str()))?)
                .map_err(|_| unreachable())
        })
    });
    group.bench_function("match parsed event", |bencher| {
        bencher.iter(|| pattern.matches(black_box(&parsed)))
    });
    group.bench_function("explain", |bencher| {
        bencher.iter(|| pattern.explain(black_box(&parsed)).to_string())
    });
    group.bench_function("findings", |bencher| {
        bencher.iter(|| black_box(&pattern).findings())
    });
    group.bench_function("parse both, match and explain", |bencher| {
        bencher.iter(|| {
            let pattern = Pattern::parse(black_box(text)).expect("a valid pattern");
            let event = Event::parse(black_box(event_text.as_str())).expect("an event");
            (pattern.matches(&event), pattern.explain(&event).to_string())
        })
    });
    let tests = "a data source of 1,000 tests";
    group.bench_function(tests, |bencher| {
        let events: Vec<String> = (0..1_000).map(event).collect();
        bencher.iter(|| {
            let pattern = Pattern::parse(black_box(text)).expect("a valid pattern");
            let explain = |text: &String| {
                Event::with_defaults(text).map(|event| pattern.explain(&event).to_string())
            };
            events
                .iter()
                .filter_map(|text| explain(text).ok())
                .map(|text| text.len())
                .sum::<usize>()
        });
    });
    group.finish();
}

/// The benchmark's events and patterns are valid: this is never reached.
fn unreachable() -> terraform_provider_eventbridge::pattern::EventError {
    terraform_provider_eventbridge::pattern::EventError::Missing("source")
}

fn sets(criterion: &mut Criterion<CoreTime>) {
    let events: Vec<String> = (0..400).map(event).collect();
    for size in [5, 100, 10_000] {
        // The small sets are spread over the services.
        let step = 10_000 / size;
        let texts: Vec<String> = (0..size)
            .map(|number| pattern(number * step + number % 10))
            .collect();
        let set = PatternSet::new(
            texts
                .iter()
                .map(|text| Pattern::parse(text).expect("a valid pattern")),
        );
        let mut quamina = quamina::Quamina::<usize>::new();
        for (number, text) in texts.iter().enumerate() {
            quamina
                .add_pattern(number, text)
                .expect("a pattern that both accept");
        }
        for text in &events {
            let event = Event::parse(text.as_str()).expect("an event");
            let mut theirs = quamina
                .matches_for_event(text.as_bytes())
                .expect("an event");
            theirs.sort_unstable();
            assert_eq!(
                set.matches(&event).expect("a verdict"),
                theirs,
                "the engines disagree on {text}"
            );
        }
        let mut group = criterion.benchmark_group(format!("set of {size}"));
        group.throughput(Throughput::Elements(events.len() as u64));
        group.bench_function("ours", |bencher| {
            bencher.iter(|| {
                let matches = |text: &String| {
                    let event = Event::parse(text.as_str()).expect("an event");
                    set.matches(&event).expect("a verdict").len()
                };
                events.iter().map(matches).sum::<usize>()
            });
        });
        group.bench_function("quamina", |bencher| {
            bencher.iter(|| {
                let matches = |text: &String| {
                    quamina
                        .matches_for_event(text.as_bytes())
                        .expect("an event")
                        .len()
                };
                events.iter().map(matches).sum::<usize>()
            });
        });
        group.finish();
    }
}

criterion_group! {
    name = patterns;
    config = Criterion::default().with_measurement(CoreTime).sample_size(20).measurement_time(Duration::from_secs(3));
    targets = single, sets
}
criterion_main!(patterns);
