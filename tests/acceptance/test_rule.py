"""eventbridge_rule: its life, and where hashicorp/aws goes wrong with its counterpart."""
import json

import pytest


def rule(body, name="test", label="test"):
    return f'resource "eventbridge_rule" "{label}" {{\n  name = "{name}"\n{body}\n}}\n'


HOURLY = '  schedule_expression = "rate(1 hour)"'
PATTERN = '  event_pattern = jsonencode({ source = ["shop.orders"] })'
BUS = 'resource "eventbridge_bus" "test" {\n  name = "orders"\n}\n'


# --- a life ---

def test_attributes_on_the_default_bus(tf_both):
    tf = tf_both
    tf.assert_applies(rule(HOURLY))
    state = tf.state("eventbridge_rule.test")
    assert state["id"] == "test"
    assert state["arn"] == f"arn:aws:events:{tf.region}:{tf.account}:rule/test"
    assert state["event_bus_name"] == "default"
    assert state["state"] == "ENABLED"
    assert state["force_destroy"] is False
    assert not state["managed_by"]
    assert state["created_by"] == tf.account


def test_attributes_on_a_custom_bus(tf_both):
    tf = tf_both
    tf.assert_applies(BUS + rule("  event_bus_name = eventbridge_bus.test.name\n" + PATTERN))
    state = tf.state("eventbridge_rule.test")
    assert state["id"] == "orders/test"
    assert state["arn"] == f"arn:aws:events:{tf.region}:{tf.account}:rule/orders/test"


@pytest.mark.parametrize("before, after", [
    (HOURLY + '\n  description = "one"', HOURLY + '\n  description = "two"'),
    (HOURLY, '  schedule_expression = "rate(2 hours)"'),
    (PATTERN, '  event_pattern = jsonencode({ source = ["shop.returns"] })'),
    (PATTERN, HOURLY),
    (HOURLY, HOURLY + "\n" + PATTERN),
    (HOURLY + "\n" + PATTERN, PATTERN),
    (HOURLY, HOURLY + '\n  state = "DISABLED"'),
    (HOURLY + '\n  state = "DISABLED"', HOURLY + '\n  state = "ENABLED"'),
    (HOURLY, HOURLY + '\n  role_arn = "arn:aws:iam::123456789012:role/events"'),
    (HOURLY, HOURLY + "\n  force_destroy = true"),
    (HOURLY, HOURLY + "\n  remove_targets_on_destroy = true"),
], ids=["description", "schedule", "pattern", "pattern to schedule", "pattern added", "schedule removed",
        "disabled", "enabled", "role", "force_destroy", "remove_targets_on_destroy"])
def test_changes_in_place(tf_both, before, after):
    tf = tf_both
    tf.apply(rule(before))
    assert tf.plan(rule(after)).changes == {"eventbridge_rule.test": "update"}
    tf.apply()
    tf.assert_plan_empty()


@pytest.mark.parametrize("before, after", [
    (rule(PATTERN), rule(PATTERN, name="other")),
    (rule(PATTERN), BUS + rule("  event_bus_name = eventbridge_bus.test.name\n" + PATTERN)),
], ids=["name", "bus"])
def test_replacements(tf_both, before, after):
    tf = tf_both
    tf.apply(before)
    assert tf.plan(after).changes["eventbridge_rule.test"] == "replace"
    tf.apply()
    tf.assert_plan_empty()


def test_removed_arguments_are_removed(tf_moto, events):
    """On moto: ministack keeps what PutRule leaves out."""
    tf = tf_moto
    tf.apply(rule(f'{PATTERN}\n{HOURLY}\n  description = "d"\n  state = "DISABLED"\n'
                  '  role_arn = "arn:aws:iam::123456789012:role/events"\n  tags = { a = "b" }'))
    tf.apply(rule(HOURLY))
    left = events.describe_rule(Name="test")
    assert not left.get("EventPattern") and not left.get("Description") and not left.get("RoleArn")
    assert left["State"] == "ENABLED", "removing state re-enables (hashicorp/aws issue 40857)"
    assert events.list_tags_for_resource(ResourceARN=left["Arn"])["Tags"] == []
    tf.assert_plan_empty()


