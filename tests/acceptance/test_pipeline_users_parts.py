"""Parts of the user's: such as the pipeline made and gave away, and a role that the operator may not look at."""
import json

import pytest

from lib.proxy import ALWAYS

from pipeline import ADDRESS, OTHER, contents, names, own, own_function, own_queue, own_table, pipeline
from test_pipeline_changes import GIVEN

LETTERS = "does not let EventBridge send dead letters"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                                                 "Principal": {"Service": "lambda.amazonaws.com"}}]}


def own_role(aws, name="mine"):
    """Makes a role; the argument that names it."""
    aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    return f'  log_function = {{ role_arn = "arn:aws:iam::{aws.id}:role/{name}" }}'


# How a part is given away, what the pipeline uses then, and what of it stays.
GIVEN_AWAY = {
    "bus": (lambda aws: f'  event_bus_name = "{own(aws)}"',
            lambda aws: "  event_bus_name = eventbridge_bus.other.name", ["buses"]),
    "table": (GIVEN["table"], own_table, ["tables"]),
    "queue": (GIVEN["queue"], own_queue, ["queues"]),
    "function": (GIVEN["function"], lambda aws: f'  log_function = {{ arn = "{own_function(aws)}" }}',
                 ["functions", "roles", "log groups"]),
    "role": (GIVEN["role"], own_role, ["roles"]),
}


@pytest.mark.parametrize("then", ["used no more", "destroyed"])
@pytest.mark.parametrize("part", GIVEN_AWAY)
def test_a_part_that_was_given_away_stays(tf, aws, part, then):
    """Nothing takes it for what an interrupted run left: no later change, no destroy, no create of that name."""
    give, use_another, kinds = GIVEN_AWAY[part]
    tf.apply(pipeline(before=OTHER))
    tf.apply(pipeline(give(aws), before=OTHER))
    there = names(aws)
    there = {kind: [name for name in there[kind] if own(aws) in name] for kind in kinds}

    def gone():
        found = names(aws)
        return [name for kind in kinds for name in there[kind] if name not in found[kind]]

    assert all(there.values())
    if then == "used no more":
        another = use_another(aws)
        tf.assert_applies(pipeline(another, before=OTHER), warnings=LETTERS)
        assert gone() == []
        tf.apply(pipeline(another + "\n  enabled = false", before=OTHER))
        assert gone() == []
    tf.apply(OTHER)
    assert gone() == []
    error = tf.expect_error("is not this pipeline's", pipeline(), during="apply")
    assert "name" in error.code and gone() == []


def test_a_part_given_away_whose_tag_may_not_be_removed_is_told_of(tf_faulty):
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = own_queue(aws)
    tf.apply(pipeline())
    tf.apply(pipeline(GIVEN["queue"](aws)))
    proxy.fail("UntagQueue", "AccessDeniedException", times=ALWAYS)
    outcome = tf.apply(pipeline(users))
    assert "keeps the pipeline's tag" in str(outcome) and "eventbridge:product-log-pipeline" in str(outcome)
    assert any(own(aws) in url for url in names(aws)["queues"])


@pytest.mark.parametrize("given", ["that one", "another"])
def test_a_role_of_the_users_may_have_the_name_of_the_pipelines_own(tf, aws, given):
    name = f"{own(aws)}-{aws.region}"
    users = own_role(aws, name)
    if given == "another":
        users = own_role(aws)
    tf.assert_applies(pipeline(users))
    tf.destroy()
    assert name in names(aws)["roles"]


@pytest.mark.parametrize("then", ["applied", "taken back", "destroyed"])
def test_a_role_of_its_own_that_a_failed_change_made_is_not_the_users(tf_faulty, then):
    """The function has it already."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = own_role(aws)
    tf.apply(pipeline(users))
    proxy.fail(f"PUT /2015-03-31/functions/{own(aws)}/code", "AccessDeniedException", status=403, times=ALWAYS)
    after = pipeline('  log_function = { architecture = "x86_64", role_path = "/logs/" }')
    tf.expect_error("failed at its log function", after, during="apply")
    proxy.clear()
    assert len(names(aws)["roles"]) == 2
    if then == "applied":
        tf.assert_applies(after)
    elif then == "taken back":
        tf.assert_applies(pipeline(users))
        assert names(aws)["roles"] == ["mine"]
    tf.destroy()
    assert names(aws)["roles"] == ["mine"]


DENIED = (b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not you</Message></Error>"
          b"<RequestId>injected</RequestId></ErrorResponse>")


def test_beside_a_role_of_the_users_no_other_role_need_be_looked_at(tf_faulty):
    tf, proxy = tf_faulty
    aws = tf.emulator
    users = own_role(aws)
    looks = proxy.answer("GetRole", DENIED, times=ALWAYS, status=403)
    tf.assert_applies(pipeline(users))
    assert tf.state(ADDRESS)["role_arn"].endswith("role/mine") and looks.hits > 0
    tf.destroy()


# --- two pipelines of one name ---

def users_parts(aws):
    return "\n".join([own_table(aws), own_queue(aws), f'  log_function = {{ arn = "{own_function(aws)}" }}'])


def second(body):
    return pipeline("  event_bus_name = eventbridge_bus.other.name\n" + body).replace('"log" {', '"second" {')


def test_a_whole_pipeline_of_the_same_name_with_its_own_parts_is_left_alone(tf, aws):
    """That of nobody's but the user's parts has no tag that would tell; the other's tags name another bus."""
    first = pipeline(before=OTHER)
    tf.apply(first)
    there, users = contents(aws), users_parts(aws)

    def same():
        now = contents(aws)
        return {part: found for part, found in now.items() if part != "names"} == {
            part: found for part, found in there.items() if part != "names"}

    letters = "does not let EventBridge send dead letters"
    tf.assert_applies(first + second(users), warnings=letters)
    assert same()
    tf.assert_applies(first + second(users + "\n  enabled = false"), warnings=letters)
    assert same()
    tf.apply(first)
    assert same()
    tf.assert_plan_empty(first)


@pytest.mark.parametrize("then", ["changed", "destroyed"])
def test_parts_of_another_pipeline_of_the_name_stay_where_it_is_not_whole(tf, aws, then):
    """Somebody took its target away, or its first apply has not come to its end."""
    first = pipeline(before=OTHER)
    tf.apply(first)
    users = users_parts(aws)
    tf.apply(first + second(users))
    events, name = aws.client("events"), own(aws)
    events.remove_targets(EventBusName=name, Rule=name, Ids=[name])
    there = names(aws)
    only = ("-target", "eventbridge_product_log_pipeline.second")
    if then == "changed":
        tf.apply(first + second(users + "\n  enabled = false"), *only)
        assert names(aws) == there
    else:
        tf.apply(first, *only)
        assert names(aws) == {**there, "rules": [rule for rule in there["rules"] if not rule.startswith("other/")]}


def test_parts_that_another_pipeline_of_the_name_owns_keep_its_tags(tf, aws):
    first = pipeline(before=OTHER)
    tf.apply(first)
    there = contents(aws)
    name = own(aws)
    given = "\n".join([f'  log_table = {{ arn = "{aws.arn("dynamodb", f"table/{name}")}" }}',
                       f'  log_function = {{ arn = "{aws.arn("lambda", f"function:{name}")}" }}',
                       f'  dead_letter_queue_arn = "{aws.arn("sqs", name)}"'])
    tf.apply(first + second(given))
    tf.apply(first)
    assert contents(aws) == there
    tf.assert_plan_empty(first)
