"""What a plan says of the world from memory, and what only AWS does: managed rules, slow deletes, quotas."""
import json

QUEUE = "arn:aws:sqs:eu-west-1:123456789012:queue"


def rule(label="test", name="test", body='  event_pattern = jsonencode({ source = ["shop"] })'):
    return f'resource "eventbridge_rule" "{label}" {{\n  name = "{name}"\n{body}\n}}\n'


def target(label, rule="eventbridge_rule.test.name", more=""):
    return (f'resource "eventbridge_target" "{label}" {{\n  rule = {rule}\n  target_id = "{label}"\n'
            f'  arn = "{QUEUE}"\n{more}}}\n')


def summaries(outcome):
    return [warning.summary for warning in outcome.warnings]


def test_a_sixth_target_is_foreseen(tf):
    six = "".join(target(f"t{n}") for n in range(6))
    assert 'More than 5 targets of rule "test"' in summaries(tf.plan(rule() + six))
    tf.apply(rule() + "".join(target(f"t{n}") for n in range(5)))
    assert 'More than 5 targets of rule "test"' in summaries(tf.plan(rule() + six))
    # One goes and one comes: five.
    five = "".join(target(f"t{n}") for n in range(1, 6))
    assert not summaries(tf.plan(rule() + five))


def test_targets_of_others_count(tf, events):
    tf.apply(rule() + target("t0"))
    events.put_targets(Rule="test", Targets=[{"Id": f"foreign-{n}", "Arn": QUEUE} for n in range(4)])
    outcome = tf.plan(rule() + target("t0") + target("t1"))
    assert 'More than 5 targets of rule "test"' in summaries(outcome), outcome


def test_a_rule_in_the_way_is_foreseen(tf, events):
    """From the bus's pages, which are read when more than one rule of it is."""
    for name in ("one", "two", "three"):
        events.put_rule(Name=name, ScheduleExpression="rate(1 hour)", State="ENABLED")
    ours = rule("one", "one", '  schedule_expression = "rate(1 hour)"') + rule(
        "two", "two", '  schedule_expression = "rate(1 hour)"')
    tf.apply(ours)
    # What is read later is not known yet: Terraform plans in no order.
    after = '  depends_on = [eventbridge_rule.one, eventbridge_rule.two]'
    pattern = '  event_pattern = jsonencode({ source = ["shop"] })'
    outcome = tf.plan(ours + rule("three", "three", f"{pattern}\n{after}"))
    assert 'Rule "three" exists already and differs' in summaries(outcome), outcome
    schedule = '  schedule_expression = "rate(1 hour)"'
    equal = tf.plan(ours + rule("three", "three", f"{schedule}\n{after}"))
    assert not summaries(equal), equal


def test_a_bus_in_the_way_is_foreseen(tf, events):
    events.create_event_bus(Name="orders", Description="theirs")
    known = 'data "eventbridge_bus" "orders" {\n  name = "orders"\n}\n'
    bus = 'resource "eventbridge_bus" "orders" {\n  name = "orders"\n  depends_on = [data.eventbridge_bus.orders]\n}\n'
    assert summaries(tf.plan(known + bus)) == ['Event bus "orders" exists already and differs']


def test_rules_with_wildcards_are_counted(tf):
    text = ('resource "eventbridge_rule" "wild" {\n  count = 31\n  name = "wild-${count.index}"\n'
            '  event_pattern = jsonencode({ source = [{ wildcard = "shop.*.${count.index}" }] })\n}\n')
    assert 'More than 30 rules with wildcards on event bus "default"' in summaries(tf.plan(text))


# --- managed rules ---

def managed(proxy):
    """Answers as if AWS Step Functions managed the rule."""
    def change(body):
        if "Arn" in body:
            body = {**body, "ManagedBy": "states.amazonaws.com"}
        return body
    return proxy.rewrite("DescribeRule", change, times=10 ** 6)


def test_a_managed_rule_is_left_to_its_service(tf_faulty):
    tf, proxy = tf_faulty
    tf.apply(rule())
    managed(proxy)
    tf.refresh()
    assert tf.state("eventbridge_rule.test")["managed_by"] == "states.amazonaws.com"
    tf.assert_plan_empty()
    changed = rule(body='  event_pattern = jsonencode({ source = ["other"] })')
    tf.expect_error("managed by states.amazonaws.com", changed)
    outcome = tf.destroy(ok=False)
    assert "force_destroy" in str(outcome), outcome
    # The flag itself is nothing to AWS.
    forced = rule(body='  event_pattern = jsonencode({ source = ["shop"] })\n  force_destroy = true')
    tf.apply(forced)
    proxy.forget()
    tf.destroy()
    assert [json.loads(body)["Force"] if isinstance(body, str) else body["Force"]
            for body in proxy.bodies("DeleteRule")] == [True]


# --- deletes that AWS is slow to notice ---

def test_a_delete_waits_while_only_aws_still_sees_targets(tf_faulty):
    tf, proxy = tf_faulty
    tf.apply(rule() + target("one"))
    proxy.fail("DeleteRule", "ValidationException", "Rule can't be deleted since it has targets.", times=2)
    tf.destroy()
    assert proxy.counts()["DeleteRule"] == 3


def test_rule_and_target_without_a_reference_go_together(tf_both):
    """With the rule's name in plain text Terraform deletes both at once (hashicorp/aws issue 15376)."""
    tf = tf_both
    tf.apply(rule())
    tf.apply(rule() + target("one", rule='"test"'))
    tf.destroy()
    assert not tf.state()


# --- roles ---

def test_a_new_role_is_waited_for(tf_faulty):
    tf, proxy = tf_faulty
    message = "Provided role 'arn:aws:iam::123456789012:role/r' cannot be assumed by principal 'events.amazonaws.com'."
    proxy.fail("PutRule", "ValidationException", message, times=2)
    tf.assert_applies(rule())
    assert proxy.counts()["PutRule"] == 3


def test_a_refused_target_without_its_role_is_put_back(tf_faulty, events):
    tf, proxy = tf_faulty
    role = '  role_arn = "arn:aws:iam::123456789012:role/events"\n'
    tf.apply(rule() + target("one", more=role))
    refused = {"FailedEntryCount": 1, "FailedEntries": [
        {"TargetId": "one", "ErrorCode": "ValidationException", "ErrorMessage": "RoleArn is required"}]}
    proxy.answer("PutTargets", refused, times=1)
    outcome = tf.apply(rule() + target("one"), ok=False)
    assert "RoleArn is required" in str(outcome) and "put back" in str(outcome), outcome
    assert events.list_targets_by_rule(Rule="test")["Targets"][0]["RoleArn"].endswith("role/events")
    assert tf.state("eventbridge_target.one")["role_arn"].endswith("role/events")
    tf.apply()
    assert "RoleArn" not in events.list_targets_by_rule(Rule="test")["Targets"][0]


def test_failed_entries_are_errors(tf_faulty):
    tf, proxy = tf_faulty
    refused = {"FailedEntryCount": 1, "FailedEntries": [
        {"TargetId": "one", "ErrorCode": "LimitExceededException", "ErrorMessage": "The requested resource exceeds"}]}
    proxy.answer("PutTargets", refused, times=1)
    error = tf.expect_error("LimitExceededException", rule() + target("one"), during="apply")
    assert "The requested resource exceeds" in error.detail
    assert proxy.counts()["PutTargets"] == 1, "a quota is final"
    assert "eventbridge_target.one" not in tf.state()
