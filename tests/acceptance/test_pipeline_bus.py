"""A pipeline that moves to another bus: nothing is lost, and an interrupted move is gone on with."""
import pytest

from lib.proxy import ALWAYS
from pipeline import (ADDRESS, OTHER, names, own, own_function, own_queue, own_table, pipeline, publish, rows,
                      wait_for)

MOVED = pipeline("  event_bus_name = eventbridge_bus.other.name", before=OTHER)
# What a pipeline on `other` leaves of the buses and rules.
ON_OTHER = {"buses": ["default", "other"], "rules": ["other/{}"]}


def places(aws):
    found = names(aws)
    return {"buses": found["buses"], "rules": [rule.replace(own(aws), "{}") for rule in found["rules"]]}


def test_another_bus_keeps_the_table_and_takes_the_owned_bus_away(tf, aws):
    tf.apply(pipeline(before=OTHER))
    publish(aws)
    wait_for(lambda: rows(aws))
    tf.assert_applies(MOVED)
    assert places(aws) == ON_OTHER
    publish(aws, bus="other")
    wait_for(lambda: len(rows(aws)) == 2)
    assert tf.state(ADDRESS)["owns_event_bus"] is False
    tf.assert_applies(pipeline(before=OTHER))
    assert tf.state(ADDRESS)["owns_event_bus"] is True
    publish(aws)
    wait_for(lambda: len(rows(aws)) == 3)


def test_a_bus_by_its_arn_is_the_same_bus(tf):
    tf.apply(MOVED)
    by_arn = pipeline("  event_bus_name = eventbridge_bus.other.arn", before=OTHER)
    tf.assert_plan_empty(by_arn)


def test_the_new_rule_invokes_before_the_old_one_goes(tf_faulty):
    tf, proxy = tf_faulty
    tf.apply(pipeline(before=OTHER))
    proxy.forget()
    tf.apply(MOVED)
    order = [(call.operation, call.body.get("EventBusName") or call.body.get("Name")) for call in proxy.log
             if call.operation in ("PutRule", "PutTargets", "RemoveTargets", "DeleteRule", "DeleteEventBus")]
    old = own(tf.emulator)
    assert order == [("PutRule", "other"), ("PutTargets", "other"), ("RemoveTargets", old), ("DeleteRule", old),
                     ("DeleteEventBus", old)]


def test_an_owned_bus_with_rules_of_others_stays(tf, aws):
    tf.apply(pipeline(before=OTHER))
    aws.client("events").put_rule(EventBusName=own(aws), Name="theirs", EventPattern='{"source":["x"]}')
    outcome = tf.apply(MOVED)
    assert [w.summary for w in outcome.warnings] == [f"Left event bus {own(aws)} in place"]
    tf.assert_plan_empty()
    assert sorted(names(aws)["rules"]) == sorted([f"other/{own(aws)}", f"{own(aws)}/theirs"])


