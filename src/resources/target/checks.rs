//! What is said of a target's configuration before AWS sees it. Unknown values
//! pass: Terraform asks again when they are known.

use super::super::shared::rule_ref::RuleRef;
use super::roles;
use crate::aws::{Arn, BusRef};
use crate::provider::validate::{conflicts, is_set};
use crate::provider::{Diagnostics, Path, Value};
use crate::transform;

pub fn check(config: &Value, out: &mut Diagnostics) {
    conflicts(config, &["input", "input_path", "input_transformer"], out);
    check_bus(config, out);
    check_transformer(config, out);
    check_kinesis(config, out);
    check_ecs(config, out);
    check_queue(config, out);
    check_redshift(config, out);
    check_run_command(config, out);
}

/// A bus beside a rule that brings its own must be the same.
fn check_bus(config: &Value, out: &mut Diagnostics) {
    let (Some(rule), Some(bus)) = (
        config.get("rule").as_str(),
        config.get("event_bus_name").as_set_str(),
    ) else {
        return;
    };
    let Some(of_rule) = RuleRef::parse(rule)
        .ok()
        .and_then(|rule| rule.bus_to_send())
    else {
        return;
    };
    let (a, b) = (BusRef::new(bus), BusRef::new(&of_rule));
    // A name and an ARN of it count as one; whose account the name is in is not known here.
    let region = a.arn().or(b.arn()).map(|arn| arn.region.clone());
    if !a.same(&b, None, &region.unwrap_or_default()) {
        out.error_at(
            Path::of("event_bus_name"),
            "Rule and event bus do not belong together",
            format!(
                "event_bus_name: {bus:?} is not the bus of the rule {rule:?}, which is on {:?}. Leave `event_bus_name` \
                 out: the rule names its bus.",
                b.name()
            ),
        );
    }
}

fn check_transformer(config: &Value, out: &mut Diagnostics) {
    let Some(block) = config.get("input_transformer").items().first() else {
        return;
    };
    let at = Path::of("input_transformer").index(0);
    let target = config
        .get("target_id")
        .as_set_str()
        .unwrap_or("(generated id)");
    let paths: Option<Vec<(&str, Option<&str>)>> = match block.get("input_paths") {
        Value::Null => Some(Vec::new()),
        paths @ Value::Map(_) => Some(
            paths
                .set_entries()
                .map(|(k, v)| (k.as_str(), v.as_str()))
                .collect(),
        ),
        _ => None,
    };
    let paths = paths.as_deref();
    let known = paths.map_or(transform::Paths::Unknown, transform::Paths::Known);
    for finding in transform::check(target, block.get("input_template").as_str(), known) {
        let (argument, path) = match &finding.place {
            transform::Place::Template => {
                ("input_template", at.clone().attribute("input_template"))
            }
            transform::Place::Path(key) => {
                ("input_paths", at.clone().attribute("input_paths").key(key))
            }
        };
        match finding.severity {
            transform::Severity::Error => {
                out.error_at(path, format!("Invalid {argument}"), finding.to_string());
            }
            transform::Severity::Warning => out.warning_at(
                path,
                format!("Target {target}: {}", finding.wrong),
                format!("{}.", finding.instead),
            ),
        }
    }
    let custom_bus = arn(config).is_some_and(|arn| roles::is_custom_bus(&arn));
    if custom_bus {
        out.error_at(
            at.attribute("input_template"),
            "No transformer on the way to a custom event bus",
            "A bus of the Custom Event Bus API (event-busv2) takes events as they are. Remove `input_transformer`; \
             its subscribers can transform.",
        );
    }
}

fn check_kinesis(config: &Value, out: &mut Diagnostics) {
    let Some(block) = config.get("kinesis_target").items().first() else {
        return;
    };
    let path = block.get("partition_key_path");
    if path.is_null() || path.as_str() == Some("") {
        out.error_at(
            Path::of("kinesis_target")
                .index(0)
                .attribute("partition_key_path"),
            "Missing argument partition_key_path",
            "kinesis_target: the block needs `partition_key_path`, such as \"$.detail.id\". Remove the block to have \
             events spread by their ids.",
        );
    }
}

fn check_ecs(config: &Value, out: &mut Diagnostics) {
    let Some(block) = config.get("ecs_target").items().first() else {
        return;
    };
    let at = Path::of("ecs_target").index(0);
    let strategy = block.get("capacity_provider_strategy");
    let launch_type = block.get("launch_type").as_set_str();
    if let (Some(launch_type), [_, ..]) = (launch_type, strategy.items()) {
        out.error_at(
            at.clone().attribute("launch_type"),
            "Conflicting arguments launch_type and capacity_provider_strategy",
            format!(
                "launch_type: {launch_type:?} and capacity_provider_strategy exclude each other. Remove `launch_type` \
                 to have the capacity providers decide."
            ),
        );
    }
    if strategy.items().len() > 6 {
        out.error_at(
            at.clone().attribute("capacity_provider_strategy"),
            "Too many capacity_provider_strategy blocks",
            format!("There are {}; ECS takes 6 at most.", strategy.items().len()),
        );
    }
    let network = block.get("network_configuration");
    if launch_type == Some("FARGATE") && !network.is_unknown() && network.items().is_empty() {
        out.error_at(
            at.attribute("launch_type"),
            "Missing block network_configuration",
            "launch_type: \"FARGATE\" needs a `network_configuration` block with the `subnets` of the tasks.",
        );
    }
}

