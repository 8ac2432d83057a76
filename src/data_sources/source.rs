//! `eventbridge_source`: a partner event source, looked up (`aws_cloudwatch_event_source` in hashicorp/aws).

use async_trait::async_trait;

use crate::aws::events::EventSource;
use crate::provider::{Attribute, Call, Check, DataSource, Diagnostics, Path, Schema, Value};
use crate::resources::Context;
use crate::resources::shared::{failed, region};

/// A partner event source.
pub struct Source;

#[async_trait]
impl DataSource<Context> for Source {
    fn name(&self) -> &'static str {
        "eventbridge_source"
    }

    fn schema(&self) -> Schema {
        let text = |name| Attribute::string(name).computed();
        Schema::new("Looks up the one partner event source whose name begins so.")
            .attribute(
                Attribute::string("name_prefix")
                    .optional()
                    .check(Check::length(1, 256))
                    .describe(
                        "Beginning of the name; may be left out where the account has one source.",
                    ),
            )
            .attribute(region::question())
            .attribute(text("arn").describe("ARN of the event source."))
            .attribute(text("created_by").describe("Name of the partner."))
            .attribute(text("name").describe("Name of the event source."))
            .attribute(text("state").describe("`PENDING`, `ACTIVE` or `DELETED`."))
            .attribute(text("id").describe("Name of the event source."))
            .iam(&["events:ListEventSources"])
    }

    async fn read(
        &self,
        call: Call<'_, Context>,
        config: &Value,
        out: &mut Diagnostics,
    ) -> Option<Value> {
        let at = call.ctx.at(call, config, out).await?;
        let prefix = config.get("name_prefix").as_set_str();
        let sources = match at.events().list_event_sources(prefix).await {
            Ok(sources) => sources,
            Err(error) => {
                failed(out, "listing partner event sources", &error);
                return None;
            }
        };
        let source = only(&sources, prefix, out)?;
        let mut state = config.clone();
        state.set("region", at.region_name());
        state.set("arn", source.arn.as_str());
        state.set("created_by", source.created_by.as_str());
        state.set("state", source.state.as_str());
        for name in ["name", "id"] {
            state.set(name, source.name.as_str());
        }
        Some(state)
    }
}

/// The one source that was asked for; an error when there is none or several.
fn only<'s>(
    sources: &'s [EventSource],
    prefix: Option<&str>,
    out: &mut Diagnostics,
) -> Option<&'s EventSource> {
    const SHOWN: usize = 10;
    let wanted = match prefix {
        Some(prefix) => format!("whose name begins with {prefix:?}"),
        None => "in this account and region".into(),
    };
    match sources {
        [source] => return Some(source),
        [] => out.error_at(
            Path::of("name_prefix"),
            "Partner event source not found",
            format!("There is no partner event source {wanted}. The partner has to make it for this account and region first."),
        ),
        several => {
            let names = several.iter().take(SHOWN).map(|source| format!("  {}", source.name));
            out.error_at(
                Path::of("name_prefix"),
                "Several partner event sources",
                format!(
                    "There are {} partner event sources {wanted}; write more of the name:\n{}",
                    several.len(),
                    names.collect::<Vec<_>>().join("\n")
                ),
            );
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_source_is_the_answer() {
        let source = |name: &str| EventSource {
            name: name.into(),
            ..EventSource::default()
        };
        let told = |sources: &[EventSource]| {
            let mut out = Diagnostics::new();
            assert!(only(sources, Some("aws.partner/a"), &mut out).is_none());
            out.iter().next().unwrap().detail.clone()
        };
        assert!(told(&[]).contains("begins with \"aws.partner/a\""));
        let two = [source("aws.partner/a/1"), source("aws.partner/a/2")];
        assert!(told(&two).ends_with("  aws.partner/a/1\n  aws.partner/a/2"));
        assert!(only(&two[..1], None, &mut Diagnostics::new()).is_some());
    }
}
