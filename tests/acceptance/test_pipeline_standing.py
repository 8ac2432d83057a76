"""A pipeline where something of it stands already: with other parts than the configuration has, or somebody else's."""
import pytest

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
