"""A pipeline that moves to another bus: nothing is lost, and an interrupted move is gone on with."""
import hashlib
import json
import os
import signal
import urllib.parse

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


def interrupt(tf, proxy, operation, text):
    """An apply that is not allowed one of its calls."""
    proxy.fail(operation, "AccessDeniedException", "not you", times=ALWAYS)
    tf.expect_error("not you", text, during="apply")
    proxy.clear()


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


def test_a_bus_that_was_left_to_others_is_none_that_an_interrupted_move_made(tf, aws):
    tf.apply(pipeline(before=OTHER))
    theirs = {"EventBusName": own(aws), "Name": "theirs"}
    aws.client("events").put_rule(**theirs, EventPattern='{"source":["x"]}')
    tf.apply(MOVED)
    aws.client("events").delete_rule(**theirs)
    tf.assert_applies(pipeline("  event_bus_name = eventbridge_bus.other.name\n  enabled = false", before=OTHER))
    assert own(aws) in names(aws)["buses"]
    # It may be taken back.
    tf.assert_applies(pipeline(before=OTHER))
    tf.destroy()
    assert own(aws) not in names(aws)["buses"]


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
    interrupt(tf, proxy, operation, MOVED)
    tf.assert_applies(pipeline(before=OTHER))
    assert {kind: sorted(found) for kind, found in places(aws).items()} == {
        kind: sorted(found) for kind, found in before.items()}


@pytest.mark.parametrize("operation", ["TagQueue", "PutRule", "PutTargets", "RemoveTargets", "DeleteRule"])
def test_an_interrupted_move_to_a_bus_of_its_own_is_taken_back(tf_faulty, operation):
    tf, proxy = tf_faulty
    aws = tf.emulator
    tf.apply(MOVED)
    before = places(aws)
    interrupt(tf, proxy, operation, pipeline(before=OTHER))
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
    interrupt(tf, proxy, operation, texts[1])
    tf.destroy()
    assert names(aws) == before