def test_tags_change_in_place(tf_both, events):
    tf = tf_both
    tf.assert_applies(rule(HOURLY + '\n  tags = { one = "1", two = "2" }'))
    tf.assert_applies(rule(HOURLY + '\n  tags = { two = "two", three = "3" }'))
    arn = tf.state("eventbridge_rule.test")["arn"]
    tags = events.list_tags_for_resource(ResourceARN=arn)["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"two": "two", "three": "3"}
    assert tf.state("eventbridge_rule.test")["tags_all"] == {"two": "two", "three": "3"}


def test_generated_names(tf):
    tf.assert_applies('resource "eventbridge_rule" "prefixed" {\n  name_prefix = "nightly-"\n' + HOURLY + "\n}\n"
                      'resource "eventbridge_rule" "plain" {\n' + HOURLY + "\n}\n")
    prefixed, plain = tf.state("eventbridge_rule.prefixed"), tf.state("eventbridge_rule.plain")
    assert prefixed["name"].startswith("nightly-") and prefixed["name_prefix"] == "nightly-"
    assert plain["name"].startswith("terraform-")
    assert len(plain["name"]) == len("terraform-") + 26


@pytest.mark.parametrize("identifier", ["test", "default/test"])
def test_import_from_the_default_bus(tf_both, identifier):
    tf = tf_both
    tf.apply(rule(HOURLY + '\n  description = "d"\n  tags = { a = "b" }'))
    tf.check_import("eventbridge_rule.test", identifier)


@pytest.mark.parametrize("enabled", ["true", "false"])
def test_import_finds_the_deprecated_flag_set(tf_both, enabled):
    tf = tf_both
    tf.apply(rule(HOURLY + f"\n  is_enabled = {enabled}"))
    before = tf.state("eventbridge_rule.test")
    tf.forget("eventbridge_rule.test")
    tf.import_("eventbridge_rule.test", "test")
    assert tf.state("eventbridge_rule.test") == before
    # The plan warns of the deprecated argument.
    assert not tf.plan().changes


def test_import_from_a_custom_bus(tf_both):
    tf = tf_both
    tf.apply(BUS + rule("  event_bus_name = eventbridge_bus.test.name\n" + PATTERN))
    tf.check_import("eventbridge_rule.test", "orders/test")


def test_import_by_bus_arn(tf_both):
    tf = tf_both
    tf.apply(BUS + rule("  event_bus_name = eventbridge_bus.test.arn\n" + PATTERN))
    tf.check_import("eventbridge_rule.test", f"arn:aws:events:{tf.region}:{tf.account}:event-bus/orders/test")


def test_import_takes_a_region(tf):
    tf.apply(rule(HOURLY))
    tf.check_import("eventbridge_rule.test", f"test@{tf.region}")


def test_import_of_what_is_not_there(tf_both):
    tf = tf_both
    tf.configure(rule(HOURLY))
    assert "Cannot import non-existent remote object" in tf.import_("eventbridge_rule.test", "absent", ok=False)


@pytest.mark.parametrize("identifier", ["", "/", "/test", "test/", "a/b/c", "arn:aws:events:x"])
def test_import_ids_that_are_none(tf, identifier):
    tf.configure(rule(HOURLY))
    tf.import_("eventbridge_rule.test", identifier, ok=False)


# --- drift ---

def put(events, **changes):
    events.put_rule(**{"Name": "test", "ScheduleExpression": "rate(1 hour)", "Description": "d", "State": "ENABLED",
                       **changes})


@pytest.mark.parametrize("change", [
    {"ScheduleExpression": "rate(2 hours)"},
    {"Description": "changed"},
    {"State": "DISABLED"},
    {"EventPattern": '{"source":["x"]}'},
    {"RoleArn": "arn:aws:iam::123456789012:role/other"},
], ids=lambda change: next(iter(change)))
def test_drift_is_seen_and_mended(tf_both, events, change):
    tf = tf_both
    tf.apply(rule(HOURLY + '\n  description = "d"'))
    put(events, **change)
    assert tf.plan().changes == {"eventbridge_rule.test": "update"}
    tf.apply()
    if "RoleArn" in change and not tf.emulator.token:
        return  # ministack keeps a role that PutRule leaves out
    if "EventPattern" in change and not tf.emulator.token:
        return  # and a pattern
    tf.assert_plan_empty()


def test_a_pattern_removed_outside_is_seen(tf_moto, events):
    """hashicorp/aws keeps showing the old one. On moto: ministack keeps it too."""
    tf = tf_moto
    tf.apply(rule(HOURLY + "\n" + PATTERN + '\n  description = "d"'))
    put(events)
    assert tf.plan().changes == {"eventbridge_rule.test": "update"}


def test_drift_of_tags(tf_both, events):
    tf = tf_both
    tf.apply(rule(HOURLY + '\n  tags = { a = "b" }'))
    arn = tf.state("eventbridge_rule.test")["arn"]
    events.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "c"}, {"Key": "new", "Value": "1"}])
    assert tf.plan().changes == {"eventbridge_rule.test": "update"}
    tf.apply()
    tf.assert_plan_empty()


