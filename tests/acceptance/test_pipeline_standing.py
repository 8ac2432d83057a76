"""A pipeline where something of it stands already: with other parts than the configuration has, or somebody else's."""
import json
import urllib.parse

import pytest

from lib.proxy import ALWAYS

from pipeline import (ADDRESS, OTHER, contents, names, own, own_function, own_queue, own_table, pipeline, publish, rows,
                      wait_for)

LETTERS = "does not let EventBridge send dead letters"
USERS = {
    "table": own_table,
    "queue": own_queue,
    "function": lambda aws: f'  log_function = {{ arn = "{own_function(aws)}" }}',
}


def interrupted(tf, aws):
    """What a create that was killed before its last call leaves."""
    tf.apply(pipeline())
    aws.client("events").remove_targets(EventBusName=own(aws), Rule=own(aws), Ids=[own(aws)])
    tf.forget(ADDRESS)


def of_the_pipelines(aws):
    """Names of the objects that are not the user's."""
    return {kind: [name for name in found if not name.endswith(("mine", "other"))] for kind, found in names(aws).items()}


@pytest.mark.parametrize("part", USERS)
def test_a_complete_one_with_its_own_parts_differs_from_one_with_the_users(tf, aws, part):
    before = of_the_pipelines(aws)
    tf.apply(pipeline())
    tf.forget(ADDRESS)
    users, there = USERS[part](aws), contents(aws)
    error = tf.expect_error("exists already and differs", pipeline(users), during="apply")
    assert "mine" in error.detail and contents(aws) == there
    tf.assert_applies(pipeline(users + "\n  adopt = true"), warnings=f"Adopted|{LETTERS}")
    tf.destroy()
    assert of_the_pipelines(aws) == before


def test_a_complete_one_with_parts_of_the_users_differs_from_one_with_its_own(tf, aws):
    users = "\n".join(make(aws) for make in USERS.values())
    tf.apply(pipeline(users))
    tf.forget(ADDRESS)
    error = tf.expect_error("exists already and differs", pipeline(), during="apply")
    # Nothing tells to which table a function of the user's writes.
    assert "queue" in error.detail and error.detail.count("mine") == 2, error
    tf.assert_applies(pipeline("  adopt = true"), warnings="Adopted")
    tf.destroy()


def test_a_complete_one_with_parts_of_the_users_is_taken_over(tf, aws):
    """A create that was killed after its last call has it made anew."""
    text = pipeline("\n".join(make(aws) for make in USERS.values()))
    tf.apply(text)
    there = names(aws)
    tf.forget(ADDRESS)
    tf.assert_applies(text, warnings=f"Took over|{LETTERS}")
    assert names(aws) == there


def test_one_that_is_replaced_after_its_replacement_is_made_stays_with_its_rows(tf, aws):
    """The create takes over what is there; the destroy of the old object looks at no rows, for it deletes none."""
    text = pipeline("  lifecycle {\n    create_before_destroy = true\n  }")
    tf.apply(text)
    publish(aws)
    wait_for(lambda: rows(aws))
    there = contents(aws)
    tf.terraform.check("taint", ADDRESS)
    outcome = tf.apply(text)
    assert outcome.changes == {ADDRESS: "replace"}
    outcome.expect_diagnostics("Took over|Left pipeline .* in place")
    assert contents(aws) == there and len(rows(aws)) == 1
    tf.assert_plan_empty()


@pytest.mark.parametrize("bus", ["its own", "another"])
@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
def test_one_that_failed_is_gone_on_with_before_its_old_object_goes(tf_faulty, times, bus):
    """The destroy of what failed must not take away what the create of its replacement went on with."""
    tf, proxy = tf_faulty
    text = pipeline("  lifecycle {\n    create_before_destroy = true\n  }", before=OTHER)
    proxy.fail("PutTargets", "AccessDeniedException", times=ALWAYS)
    for _ in range(times):
        tf.expect_error("failed at its target", text, during="apply")
    proxy.clear()
    if bus == "another":
        text = text.replace("  lifecycle", "  event_bus_name = eventbridge_bus.other.name\n  lifecycle")
    tf.apply(text).expect_diagnostics("Left pipeline .* in place")
    tf.assert_plan_empty()


