"""What AWS does on a bad day: throttling, errors, lost answers, limits. Scripted by the fault proxy."""
import pytest

from lib.proxy import ALWAYS

RULE = 'resource "eventbridge_rule" "test" {\n  name = "test"\n  schedule_expression = "rate(1 hour)"\n}\n'
TARGET = ('resource "eventbridge_target" "test" {\n  rule = eventbridge_rule.test.name\n  target_id = "one"\n'
          '  arn = "arn:aws:sqs:eu-west-1:123456789012:%s"\n}\n')
BUS = 'resource "eventbridge_bus" "test" {\n  name = "orders"\n}\n'
CREATES = {"PutRule": RULE, "PutTargets": RULE + TARGET % "queue", "CreateEventBus": BUS}


@pytest.mark.parametrize("operation", CREATES)
@pytest.mark.parametrize("code", ["ThrottlingException", "InternalException", "ConcurrentModificationException"])
def test_passing_faults_are_retried(tf_faulty, operation, code):
    tf, proxy = tf_faulty
    proxy.fail(operation, code, times=2)
    tf.assert_applies(CREATES[operation])
    assert proxy.calls(operation) == 3


@pytest.mark.parametrize("operation", CREATES)
@pytest.mark.parametrize("code", ["LimitExceededException", "AccessDeniedException", "ValidationException"])
def test_final_faults_are_final_at_once(tf_faulty, operation, code):
    """hashicorp/aws retries LimitExceeded "for ever" (issues 44477, 41316)."""
    tf, proxy = tf_faulty
    proxy.fail(operation, code, "no more of these", times=100)
    error = tf.expect_error(code, CREATES[operation], during="apply")
    assert "no more of these" in str(error)
    assert proxy.calls(operation) == 1


@pytest.mark.parametrize("operation", CREATES)
def test_a_lost_answer_is_no_loss(tf_faulty, operation):
    """AWS did it, the answer never came: the object is ours, in the state, and not made twice."""
    tf, proxy = tf_faulty
    proxy.lose(operation)
    tf.apply(CREATES[operation])
    tf.assert_plan_empty()


@pytest.mark.parametrize("operation", CREATES)
def test_a_dropped_connection_is_tried_again(tf_faulty, operation):
    tf, proxy = tf_faulty
    proxy.drop(operation)
    tf.assert_applies(CREATES[operation])


def test_failed_entries_are_errors(tf_faulty):
    tf, proxy = tf_faulty
    proxy.answer("PutTargets", {"FailedEntryCount": 1, "FailedEntries": [
        {"TargetId": "one", "ErrorCode": "AccessDeniedException", "ErrorMessage": "the bus's policy says no"}]}, times=100)
    error = tf.expect_error("AccessDeniedException", CREATES["PutTargets"], during="apply")
    assert "the bus's policy says no" in str(error)
    assert "eventbridge_target.test" not in tf.state()


def test_a_failed_entry_that_passes_is_retried(tf_faulty):
    """hashicorp/aws does not retry it."""
    tf, proxy = tf_faulty
    proxy.answer("PutTargets", {"FailedEntryCount": 1, "FailedEntries": [
        {"TargetId": "one", "ErrorCode": "ConcurrentModificationException", "ErrorMessage": "again"}]}, times=2)
    tf.assert_applies(CREATES["PutTargets"])


def test_failed_removal_is_an_error(tf_faulty):
    tf, proxy = tf_faulty
    tf.apply(CREATES["PutTargets"])
    proxy.answer("RemoveTargets", {"FailedEntryCount": 1, "FailedEntries": [
        {"TargetId": "one", "ErrorCode": "ManagedRuleException", "ErrorMessage": "managed"}]}, times=100)
    outcome = tf.apply(RULE, ok=False)
    assert "ManagedRuleException" in str(outcome.errors[0])
    assert tf.state("eventbridge_target.test"), "it is still there"


def test_state_after_a_failed_update_is_what_aws_has(tf_faulty):
    """With hashicorp/aws the state holds the new ARN, which was never applied."""
    tf, proxy = tf_faulty
    tf.apply(CREATES["PutTargets"])
    proxy.fail("PutTargets", "AccessDeniedException", times=100)
    tf.apply(RULE + TARGET % "other", ok=False)
    assert tf.state("eventbridge_target.test")["arn"].endswith(":queue")
    proxy.clear()
    tf.apply()
    tf.assert_plan_empty()