def test_deleted_outside_is_made_again(tf_both, events):
    tf = tf_both
    tf.apply(rule(HOURLY))
    events.delete_rule(Name="test")
    assert tf.plan().changes == {"eventbridge_rule.test": "create"}
    tf.apply()
    tf.assert_plan_empty()


def test_destroy_of_what_is_gone(tf_both, events):
    tf = tf_both
    tf.apply(rule(HOURLY))
    events.delete_rule(Name="test")
    tf.destroy()
    assert not tf.state()


# --- patterns are the user's text ---

def test_pattern_text_reaches_aws_as_written(tf_both, events):
    """hashicorp/aws rounds numbers beyond 2^53 and rewrites the text."""
    tf = tf_both
    text = '{ "detail": {"n": [7.0, 3.0e2, 98765432109876543210]},  "source": ["<a> & \\\\u003c"] }'
    tf.assert_applies(rule(f"  event_pattern = <<EOF\n{text}\nEOF"), warnings="compared as text")
    assert events.describe_rule(Name="test")["EventPattern"].strip() == text
    assert tf.state("eventbridge_rule.test")["event_pattern"].strip() == text


def test_equal_patterns_are_no_change(tf_both):
    tf = tf_both
    tf.apply(rule('  event_pattern = <<EOF\n{"source": ["a"], "detail": {"x": [1, 2]}}\nEOF'))
    outcome = tf.plan(rule('  event_pattern = jsonencode({ detail = { x = [1, 2] }, source = ["a"] })'))
    assert not outcome.changes, outcome


def test_a_pattern_rewritten_at_aws_with_the_same_meaning_is_no_drift(tf_both, events):
    tf = tf_both
    tf.apply(rule('  event_pattern = <<EOF\n{\n  "source": ["a"],\n  "detail": {"x": ["<"]}\n}\nEOF'))
    events.put_rule(Name="test", EventPattern='{"detail":{"x":["\\u003c"]},"source":["a"]}', State="ENABLED")
    tf.assert_plan_empty()


def test_duplicate_keys_are_remarked(tf):
    """hashicorp/aws drops the first of them in silence."""
    outcome = tf.validate(rule('  event_pattern = "{\\"source\\":[\\"a\\"],\\"source\\":[\\"b\\"]}"'))
    assert any("source" in str(warning) for warning in outcome.warnings), outcome


# --- said at plan, not at apply ---

@pytest.mark.parametrize("body, wanted", [
    ('  event_pattern = jsonencode({ source = "aws.ec2" })', r"source.*must be an object or an array"),
    ('  event_pattern = jsonencode({ detail = {} })', r"Empty objects are not allowed"),
    ('  event_pattern = jsonencode({ detail = { x = [] } })', r"Empty arrays are not allowed"),
    ('  event_pattern = jsonencode({ source = [{ prefixx = "a" }] })', r"Unrecognized match type prefixx"),
    ('  event_pattern = "not json"', r"JSON"),
    ('  event_pattern = "[1]"', r"object"),
    ('  event_pattern = jsonencode({ source = ["' + "a" * 4090 + '"] })', r"4,?096"),
    ('  schedule_expression = "rate(1 minutes)"', r"rate\(1 minute\)"),
    ('  schedule_expression = "rate(2 minute)"', r"rate\(2 minutes\)"),
    ('  schedule_expression = "cron(* * * * *)"', r"5 fields"),
    ('  schedule_expression = "cron(0 12 * * * *)"', r"\?"),
    ('  schedule_expression = "cron(99 12 * * ? *)"', r"99"),
    ('  schedule_expression = "every day"', r"rate\(|cron\("),
    ('  event_bus_name = "orders"\n' + HOURLY, r"only on the default"),
    (HOURLY + '\n  state = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"', r"CLOUDTRAIL"),
    (HOURLY + '\n  state = "OFF"', r"ENABLED.*DISABLED"),
    (HOURLY + '\n  state = "ENABLED"\n  is_enabled = true', r"is_enabled"),
    (HOURLY + '\n  name_prefix = "x"', r"name_prefix"),
    (HOURLY + '\n  description = "' + "d" * 513 + '"', r"512"),
    (HOURLY + '\n  role_arn = "role"', r"ARN"),
    (HOURLY + '\n  event_bus_name = "a b"', r"event_bus_name|bus"),
    (HOURLY + '\n  tags = { "aws:cost" = "1" }', r"aws:cost.*reserved"),
    ("", r"event_pattern.*schedule_expression|schedule_expression.*event_pattern"),
], ids=["scalar", "empty object", "empty array", "operator", "text", "array", "length", "rate one", "rate many",
        "five fields", "both days", "range", "neither form", "custom bus", "trail state", "state", "state twice",
        "name twice", "description", "role", "bus", "tag", "nothing"])