/// A FIFO queue takes no message without a group.
fn check_queue(config: &Value, out: &mut Diagnostics) {
    let Some(arn) = arn(config) else { return };
    if arn.service != "sqs" || !arn.resource.ends_with(".fifo") {
        return;
    }
    let block = config.get("sqs_target");
    let group = block.at(0).get("message_group_id");
    if !block.is_unknown() && !group.is_unknown() && group.as_set_str().is_none() {
        out.error_at(
            Path::of("arn"),
            "A FIFO queue needs a message group",
            format!(
                "arn: {:?} is a FIFO queue. Add `sqs_target {{ message_group_id = \"…\" }}`.",
                arn.resource
            ),
        );
    }
}

fn check_redshift(config: &Value, out: &mut Diagnostics) {
    let block = config.get("redshift_target").at(0);
    if is_set(block.get("sql")) && is_set(block.get("sqls")) {
        out.error_at(
            Path::of("redshift_target").index(0).attribute("sqls"),
            "Conflicting arguments sql and sqls",
            "Only one of `sql` and `sqls` may be set. Put the one statement into `sqls` too.",
        );
    }
}

fn check_run_command(config: &Value, out: &mut Diagnostics) {
    let count = config.get("run_command_targets").items().len();
    if count > 1 {
        let target = config
            .get("target_id")
            .as_set_str()
            .unwrap_or("(generated id)");
        out.warning_at(
            Path::of("run_command_targets").index(1).attribute("key"),
            format!("Target {target} has {count} run_command_targets blocks"),
            "EventBridge takes one; it refuses more, or leaves them out. Name all instances in one block, or make \
             several targets.",
        );
    }
}

/// The destination, as far as it is known.
pub fn arn(config: &Value) -> Option<Arn> {
    config.get("arn").as_str().and_then(Arn::parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(entries: &[(&str, Value)]) -> Vec<String> {
        let config = Value::map(entries.iter().map(|(k, v)| (*k, v.clone())));
        let mut out = Diagnostics::new();
        check(&config, &mut out);
        out.iter().map(|d| d.path.to_string()).collect()
    }

    fn block(entries: &[(&str, Value)]) -> Value {
        Value::List(vec![Value::map(
            entries.iter().map(|(k, v)| (*k, v.clone())),
        )])
    }

    #[test]
    fn a_rule_and_its_bus_belong_together() {
        let bus = "arn:aws:events:us-east-1:123456789012:event-bus/orders";
        let rule = "arn:aws:events:us-east-1:123456789012:rule/orders/placed";
        for (rule, bus, good) in [
            ("placed", "orders", true),
            ("orders/placed", "orders", true),
            ("orders/placed", bus, true),
            (rule, "orders", true),
            (rule, bus, true),
            ("orders/placed", "default", false),
            (rule, "returns", false),
        ] {
            let found = errors(&[("rule", rule.into()), ("event_bus_name", bus.into())]);
            assert_eq!(found.is_empty(), good, "{rule} {bus}");
        }
    }

    #[test]
    fn blocks_that_the_service_refuses() {
        let fifo: Value = "arn:aws:sqs:us-east-1:123456789012:q.fifo".into();
        let group = block(&[("message_group_id", "g".into())]);
        assert_eq!(errors(&[("arn", fifo.clone())]), ["arn"]);
        assert!(errors(&[("arn", fifo.clone()), ("sqs_target", group)]).is_empty());
        assert!(errors(&[("arn", fifo), ("sqs_target", Value::unknown())]).is_empty());
        assert_eq!(
            errors(&[("kinesis_target", block(&[]))]),
            ["kinesis_target[0].partition_key_path"]
        );
        let fargate = [("launch_type", Value::from("FARGATE"))];
        assert_eq!(
            errors(&[("ecs_target", block(&fargate))]),
            ["ecs_target[0].launch_type"]
        );
        let both = [
            ("launch_type", Value::from("EC2")),
            ("capacity_provider_strategy", block(&[])),
        ];
        assert_eq!(
            errors(&[("ecs_target", block(&both))]),
            ["ecs_target[0].launch_type"]
        );
        let sql = [("sql", Value::from("a")), ("sqls", vec!["b"].into())];
        assert_eq!(
            errors(&[("redshift_target", block(&sql))]),
            ["redshift_target[0].sqls"]
        );
    }

    #[test]
    fn a_placeholder_needs_its_path() {
        let bad = [("input_template", Value::from("\"<nobody>\""))];
        assert_eq!(
            errors(&[("input_transformer", block(&bad))]),
            ["input_transformer[0].input_template"]
        );
        let unknown = [
            ("input_template", Value::unknown()),
            ("input_paths", Value::unknown()),
        ];
        assert!(errors(&[("input_transformer", block(&unknown))]).is_empty());
        let left_out = [
            ("input_template", Value::from("\"<id>\"")),
            ("input_paths", Value::map([("id", Value::Null)])),
        ];
        assert_eq!(errors(&[("input_transformer", block(&left_out))]).len(), 1);
    }
}