def test_one_that_failed_twice_and_is_untainted_is_not_destroyed_with_its_old_object(tf_faulty):
    """As the error says to go on: the update and the destroy of what Terraform keeps of the first are one run."""
    tf, proxy = tf_faulty
    text = pipeline("  lifecycle {\n    create_before_destroy = true\n  }")
    proxy.fail("PutTargets", "AccessDeniedException", times=ALWAYS)
    for _ in range(2):
        tf.expect_error("failed at its target", text, during="apply")
    proxy.clear()
    tf.terraform.check("untaint", ADDRESS)
    tf.apply(text).expect_diagnostics("Left pipeline .* in place")
    tf.assert_plan_empty()


def test_rows_refuse_that_their_table_is_left_before_anything_is_touched(tf, aws):
    tf.apply(pipeline())
    publish(aws)
    wait_for(lambda: rows(aws))
    tf.forget(ADDRESS)
    users, there = own_table(aws), contents(aws)
    tf.expect_error("holds 1 row", pipeline(users + "\n  adopt = true"), during="apply")
    assert contents(aws) == there and tf.state(ADDRESS) is None


@pytest.mark.parametrize("part", ["bus", "queue", "function"])
def test_what_an_interrupted_run_left_goes_where_it_is_not_asked_for(tf, aws, part):
    before = of_the_pipelines(aws)
    interrupted(tf, aws)
    users = "  event_bus_name = eventbridge_bus.other.name" if part == "bus" else USERS[part](aws)
    tf.assert_applies(pipeline(users, before=OTHER), warnings=LETTERS)
    tf.destroy()
    assert of_the_pipelines(aws) == before


def test_a_table_that_was_maybe_kept_stays_beside_ones_own(tf, aws):
    interrupted(tf, aws)
    users = own_table(aws)
    tf.assert_applies(pipeline(users), warnings="stays beside mine")
    assert names(aws)["tables"] == ["mine", own(aws)]


def test_naming_the_bus_that_the_pipeline_made_gives_it_away(tf, aws):
    named = f'  event_bus_name = "{own(aws)}"'
    tf.apply(pipeline())
    tf.plan(pipeline(named)).expect_diagnostics("no longer the pipeline's own")
    tf.apply_planned()
    tf.assert_plan_empty()
    tf.assert_applies(pipeline())
    tf.destroy()
    assert names(aws)["buses"] == ["default"]


def test_targets_on_a_rule_that_became_somebody_elses_stay(tf, aws):
    """ministack deletes a bus with its rules; AWS does not, so here the bus is another one."""
    tf.apply(pipeline("  event_bus_name = eventbridge_bus.other.name\n  force_destroy = true", before=OTHER))
    events, rule = aws.client("events"), {"EventBusName": "other", "Name": own(aws)}
    events.remove_targets(EventBusName="other", Rule=own(aws), Ids=[own(aws)])
    events.delete_rule(**rule)
    events.put_rule(**rule, EventPattern='{"source":["x"]}')
    events.put_targets(EventBusName="other", Rule=own(aws), Targets=[{"Id": "theirs", "Arn": aws.arn("sqs", "theirs")}])
    outcome = tf.apply(OTHER)
    outcome.expect_diagnostics("Left the rule of .* in place")
    assert [t["Id"] for t in events.list_targets_by_rule(EventBusName="other", Rule=own(aws))["Targets"]] == ["theirs"]


def test_a_create_that_fails_says_what_became_of_it(tf_faulty):
    """What is not in the state cannot be untainted."""
    tf, proxy = tf_faulty
    proxy.fail("CreateEventBus", "AccessDeniedException", times=ALWAYS)
    error = tf.expect_error("failed at its event bus", pipeline(), during="apply")
    assert "Nothing was made" in error.detail and "untaint" not in error.detail and not tf.state()
    proxy.clear()
    tf.apply()
    tf.forget(ADDRESS)
    proxy.fail("PutRule", "AccessDeniedException", times=ALWAYS)
    error = tf.expect_error("failed at its rule", pipeline("  adopt = true\n  enabled = false"), during="apply")
    assert "was there before" in error.detail and "untaint" not in error.detail and not tf.state()
    tf.apply(pipeline())
    tf.destroy()


# --- changes that fail, and are not gone on with ---

# A part that is the user's before the change: a call that comes after the making of its own, and what is made.
CHANGED = {
    "bus": ("TagQueue", ["buses"]),
    "queue": ("PutRolePolicy", ["queues"]),
    "function": ("PutTargets", ["functions", "roles", "log groups"]),
}


def users_part(aws, part):
    return "  event_bus_name = eventbridge_bus.other.name" if part == "bus" else USERS[part](aws)