def test_refused_at_validate(tf, body, wanted):
    error = tf.expect_error(wanted, rule(body), during="validate")
    assert error.summary and not error.summary.endswith(".")


def test_a_schedule_on_no_bus_at_all_is_one_mistake(tf):
    outcome = tf.validate(rule(HOURLY + '\n  event_bus_name = "a b"'))
    assert ["event_bus_name" in error.code for error in outcome.errors] == [True], outcome


@pytest.mark.parametrize("argument, value", [
    ("name", "a b"), ("name", "n" * 65), ("name_prefix", "p" * 39), ("name_prefix", "p$"),
])
def test_names_are_checked_at_validate(tf, argument, value):
    """A prefix of 39 to 64 characters passes hashicorp/aws's plan and fails at apply (terraform-aws-eks 3553)."""
    text = f'resource "eventbridge_rule" "test" {{\n  {argument} = "{value}"\n{HOURLY}\n}}\n'
    error = tf.expect_error(argument, text, during="validate")
    assert argument in error.code


def test_the_longest_prefix_applies(tf):
    tf.assert_applies('resource "eventbridge_rule" "test" {\n  name_prefix = "' + "p" * 38 + f'"\n{HOURLY}\n}}\n')


# --- create never overwrites ---

def test_an_equal_rule_is_taken_over_with_a_warning(tf_both, events):
    tf = tf_both
    events.put_rule(Name="test", ScheduleExpression="rate(1 hour)", State="ENABLED")
    outcome = tf.apply(rule(HOURLY))
    assert outcome.warnings and "test" in str(outcome.warnings[0]), outcome
    tf.assert_plan_empty()


def test_a_different_rule_is_refused(tf_both, events):
    tf = tf_both
    events.put_rule(Name="test", ScheduleExpression="rate(2 hours)", State="ENABLED", Description="someone's")
    error = tf.expect_error("schedule_expression", rule(HOURLY), during="apply")
    assert "import" in error.detail and "adopt" in error.detail
    assert events.describe_rule(Name="test")["ScheduleExpression"] == "rate(2 hours)"
    assert not tf.state()


def test_adopt_updates_it(tf_both, events):
    tf = tf_both
    events.put_rule(Name="test", ScheduleExpression="rate(2 hours)", State="DISABLED")
    tf.apply(rule(HOURLY + "\n  adopt = true"))
    found = events.describe_rule(Name="test")
    assert (found["ScheduleExpression"], found["State"]) == ("rate(1 hour)", "ENABLED")
    tf.assert_plan_empty()


# --- destroy ---

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:queue"


def test_destroy_names_the_targets_in_the_way(tf_both, events):
    """hashicorp/aws waits five minutes and then says "has targets" (issue 18519)."""
    tf = tf_both
    tf.apply(rule(HOURLY + '\n  timeouts {\n    delete = "2s"\n  }'))
    events.put_targets(Rule="test", Targets=[{"Id": "foreign", "Arn": QUEUE}])
    outcome = tf.destroy(ok=False)
    assert "foreign" in str(outcome) and "remove_targets_on_destroy" in str(outcome), outcome
    assert events.describe_rule(Name="test") and tf.state("eventbridge_rule.test")