@pytest.mark.parametrize("operation", ["PutRule", "PutTargets", "RemoveTargets", "DeleteRule", "DeleteEventBus"])
def test_an_interrupted_move_is_gone_on_with(tf_faulty, operation):
    """The emulator's order of buses is that of their making."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    tf.apply(pipeline(before=OTHER))
    proxy.fail(operation, "AccessDeniedException", "not you", times=ALWAYS)
    error = tf.expect_error("not you", MOVED, during="apply")
    assert operation in error.detail and "Apply again" in error.detail
    proxy.clear()
    tf.apply()
    assert places(aws) == ON_OTHER
    tf.assert_plan_empty()
    publish(aws, bus="other")
    wait_for(lambda: rows(aws))


@pytest.mark.parametrize("operation", ["PutTargets", "RemoveTargets", "DeleteEventBus"])
def test_an_interrupted_move_is_taken_back(tf_faulty, operation):
    tf, proxy = tf_faulty
    aws = tf.emulator
    tf.apply(pipeline(before=OTHER))
    before = places(aws)
    proxy.fail(operation, "AccessDeniedException", "not you", times=ALWAYS)
    tf.expect_error("not you", MOVED, during="apply")
    proxy.clear()
    tf.assert_applies(pipeline(before=OTHER))
    assert {kind: sorted(found) for kind, found in places(aws).items()} == {
        kind: sorted(found) for kind, found in before.items()}


@pytest.mark.parametrize("operation", ["TagQueue", "PutRule", "PutTargets", "RemoveTargets", "DeleteRule"])
def test_an_interrupted_move_to_a_bus_of_its_own_is_taken_back(tf_faulty, operation):
    tf, proxy = tf_faulty
    aws = tf.emulator
    tf.apply(MOVED)
    before = places(aws)
    proxy.fail(operation, "AccessDeniedException", "not you", times=ALWAYS)
    tf.expect_error("not you", pipeline(before=OTHER), during="apply")
    proxy.clear()
    tf.assert_applies(MOVED)
    assert places(aws) == before


@pytest.mark.parametrize("operation", ["TagQueue", "PutTargets", "RemoveTargets", "DeleteRule"])
@pytest.mark.parametrize("texts", [(pipeline(before=OTHER), MOVED), (MOVED, pipeline(before=OTHER))],
                         ids=["to another", "to its own"])
def test_after_an_interrupted_move_destroy_leaves_nothing(tf_faulty, operation, texts):
    """Where a rule stayed on it, the other bus could not be deleted either."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    before = names(aws)
    tf.apply(texts[0])
    proxy.fail(operation, "AccessDeniedException", "not you", times=ALWAYS)
    tf.expect_error("not you", texts[1], during="apply")
    proxy.clear()
    tf.destroy()
    assert names(aws) == before


def test_parts_that_go_tell_of_an_interrupted_move(tf_faulty):
    """Of the user's parts, which stay, none has the tag."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    tf.apply(pipeline(before=OTHER))
    proxy.fail("RemoveTargets", "AccessDeniedException", "not you", times=ALWAYS)
    tf.expect_error("not you", MOVED, during="apply")
    proxy.clear()
    users = [own_table(aws), own_queue(aws), f'  log_function = {{ arn = "{own_function(aws)}" }}']
    tf.assert_applies(pipeline("\n".join(users), before=OTHER), warnings="does not let EventBridge")
    assert names(aws)["rules"] == [f"{own(aws)}/{own(aws)}"]


def test_targets_of_others_on_the_rule_of_an_interrupted_move_refuse_a_destroy(tf_faulty):
    tf, proxy = tf_faulty
    aws = tf.emulator
    tf.apply(pipeline(before=OTHER))
    proxy.fail("RemoveTargets", "AccessDeniedException", "not you", times=ALWAYS)
    tf.expect_error("not you", MOVED, during="apply")
    proxy.clear()
    rule = {"EventBusName": "other", "Rule": own(aws)}
    aws.client("events").put_targets(**rule, Targets=[{"Id": "theirs", "Arn": aws.arn("sqs", "theirs")}])
    tf.configure(pipeline(before=OTHER))
    assert "theirs" in str(tf.destroy(ok=False))
    assert len(aws.client("events").list_targets_by_rule(**rule)["Targets"]) == 2
    aws.client("events").remove_targets(**rule, Ids=["theirs"])
    tf.destroy()
    assert names(aws)["rules"] == []


def test_an_interrupted_move_to_a_third_bus(tf, aws):
    """The first move is killed before its answer: the state is that of before."""
    third = 'resource "eventbridge_bus" "third" {\n  name = "third"\n}\n'
    tf.apply(pipeline(before=OTHER + third))
    state = tf.directory / "terraform.tfstate"
    before = state.read_bytes()
    tf.apply(pipeline("  event_bus_name = eventbridge_bus.other.name", before=OTHER + third))
    state.write_bytes(before)
    tf.assert_applies(pipeline("  event_bus_name = eventbridge_bus.third.name", before=OTHER + third))
    assert names(aws)["rules"] == [f"third/{own(aws)}"]