def test_parts_that_go_tell_of_an_interrupted_move(tf_faulty):
    """Of the user's parts, which stay, none has the tag."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    tf.apply(pipeline(before=OTHER))
    interrupt(tf, proxy, "RemoveTargets", MOVED)
    users = [own_table(aws), own_queue(aws), f'  log_function = {{ arn = "{own_function(aws)}" }}']
    tf.assert_applies(pipeline("\n".join(users), before=OTHER), warnings="does not let EventBridge")
    assert names(aws)["rules"] == [f"{own(aws)}/{own(aws)}"]


def test_targets_of_others_on_the_rule_of_an_interrupted_move_refuse_a_destroy(tf_faulty):
    tf, proxy = tf_faulty
    aws = tf.emulator
    tf.apply(pipeline(before=OTHER))
    interrupt(tf, proxy, "RemoveTargets", MOVED)
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


# --- with a function of the user's, whose policy tells of another bus ---

THIRD = OTHER + 'resource "eventbridge_bus" "third" {\n  name = "third"\n}\n'
ON = "\n  event_bus_name = eventbridge_bus.{}.name\n"
PARTS = {
    "its function": lambda aws: f'  log_function = {{ arn = "{own_function(aws)}" }}',
    "all parts": lambda aws: "\n".join([own_table(aws), own_queue(aws), PARTS["its function"](aws)]),
}


def permitted(aws):
    """The rules that may invoke the function `mine`."""
    functions = aws.client("lambda")
    try:
        policy = json.loads(functions.get_policy(FunctionName="mine")["Policy"])
    except functions.exceptions.ResourceNotFoundException:
        return []
    return [s["Condition"]["ArnLike"]["AWS:SourceArn"].split("rule/")[1] for s in policy["Statement"]]


@pytest.mark.parametrize("then", ["applied", "taken back", "destroyed"])
@pytest.mark.parametrize("operation", ["PutRule", "PutTargets", "RemoveTargets", "DeleteRule"])
@pytest.mark.parametrize("users", PARTS)
def test_an_interrupted_move_of_one_with_parts_of_the_users(tf_faulty, users, operation, then):
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = PARTS[users](aws)
    before, after = (pipeline(users + ON.format(bus), before=THIRD) for bus in ("other", "third"))
    tf.apply(before)
    bus = "third" if operation.startswith("Put") else "other"
    proxy.fail(operation, "AccessDeniedException", "not you", times=ALWAYS,
               when=lambda call: call.body["EventBusName"] == bus)
    tf.expect_error("not you", after, during="apply")
    proxy.clear()
    for text, bus in {"applied": [(after, "third")], "taken back": [(before, "other")], "destroyed": []}[then]:
        tf.assert_applies(text, warnings="does not let EventBridge")
        assert names(aws)["rules"] == permitted(aws) == [f"{bus}/{own(aws)}"]
    tf.apply(THIRD)
    assert names(aws)["rules"] == permitted(aws) == []


@pytest.mark.parametrize("then", ["applied", "taken back", "destroyed"])
def test_a_move_that_changes_all_parts_too_and_leaves_its_function(tf_faulty, then):
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = PARTS["all parts"](aws)
    before, after = pipeline(before=THIRD), pipeline(users + ON.format("other"), before=THIRD)
    tf.apply(before)
    proxy.fail(f"DELETE /2015-03-31/functions/{own(aws)}", "AccessDeniedException", "not you", times=ALWAYS)
    tf.expect_error("not you", after, during="apply")
    proxy.clear()
    for text, functions in {"applied": [(after, ["mine"])], "taken back": [(before, ["mine", own(aws)])],
                            "destroyed": []}[then]:
        tf.assert_applies(text, warnings="does not let EventBridge")
        assert sorted(names(aws)["functions"]) == functions and len(names(aws)["rules"]) == 1
        assert permitted(aws) == ([f"other/{own(aws)}"] if then == "applied" else [])
    tf.apply(THIRD)
    found = names(aws)
    assert (found["functions"], found["rules"], permitted(aws)) == (["mine"], [], [])
    assert (found["tables"], found["roles"], len(found["queues"])) == (["mine"], [], 1)


def test_what_cannot_be_taken_back_is_told(tf_faulty):
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = PARTS["all parts"](aws)
    tf.apply(pipeline(users + ON.format("other"), before=THIRD))
    proxy.fail("RemoveTargets", "AccessDeniedException", "not you", times=ALWAYS)
    after = pipeline(users + ON.format("third"), before=THIRD)
    outcome = tf.apply(after, ok=False)
    assert ["bus third" in w.detail and "Apply again" in w.detail for w in outcome.warnings
            if "may be left" in w.summary] == [True], outcome
    proxy.clear()
    tf.assert_applies(after, warnings="Took over|does not let EventBridge")
    assert names(aws)["rules"] == permitted(aws) == [f"third/{own(aws)}"]


def test_a_killed_move_of_one_with_parts_of_the_users_is_told_by_the_permission(tf, aws):
    """A kill comes between two calls, so its remains are made here by hand."""
    text = pipeline(PARTS["all parts"](aws) + ON.format("other"), before=THIRD)
    tf.apply(text)
    rule = aws.arn("events", f"rule/third/{own(aws)}")
    aws.client("lambda").add_permission(
        FunctionName="mine", StatementId=f"{own(aws)}-{hashlib.sha256(rule.encode()).hexdigest()[:8]}", SourceArn=rule,
        Action="lambda:InvokeFunction", Principal="events.amazonaws.com")
    aws.client("events").put_rule(EventBusName="third", Name=own(aws), EventPattern='{"source":["a"]}',
                                  Tags=[{"Key": "eventbridge:product-log-pipeline", "Value": own(aws)}])
    tf.plan()
    assert tf.planned(ADDRESS)["before"]["drift"] == {"invoke_permission": "one for the rule on bus third is left"}
    tf.apply_planned()
    tf.assert_plan_empty()
    assert names(aws)["rules"] == permitted(aws) == [f"other/{own(aws)}"]


def test_whole_pipelines_of_one_name_may_share_a_function_of_the_users(tf, aws, open_workspace):
    tf.apply(THIRD)
    users, second = PARTS["all parts"](aws), open_workspace(aws, name="second")
    tf.apply(pipeline(users + ON.format("other"), before=THIRD))
    second.apply(pipeline(users + '\n  event_bus_name = "third"'))
    second.assert_plan_empty()
    tf.apply(pipeline(users + ON.format("other") + "  enabled = false", before=THIRD))
    tf.assert_plan_empty()
    tf.apply(THIRD)
    second.assert_plan_empty()
    assert names(aws)["rules"] == permitted(aws) == [f"third/{own(aws)}"]


def test_a_move_onto_the_bus_of_a_whole_pipeline_of_the_name_is_refused(tf, aws, open_workspace):
    """As its create would be, but for one that is equal."""
    tf.apply(THIRD)
    users, second = PARTS["all parts"](aws), open_workspace(aws, name="second")
    tf.apply(pipeline(users + ON.format("other"), before=THIRD))
    second.apply(pipeline(users + '\n  event_bus_name = "third"\n  enabled = false'))
    there = names(aws)
    moved = users + ON.format("third")
    error = tf.expect_error("exists already and differs", pipeline(moved, before=THIRD), during="apply")
    assert "enabled" in error.detail and "adopt = true" in error.detail
    assert names(aws) == there
    second.assert_plan_empty()
    tf.assert_applies(pipeline(moved + "  adopt = true", before=THIRD), warnings="Adopted|does not let EventBridge")
    assert names(aws)["rules"] == permitted(aws) == [f"third/{own(aws)}"]


def test_whole_pipelines_of_one_name_are_made_and_changed_one_after_the_other(tf_faulty):
    """The one that is not whole yet would look to the other like what an interrupted move left."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = PARTS["all parts"](aws)
    tf.apply(pipeline(users + ON.format("other"), before=THIRD))
    second = pipeline(users + ON.format("third")).replace('"log" {', '"second" {')
    tf.plan(pipeline(users + ON.format("other") + "  enabled = false", before=THIRD) + second)
    proxy.delay("DescribeEventBus", 1, times=ALWAYS, when=lambda call: call.body.get("Name") == "other")
    proxy.delay("PutTargets", 3, when=lambda call: call.body["EventBusName"] == "third")
    tf.apply_planned()
    proxy.clear()
    tf.assert_plan_empty()
    assert sorted(permitted(aws)) == sorted(names(aws)["rules"]) == [f"other/{own(aws)}", f"third/{own(aws)}"]