def test_state_after_a_failed_rule_update(tf_faulty):
    tf, proxy = tf_faulty
    tf.apply(RULE)
    proxy.fail("PutRule", "AccessDeniedException", times=100)
    tf.apply(RULE.replace("1 hour", "2 hours"), ok=False)
    assert tf.state("eventbridge_rule.test")["schedule_expression"] == "rate(1 hour)"


def test_half_an_update_is_told_as_half(tf_faulty):
    """The rule changes, its tags do not: the state says exactly that."""
    tf, proxy = tf_faulty
    tf.apply(RULE)
    proxy.fail("TagResource", "AccessDeniedException", times=100)
    tf.apply(RULE.replace("1 hour", "2 hours").replace("\n}", '\n  tags = { a = "b" }\n}'), ok=False)
    state = tf.state("eventbridge_rule.test")
    assert state["schedule_expression"] == "rate(2 hours)" and not state["tags"]
    proxy.clear()
    tf.apply()
    tf.assert_plan_empty()


def test_access_denied_on_read_is_not_gone(tf_faulty):
    tf, proxy = tf_faulty
    tf.apply(RULE)
    proxy.fail("DescribeRule", "AccessDeniedException", times=100)
    proxy.fail("ListRules", "AccessDeniedException", times=100)
    tf.expect_error("AccessDenied", during="plan")
    assert tf.state("eventbridge_rule.test")


def test_a_fresh_role_is_waited_for(tf_faulty):
    """IAM takes a moment until a new role can be assumed."""
    tf, proxy = tf_faulty
    proxy.fail("PutRule", "ValidationException",
               "Provided role 'arn:aws:iam::1:role/x' cannot be assumed by principal 'events.amazonaws.com'.", times=2)
    tf.assert_applies(RULE.replace("\n}", '\n  role_arn = "arn:aws:iam::123456789012:role/x"\n}'))
    assert proxy.calls("PutRule") == 3


def test_targets_that_are_just_gone_are_waited_for(tf_faulty):
    """AWS says "has targets" for a moment after the last one was removed."""
    tf, proxy = tf_faulty
    tf.apply(CREATES["PutTargets"])
    proxy.fail("DeleteRule", "ValidationException", "Rule can't be deleted since it has targets.", times=2)
    tf.destroy()
    assert proxy.calls("DeleteRule") == 3


def test_rules_that_are_just_gone_are_waited_for(tf_faulty):
    tf, proxy = tf_faulty
    tf.apply(BUS)
    proxy.fail("DeleteEventBus", "ValidationException", "EventBus can't be deleted since it has rules.", times=2)
    tf.destroy()
    assert proxy.calls("DeleteEventBus") == 3


def test_no_call_that_is_not_needed(tf_faulty):
    """hashicorp/aws makes 4 calls for a rule and 2 for a target; a refresh is 2 and 1."""
    tf, proxy = tf_faulty
    tf.apply(BUS + RULE.replace('"test"\n', '"test"\n  event_bus_name = eventbridge_bus.test.name\n', 1)
             .replace('schedule_expression = "rate(1 hour)"', 'event_pattern = jsonencode({ source = ["a"] })')
             + TARGET.replace("test.name", "test.id") % "queue")
    created = proxy.counts()
    assert created["PutRule"] == created["PutTargets"] == created["CreateEventBus"] == 1
    assert sum(created.values()) <= 6, created
    proxy.forget()
    tf.assert_plan_empty()
    assert sum(proxy.counts().values()) <= 6, proxy.counts()
    writes = [name for name in proxy.counts() if not name.startswith(("Describe", "List", "Get"))]
    assert not writes


# --- several in one call ---

TARGETS = RULE + """resource "eventbridge_target" "test" {
  for_each  = toset([for n in range(%d) : "t${n}"])
  rule      = eventbridge_rule.test.name
  target_id = each.key
  arn       = "arn:aws:sqs:eu-west-1:123456789012:queue"
}
"""


def ids(call):
    return {target["Id"] for target in call.body["Targets"]}


def targets_of(events):
    return sorted(target["Id"] for target in events.list_targets_by_rule(Rule="test")["Targets"])


