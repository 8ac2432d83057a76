"""A pipeline's parts deleted or changed behind Terraform's back: the plan names the part, apply repairs it alone."""
import pytest

from lib.proxy import ALWAYS
from pipeline import ADDRESS, contents, own, pipeline, publish, rows, wait_for
from pipeline_parts import PART, queue

SETTINGS = '  tags = { team = "a" }\n  log_function = { environment = { STAGE = "a" } }'


@pytest.mark.parametrize("part", PART)
def test_a_part_is_named_and_repaired_and_nothing_else(tf, aws, part):
    """A lost role comes back under its other name: Lambda would not know another one of the same name."""
    where, change = PART[part]
    tf.apply(pipeline(SETTINGS))
    before = contents(aws)
    change(aws, own(aws))
    assert tf.plan().changes == {ADDRESS: "update"}
    planned = tf.planned(ADDRESS)
    shown = differences(planned["before"], planned["after"])
    assert f"drift.{where}" in shown or where in shown, shown
    role_is_unknown = planned["after_unknown"].get("role_arn", False)
    assert role_is_unknown is (part in ("role_is_deleted", "function_is_deleted", "function_has_another_role"))
    tf.apply_planned()
    assert contents(aws, renamed=part == "role_is_deleted") == before
    tf.assert_plan_empty()


def differences(before, after, path=""):
    """Paths of all values that a plan changes, their parents included."""
    if before == after:
        return set()
    found = {path} if path else set()
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {*before, *after}:
            found |= differences(before.get(name), after.get(name), f"{path}.{name}" if path else name)
    elif isinstance(before, dict) and path:
        found |= {f"{path}.{name}" for name in before}
    return found


def test_all_tags_are_repaired(tf, aws):
    tf.apply(pipeline(SETTINGS))
    before, name = contents(aws), own(aws)
    events = aws.client("events")
    for resource in (f"event-bus/{name}", f"rule/{name}/{name}"):
        events.tag_resource(ResourceARN=aws.arn("events", resource), Tags=[{"Key": "team", "Value": "b"}])
    aws.client("dynamodb").untag_resource(ResourceArn=aws.arn("dynamodb", f"table/{name}"), TagKeys=["team"])
    aws.client("sqs").tag_queue(QueueUrl=queue(aws, name), Tags={"more": "x"})
    aws.client("iam").tag_role(RoleName=f"{name}-{aws.region}", Tags=[{"Key": "team", "Value": "b"}])
    aws.client("logs").tag_log_group(logGroupName=f"/aws/lambda/{name}", tags={"more": "x"})
    aws.client("lambda").untag_resource(Resource=aws.arn("lambda", f"function:{name}"), TagKeys=["team"])
    tf.plan()
    drift = tf.planned(ADDRESS)["before"]["drift"]
    assert drift == {part: "tags differ" for part in (
        "event_bus", "log_table", "dead_letter_queue", "role", "log_group", "log_function", "rule")}
    tf.apply()
    assert contents(aws) == before
    tf.assert_plan_empty()


def test_a_tag_that_names_no_bus_is_repaired(tf_faulty):
    """ministack looks for a bus of any name; AWS refuses one that can be none."""
    tf, proxy = tf_faulty
    aws = tf.emulator
    queues = aws.client("sqs")
    proxy.fail("DescribeEventBus", "ValidationException", times=ALWAYS, when=lambda call: " " in call.body.get("Name", ""))
    tf.apply(pipeline())
    url = queues.get_queue_url(QueueName=own(aws))["QueueUrl"]
    queues.tag_queue(QueueUrl=url, Tags={"eventbridge:event-bus": "no bus"})
    tf.plan()
    assert tf.planned(ADDRESS)["before"]["drift"] == {"dead_letter_queue": "tags differ"}
    tf.apply_planned()
    assert queues.list_queue_tags(QueueUrl=url)["Tags"]["eventbridge:event-bus"] == own(aws)
    tf.assert_plan_empty()


def test_a_part_without_the_pipelines_tag_is_refused_until_it_has_it_again(tf, aws):
    tf.apply(pipeline())
    queues, url = aws.client("sqs"), queue(aws, own(aws))
    tag = {"eventbridge:product-log-pipeline": own(aws)}
    queues.untag_queue(QueueUrl=url, TagKeys=list(tag))
    error = tf.expect_error("is not this pipeline's", during="apply")
    assert own(aws) in error.summary and "give it the tag again" in error.detail and list(tag)[0] in error.detail
    queues.tag_queue(QueueUrl=url, Tags=tag)
    assert not tf.plan().changes


def test_a_repaired_pipeline_logs(tf, aws):
    tf.apply(pipeline())
    for part in ("function_is_deleted", "log_group_is_deleted", "target_is_deleted", "role_is_deleted"):
        PART[part][1](aws, own(aws))
    tf.apply()
    publish(aws)
    wait_for(lambda: rows(aws))