@pytest.mark.parametrize("operation, bus", [("PutRule", "third"), ("PutTargets", "third"), ("RemoveTargets", "other"),
                                            ("DeleteRule", "other")])
@pytest.mark.parametrize("applied", [True, False], ids=["after AWS did it", "before AWS did it"])
def test_an_interrupt_in_mid_move_leaves_one_pipeline(tf_faulty, operation, bus, applied):
    """No part of it has a tag: what was begun is taken back, or the state names the new bus."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = PARTS["all parts"](aws)
    before, after = (pipeline(users + ON.format(bus), before=THIRD) for bus in ("other", "third"))
    tf.apply(before)
    tf.configure(after)
    with proxy.hold(operation, when=lambda call: call.body["EventBusName"] == bus, forward=applied) as hanging:
        process = tf.terraform.start("apply", "-auto-approve")
        assert hanging.wait(30)
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    proxy.clear()
    for text, bus in [(before, "other"), (after, "third")]:
        tf.assert_applies(text, warnings="does not let EventBridge")
        assert names(aws)["rules"] == permitted(aws) == [f"{bus}/{own(aws)}"]
    tf.apply(THIRD)
    assert names(aws)["rules"] == permitted(aws) == []


def second(text):
    return text.replace('"log" {', '"second" {')


@pytest.mark.parametrize("change", ["swap", "a new one where this one was"])
def test_no_move_takes_away_what_another_address_has_by_now(tf, aws, change):
    """Two of a name move and are made one after the other, in any order."""
    users = PARTS["all parts"](aws)
    on = {bus: pipeline(users + ON.format(bus)) for bus in ("other", "third")}
    tf.apply(THIRD + on["other"] + (second(on["third"]) if change == "swap" else ""))
    outcome = tf.apply(THIRD + on["third"] + second(on["other"]))
    outcome.expect_diagnostics("Took over|Left pipeline .* in place|does not let EventBridge")
    tf.assert_plan_empty()
    assert sorted(permitted(aws)) == sorted(names(aws)["rules"]) == [f"other/{own(aws)}", f"third/{own(aws)}"]


def test_a_move_to_where_another_address_failed_and_goes(tf_faulty):
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = PARTS["all parts"](aws)
    on = {bus: pipeline(users + ON.format(bus)) for bus in ("other", "third")}
    proxy.fail("PutTargets", "AccessDeniedException", times=ALWAYS, when=lambda call: call.body["EventBusName"] == "third")
    tf.expect_error("failed at its target", THIRD + on["other"] + second(on["third"]), during="apply")
    proxy.clear()
    tf.apply(THIRD + on["third"]).expect_diagnostics("Left pipeline .* in place|does not let EventBridge")
    tf.assert_plan_empty()
    assert names(aws)["rules"] == permitted(aws) == [f"third/{own(aws)}"]


def test_one_that_fails_is_not_taken_by_another_of_its_name(tf_faulty):
    """Whichever is first: within one run its parts are not an interrupted run's."""
    tf, proxy = tf_faulty
    tf.apply(OTHER)
    proxy.fail("PutTargets", "AccessDeniedException", times=ALWAYS)
    outcome = tf.apply(pipeline(before=OTHER) + second(pipeline(ON.format("other"))), ok=False)
    said = sorted(error.summary for error in outcome.errors)
    assert len(said) == 2 and "failed at its target" in said[0] and "exists already, on bus" in said[1], said