def test_a_bad_target_spoils_no_other(tf_faulty, events):
    """AWS refuses a whole PutTargets for one bad target; each resource has its own result all the same."""
    tf, proxy = tf_faulty
    proxy.fail("PutTargets", "ValidationException", "Parameter t1 is not valid.", times=ALWAYS,
               when=lambda call: "t1" in ids(call))
    outcome = tf.apply(TARGETS % 4, ok=False)
    assert [error.address for error in outcome.errors] == ['eventbridge_target.test["t1"]'], outcome
    assert targets_of(events) == ["t0", "t2", "t3"]
    proxy.clear()
    tf.apply()
    tf.assert_plan_empty()


def test_as_many_targets_as_fit(tf_faulty, events):
    """AWS takes no target of a PutTargets that would make it more than five; neither emulator counts them."""
    tf, proxy = tf_faulty
    proxy.fail("PutTargets", "LimitExceededException", "The requested resource exceeds the maximum number allowed.",
               times=ALWAYS, when=lambda call: len(ids(call) | set(targets_of(events))) > 5)
    outcome = tf.apply(TARGETS % 7, ok=False)
    assert len(outcome.errors) == 2 and len(targets_of(events)) == 5, outcome
    assert sum("target" in address for address in tf.state()) == 5


# --- pages ---

RULES = """resource "eventbridge_rule" "test" {
  for_each      = toset([for n in range(12) : "r${n}"])
  name          = each.key
  event_pattern = jsonencode({ source = ["shop"] })
  tags          = { a = "b" }
}
"""
PAGES = ["ListRules", "GetResources"]


@pytest.mark.parametrize("operation", PAGES)
@pytest.mark.parametrize("fault", ["AccessDeniedException", "InternalException", "cut", "lost"])
def test_pages_that_cannot_be_had_only_cost_calls(tf_faulty, operation, fault):
    tf, proxy = tf_faulty
    tf.terraform.environment["EVENTBRIDGE_WAIT_SCALE"] = "0.01"
    tf.apply(RULES)
    if fault == "cut":
        proxy.answer(operation, b"{", times=ALWAYS)
    elif fault == "lost":
        proxy.lose(operation, times=ALWAYS)
    else:
        proxy.fail(operation, fault, times=ALWAYS)
    proxy.forget()
    tf.assert_plan_empty()
    # All who wait for the page hear of it, and none tries again. Where nothing answers, the tagging API is left sooner.
    unanswered = fault in ("cut", "lost")
    tries = 1 if fault == "AccessDeniedException" else 2 if unanswered and operation == "GetResources" else 6
    assert proxy.calls(operation) == tries


def test_a_tag_that_the_bulk_answer_lacks_is_not_gone(tf_faulty):
    tf, proxy = tf_faulty
    tf.apply(RULES)
    proxy.rewrite("GetResources", times=ALWAYS, change=lambda body: {
        **body, "ResourceTagMappingList": body["ResourceTagMappingList"][1:]})
    proxy.forget()
    tf.assert_plan_empty()
    assert proxy.calls("GetResources") == 1
    assert proxy.calls("ListTagsForResource") <= 6, "the first four, and the one that is lacking"


def test_a_rule_that_the_pages_do_not_know_yet_is_not_gone(tf_faulty):
    """ListRules lags behind: it lacks a rule, or does not even know the bus."""
    tf, proxy = tf_faulty
    tf.apply(RULES)
    proxy.rewrite("ListRules", times=ALWAYS, change=lambda body: {
        **body, "Rules": [rule for rule in body["Rules"] if rule["Name"] != "r3"]})
    tf.assert_plan_empty()
    proxy.clear()
    proxy.fail("ListRules", "ResourceNotFoundException", "Event bus default does not exist.", times=ALWAYS)
    tf.assert_plan_empty()


@pytest.mark.parametrize("denied", [False, True])
def test_a_bus_of_another_account_is_read_by_the_page(tf_faulty_moto, denied):
    tf, proxy = tf_faulty_moto
    tf.emulator.client("events").create_event_bus(Name="theirs")
    if denied:
        proxy.fail("DescribeEventBus", "AccessDeniedException", times=ALWAYS)
    bus = "arn:aws:events:eu-west-1:999988887777:event-bus/theirs"
    tf.apply(RULES.replace("name ", f'event_bus_name = "{bus}"\n  name ', 1))
    proxy.forget()
    tf.assert_plan_empty()
    counts = proxy.counts()
    # Whose the account is, is asked once: of the default bus.
    assert counts["DescribeEventBus"] == counts["ListRules"] == counts["DescribeRule"] == 1, counts