def test_a_rules_role_is_taken_off(tf_moto):
    """On moto, since ministack keeps what PutRule leaves out. It runs no functions, but it stores them."""
    aws = tf_moto.emulator
    tf_moto.apply(pipeline())
    events = aws.client("events")
    rule = {key: value for key, value in events.describe_rule(EventBusName=own(aws), Name=own(aws)).items()
            if key in ("Name", "EventBusName", "EventPattern", "State", "Description")}
    events.put_rule(**rule, RoleArn=f"arn:aws:iam::{aws.id}:role/other")
    assert tf_moto.plan().changes == {ADDRESS: "update"}
    assert tf_moto.planned(ADDRESS)["before"]["drift"] == {"rule": "has a role"}
    tf_moto.apply()
    assert "RoleArn" not in events.describe_rule(EventBusName=own(aws), Name=own(aws))
    tf_moto.assert_plan_empty()


def test_what_others_add_to_the_role_stays_until_the_role_goes(tf, aws):
    """Further policies are their owner's: no drift. DeleteRole would refuse them (DeleteConflict), so they go with it."""
    tf.apply(pipeline("  force_destroy = true"))
    iam, role = aws.client("iam"), f"{own(aws)}-{aws.region}"
    document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
    attached = iam.create_policy(PolicyName="more", PolicyDocument=document)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=role, PolicyArn=attached)
    iam.put_role_policy(RoleName=role, PolicyName="more", PolicyDocument=document)
    tf.assert_plan_empty()
    outcome = tf.destroy()
    said = [w for w in outcome.warnings if "policies of others" in w.summary]
    assert len(said) == 1 and attached in said[0].detail and "inline policy more" in said[0].detail, outcome
    assert role not in [r["RoleName"] for r in iam.list_roles()["Roles"]]
    iam.delete_policy(PolicyArn=attached)


def test_a_function_moved_from_the_users_role_shows_at_its_argument(tf, aws):
    mine = f"arn:aws:iam::{aws.id}:role/mine"
    tf.apply(pipeline(f'  log_function = {{ role_arn = "{mine}" }}'))
    PART["function_has_another_role"][1](aws, own(aws))
    assert tf.plan().changes == {ADDRESS: "update"}
    planned = tf.planned(ADDRESS)
    assert planned["before"]["log_function"]["role_arn"] != planned["after"]["log_function"]["role_arn"] == mine
    tf.apply()
    assert tf.state(ADDRESS)["role_arn"] == mine
    tf.assert_plan_empty()


def test_a_role_that_an_interrupted_change_left_goes(tf_faulty):
    """The function has moved to the role of the new path; the earlier one is the pipeline's, and nobody's argument."""
    tf, proxy = tf_faulty
    iam = tf.emulator.client("iam")
    tf.apply(pipeline())
    proxy.fail("DeleteRole", "AccessDenied", "not you", times=ALWAYS)
    moved = pipeline('  log_function = { role_path = "/logs/" }')
    tf.expect_error("IAM DeleteRole", moved, during="apply")
    proxy.clear()
    assert len(iam.list_roles()["Roles"]) == 2
    assert tf.plan().changes == {ADDRESS: "update"}
    assert "an earlier one is left" in tf.planned(ADDRESS)["before"]["drift"]["role"]
    tf.apply_planned()
    assert [role["Path"] for role in iam.list_roles()["Roles"]] == ["/logs/"]
    tf.assert_plan_empty()


def test_another_path_after_an_interrupted_change_of_it(tf_faulty):
    """Both names of the role are taken then: the one that the function does not have gives way."""
    tf, proxy = tf_faulty
    iam = tf.emulator.client("iam")
    tf.apply(pipeline())
    proxy.fail("DeleteRole", "AccessDenied", "not you", times=ALWAYS)
    tf.expect_error("IAM DeleteRole", pipeline('  log_function = { role_path = "/logs/" }'), during="apply")
    proxy.clear()
    tf.assert_applies(pipeline('  log_function = { role_path = "/other/" }'))
    assert [role["Path"] for role in iam.list_roles()["Roles"]] == ["/other/"]


LOOKS = {
    "log table": "DescribeTable", "dead-letter queue": "GetQueueUrl", "role": "GetRole", "log group": "DescribeLogGroups",
    "log function": "GET /2015-03-31/functions/{}", "invoke permission": "GET /2015-03-31/functions/{}/policy",
    "rule": "DescribeRule", "target": "ListTargetsByRule",
}


def test_a_part_that_may_not_be_looked_at_is_an_error_and_no_drift(tf_faulty):
    tf, proxy = tf_faulty
    tf.apply(pipeline())
    for part, operation in LOOKS.items():
        proxy.fail(operation.format(own(tf.emulator)), "AccessDeniedException", "not you", times=ALWAYS)
        error = tf.expect_error(f"Reading product log pipeline .* failed at its {part}\n", during="plan")
        assert "Nothing was changed" in error.detail
        proxy.clear()
    tf.assert_plan_empty()