def test_remove_targets_on_destroy(tf_both, events):
    """What hashicorp/aws's users expected of force_destroy (issue 34906)."""
    tf = tf_both
    tf.apply(rule(HOURLY + "\n  remove_targets_on_destroy = true"))
    events.put_targets(Rule="test", Targets=[{"Id": "foreign", "Arn": QUEUE}])
    tf.destroy()
    assert events.list_rules()["Rules"] == []


# --- the bus by name or by ARN ---

def test_name_and_arn_of_one_bus_are_equal(tf_both, events):
    """hashicorp/aws replaces the rule, and with create_before_destroy loses it (issue 48985)."""
    tf = tf_both
    tail = PATTERN + "\n  lifecycle {\n    create_before_destroy = true\n  }"
    target = ('resource "eventbridge_target" "test" {\n  rule = eventbridge_rule.test.name\n'
              '  event_bus_name = eventbridge_bus.test.%s\n  target_id = "queue"\n  arn = "' + QUEUE + '"\n'
              '  lifecycle {\n    create_before_destroy = true\n  }\n}\n')
    tf.apply(BUS + rule("  event_bus_name = eventbridge_bus.test.name\n" + tail) + target % "name")
    outcome = tf.plan(BUS + rule("  event_bus_name = eventbridge_bus.test.arn\n" + tail) + target % "arn")
    assert "replace" not in str(outcome.changes) and "delete" not in str(outcome.changes), outcome
    tf.apply()
    tf.assert_plan_empty()
    assert [t["Id"] for t in events.list_targets_by_rule(Rule="test", EventBusName="orders")["Targets"]] == ["queue"]


def test_rules_of_one_name_on_two_buses(tf, events):
    """The same name on two buses is two rules (ministack: moto mixes up their tags)."""
    tf.assert_applies(BUS + rule(PATTERN + '\n  tags = { on = "default" }', label="default")
                      + rule("  event_bus_name = eventbridge_bus.test.name\n" + PATTERN + '\n  tags = { on = "orders" }',
                             label="custom"))
    tf.apply(BUS + rule(PATTERN + '\n  tags = { on = "default" }', label="default"))
    assert events.list_rules(EventBusName="orders")["Rules"] == []
    assert [found["Name"] for found in events.list_rules()["Rules"]] == ["test"]


# --- deprecated is_enabled ---

def test_is_enabled_goes_to_and_fro(tf_both, events):
    tf = tf_both
    for enabled in (False, True, False):
        outcome = tf.apply(rule(HOURLY + f"\n  is_enabled = {str(enabled).lower()}"))
        assert any("deprecated" in str(warning).lower() for warning in outcome.warnings), outcome
        assert events.describe_rule(Name="test")["State"] == ("ENABLED" if enabled else "DISABLED")
        assert not tf.plan().changes
    tf.apply(rule(HOURLY))
    assert events.describe_rule(Name="test")["State"] == "ENABLED"
    tf.assert_plan_empty()


# --- another region ---

def test_region_of_the_resource(tf, events):
    tf.assert_applies(rule(HOURLY + '\n  region = "us-east-1"'))
    assert tf.state("eventbridge_rule.test")["region"] == "us-east-1"
    assert events.list_rules()["Rules"] == []
    assert tf.emulator.client("events", "us-east-1").describe_rule(Name="test")["Name"] == "test"
    assert tf.plan(rule(HOURLY)).changes == {"eventbridge_rule.test": "replace"}


# --- sample events beside the pattern ---

def test_a_sample_event_that_does_not_match_is_an_error(tf):
    text = rule('''  event_pattern = jsonencode({ source = ["shop.orders"], detail = { total = [{ numeric = [">", 100] }] } })
  tests = {
    "small order" = { event = jsonencode({ source = "shop.orders", detail-type = "Placed", detail = { total = "250" } }) }
  }''')
    error = tf.expect_error('test "small order" failed', text)
    assert "detail.total" in error.detail


def test_changing_only_tests_calls_nothing(tf_faulty):
    tf, proxy = tf_faulty
    tf.apply(rule(PATTERN))
    proxy.forget()
    event = json.dumps(json.dumps({"source": "shop.orders", "detail-type": "x", "detail": {}}))
    tf.apply(rule(PATTERN + f"\n  tests = {{ a = {{ event = {event} }} }}"))
    assert proxy.calls("PutRule") == 0
    tf.assert_plan_empty()