def test_a_failed_move_is_taken_back_though_the_old_target_was_lost(tf_faulty):
    """By an operator who may not list rules, which only a bus of the pipeline's own needs."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = PARTS["all parts"](aws)
    before, after = (pipeline(users + ON.format(bus), before=THIRD) for bus in ("other", "third"))
    tf.apply(before)
    aws.client("events").remove_targets(EventBusName="other", Rule=own(aws), Ids=[own(aws)])
    for operation in ("PutTargets", "ListRules"):
        proxy.fail(operation, "AccessDeniedException", times=ALWAYS,
                   when=lambda call: call.body["EventBusName"] == "third")
    tf.expect_error("failed at its target", after, during="apply")
    proxy.clear()
    assert names(aws)["rules"] == permitted(aws) == [f"other/{own(aws)}"]
    tf.assert_applies(before, warnings="does not let EventBridge")


# --- moves that change the user's parts for the pipeline's own ---

KEPT = {"the table is its own": lambda aws: [own_queue(aws), PARTS["its function"](aws)],
        "all are the user's": lambda aws: [PARTS["all parts"](aws)]}
# The call that is denied: of the move's beginning, before its target, after it, and of what it leaves.
DENIED = ["PutRolePolicy", "PutTargets", "RemoveTargets", "DELETE /2015-03-31/functions/{}/policy/{}"]


@pytest.mark.parametrize("then", ["applied", "taken back", "destroyed"])
@pytest.mark.parametrize("operation", DENIED)
@pytest.mark.parametrize("kept", KEPT)
def test_a_failed_move_to_parts_of_its_own_leaves_none(tf_faulty, kept, operation, then):
    """Their tags name the other bus, of which the state does not know."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = "\n".join(KEPT[kept](aws))
    before, after = pipeline(users + ON.format("other"), before=THIRD), pipeline(ON.format("third"), before=THIRD)
    tf.apply(before)

    def there():
        """All but the table, which stays: it may hold rows."""
        return {kind: sorted(found) for kind, found in names(aws).items() if kind != "tables"}

    was = there()
    rule = aws.arn("events", f"rule/other/{own(aws)}")
    statement = f"{own(aws)}-{hashlib.sha256(rule.encode()).hexdigest()[:8]}"
    function = urllib.parse.quote(aws.arn("lambda", "function:mine"), safe="")
    proxy.fail(operation.format(function, statement), "AccessDeniedException", "not you", status=403, times=ALWAYS,
               when=lambda call: operation != "RemoveTargets" or call.body["EventBusName"] == "other")
    tf.expect_error("failed at its", after, during="apply")
    proxy.clear()
    if then == "applied":
        tf.assert_applies(after, warnings="stays beside")
        assert names(aws)["rules"] == [f"third/{own(aws)}"] and permitted(aws) == []
    elif then == "taken back":
        tf.assert_applies(before, warnings="does not let EventBridge|stays beside")
        assert there() == was and permitted(aws) == [f"other/{own(aws)}"]
    tf.apply(THIRD)
    assert there() == {**was, "rules": []} and permitted(aws) == []