def statements(aws):
    """Of the policy of the function `mine`."""
    try:
        return json.loads(aws.client("lambda").get_policy(FunctionName="mine")["Policy"])["Statement"]
    except aws.client("lambda").exceptions.ResourceNotFoundException:
        return []


@pytest.mark.parametrize("then", ["destroyed", "changed otherwise"])
@pytest.mark.parametrize("part", CHANGED)
def test_a_part_of_its_own_that_a_failed_change_made_goes(tf_faulty, part, then):
    tf, proxy = tf_faulty
    aws = tf.emulator
    before = of_the_pipelines(aws)
    users = users_part(aws, part)
    tf.apply(pipeline(users, before=OTHER))
    operation, kinds = CHANGED[part]
    proxy.fail(operation.format(own(aws)), "AccessDeniedException", times=ALWAYS)
    tf.expect_error("failed at its", pipeline(before=OTHER), during="apply")
    proxy.clear()

    def made():
        found = of_the_pipelines(aws)
        return [name for kind in kinds for name in found[kind] if own(aws) in name]

    assert len(made()) == len(kinds)
    if then == "destroyed":
        tf.destroy()
        assert of_the_pipelines(aws) == before and statements(aws) == []
        return
    tf.assert_applies(pipeline(users + "\n  enabled = false", before=OTHER), warnings=LETTERS)
    assert made() == []
    tf.destroy()
    assert of_the_pipelines(aws) == before


@pytest.mark.parametrize("then", ["destroyed", "taken back"])
@pytest.mark.parametrize("operation", ["PutTargets", "DELETE /2015-03-31/functions/{}", "DeleteRole"])
def test_a_failed_change_to_a_function_of_the_users_leaves_no_permission(tf_faulty, operation, then):
    tf, proxy = tf_faulty
    aws = tf.emulator
    before = of_the_pipelines(aws)
    tf.apply(pipeline())
    users = users_part(aws, "function")
    proxy.fail(operation.format(own(aws)), "AccessDeniedException", times=ALWAYS)
    tf.expect_error("failed at its", pipeline(users), during="apply")
    proxy.clear()
    if then == "taken back":
        tf.assert_applies(pipeline())
        assert statements(aws) == []
    tf.destroy()
    assert of_the_pipelines(aws) == before and statements(aws) == []


def test_a_table_that_nothing_names_any_more_stays(tf_faulty):
    """It may be one that `retain_table` kept: nothing tells them apart."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = own_table(aws)
    tf.apply(pipeline(users))
    proxy.fail("PutRolePolicy", "AccessDeniedException", times=ALWAYS)
    tf.expect_error("failed at its role", pipeline(), during="apply")
    proxy.clear()
    assert "stays beside mine" in str(tf.destroy())
    assert own(aws) in names(aws)["tables"]


def test_a_table_that_may_not_be_looked_at_is_not_in_the_way(tf_faulty):
    """Of an operator who has a table of the user's, and no right to others."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = own_table(aws)
    tf.apply(pipeline(users))
    looks = proxy.fail("DescribeTable", "AccessDeniedException", times=ALWAYS,
                       when=lambda call: call.body["TableName"] == own(aws))
    tf.assert_applies(pipeline(users + "\n  enabled = false"))
    tf.destroy()
    assert looks.hits > 0


@pytest.mark.parametrize("failed", ["create", "destroy"])
def test_a_permission_that_is_all_that_is_left_goes(tf_faulty, failed):
    """With parts of the user's alone, nothing else tells of the pipeline."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    text = pipeline("\n".join(make(aws) for make in USERS.values()) + "\n" + users_part(aws, "bus"), before=OTHER)
    if failed == "create":
        proxy.fail("PutRule", "AccessDeniedException", times=ALWAYS)
        tf.expect_error("failed at its rule", text, during="apply")
    else:
        tf.apply(text)
        function = urllib.parse.quote(aws.arn("lambda", "function:mine"), safe="")
        path = f"/2015-03-31/functions/{function}/policy/{statements(aws)[0]['Sid']}"
        proxy.fail(f"DELETE {path}", "AccessDeniedException", status=403, times=ALWAYS)
        tf.expect_error("failed at its invoke permission", OTHER, during="apply")
    proxy.clear()
    assert len(statements(aws)) == 1 and tf.state(ADDRESS)
    tf.apply(OTHER)
    assert statements(aws) == [] and names(aws)["rules"] == []
