"""A pipeline's arguments, row by row of the contract's table: what a change of each does."""
import json

import pytest

from pipeline import (ADDRESS, contents, names, own, own_function, own_queue, own_table, pipeline, publish, rows,
                      wait_for)

BOUNDARY = "arn:aws:iam::aws:policy/PowerUserAccess"

# Argument -> what is written for it, and for another change of it. All from nothing to the first to the second.
CHANGES = {
    "event_pattern": ['  event_pattern = jsonencode({ source = ["shop.other"] })'],
    "enabled": ["  enabled = false"],
    "idempotency_key": ['  idempotency_key = "$.detail.insertedId"'],
    "log_item": ['  log_item = { Whole = "$.detail:M" }'],
    "capacity": ['  log_table = { billing_mode = "PROVISIONED", read_capacity = 1, write_capacity = 1 }',
                 '  log_table = { billing_mode = "PROVISIONED", read_capacity = 2, write_capacity = 3 }'],
    "table_class": ['  log_table = { table_class = "STANDARD_INFREQUENT_ACCESS" }'],
    "point_in_time_recovery": ["  log_table = { point_in_time_recovery = true }"],
    "deletion_protection": ["  log_table = { deletion_protection = true }"],
    "ttl_days": ["  log_table = { ttl_days = 30 }", "  log_table = { ttl_days = 31 }"],
    "kms_key_arn": ['  log_table = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/a" }',
                    '  log_table = { kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/b" }'],
    "stream_view_type": ['  log_table = { stream_view_type = "NEW_IMAGE" }', '  log_table = { stream_view_type = "KEYS_ONLY" }'],
    "memory_size": ["  log_function = { memory_size = 256 }"],
    "timeout": ["  log_function = { timeout = 20 }"],
    "architecture": ['  log_function = { architecture = "x86_64" }'],
    "reserved_concurrent_executions": ["  log_function = { reserved_concurrent_executions = 2 }"],
    "asynchronous": ["  log_function = { maximum_event_age_in_seconds = 120, maximum_retry_attempts = 0 }"],
    "role_arn": ['  log_function = { role_arn = "arn:aws:iam::123456789012:role/mine" }'],
    "permissions_boundary": [f'  log_function = {{ permissions_boundary = "{BOUNDARY}" }}'],
    "role_path": ['  log_function = { role_path = "/logs/" }'],
    "tracing": ['  log_function = { tracing = "Active" }'],
    "log_retention_days": ["  log_function = { log_retention_days = 7 }", "  log_function = { log_retention_days = 0 }"],
    "log_events": ["  log_function = { log_events = true }"],
    "environment": ['  log_function = { environment = { STAGE = "a" } }', '  log_function = { environment = { MORE = "b" } }'],
    "retry_policy": ["  retry_policy = { maximum_retry_attempts = 5 }", "  retry_policy = { maximum_event_age_in_seconds = 60 }"],
    "tags": ['  tags = { team = "a" }'],
}


@pytest.mark.parametrize("argument", CHANGES)
def test_argument_changes_in_place_and_goes_again(tf, aws, argument):
    """The plan after each is empty: what was read back from AWS is what was written."""
    tf.apply(pipeline())
    before = contents(aws)
    for body in CHANGES[argument]:
        assert tf.plan(pipeline(body)).changes == {ADDRESS: "update"}
        tf.apply_planned()
        tf.assert_plan_empty()
    tf.apply(pipeline())
    tf.assert_plan_empty()
    assert contents(aws) == before


def test_another_name_replaces(tf):
    tf.apply(pipeline())
    assert tf.plan(pipeline(name="store")).changes == {ADDRESS: "replace"}


def test_what_aws_never_hears_of_makes_no_call(tf_faulty):
    tf, proxy = tf_faulty
    tests = 'tests = { one = { event = jsonencode({ source = "log.addProduct", detail-type = "x" }) } }'
    tf.apply(pipeline())
    for body in (f"  {tests}", "  force_destroy = true", "  retain_table = true", "  adopt = true"):
        assert tf.plan(pipeline(body)).changes == {ADDRESS: "update"}
        proxy.forget()
        tf.apply_planned()
        assert proxy.calls() == 0, proxy.counts()
    tf.assert_plan_empty()


def test_the_role_may_what_the_arguments_ask_for(tf, aws):
    """And nothing more: each right goes again with its argument."""
    def rights():
        policy = aws.client("iam").get_role_policy(RoleName=f"{own(aws)}-{aws.region}", PolicyName="log-writer")
        return {action: statement["Resource"] for statement in policy["PolicyDocument"]["Statement"]
                for action in statement["Action"]}
    tf.apply(pipeline())
    least = rights()
    assert least == {"dynamodb:PutItem": aws.arn("dynamodb", f"table/{own(aws)}"), "sqs:SendMessage": aws.arn("sqs", own(aws)),
                     **{f"logs:{action}": aws.arn("logs", f"log-group:/aws/lambda/{own(aws)}:*")
                        for action in ("CreateLogStream", "PutLogEvents")}}
    key = aws.arn("kms", "key/a")
    tf.apply(pipeline(f'  log_table = {{ kms_key_arn = "{key}" }}\n  log_function = {{ tracing = "Active" }}'))
    assert {action: resource for action, resource in rights().items() if action not in least} == {
        "kms:Decrypt": key, "kms:DescribeKey": key, "kms:GenerateDataKey": key,
        "xray:PutTelemetryRecords": "*", "xray:PutTraceSegments": "*"}
    tf.apply(pipeline(own_table(aws) + "\n" + own_queue(aws)))
    assert rights() == {**least, "dynamodb:PutItem": aws.arn("dynamodb", "table/mine"), "sqs:SendMessage": aws.arn("sqs", "mine")}
    tf.apply(pipeline(f'  log_function = {{ role_arn = "arn:aws:iam::{aws.id}:role/mine" }}'))
    assert names(aws)["roles"] == []


# --- parts of the user's own ---

def test_a_table_of_ones_own_and_back(tf, aws):
    mine = own_table(aws)
    tf.apply(pipeline())
    publish(aws)
    wait_for(lambda: rows(aws))
    tf.expect_error("holds 1 row\n.*Nothing was touched", pipeline(mine), during="apply")
    tf.plan(pipeline())
    tf.assert_plan_empty()
    tf.apply(pipeline("  force_destroy = true"))
    tf.assert_applies(pipeline(f"  force_destroy = true\n{mine}"))
    assert names(aws)["tables"] == ["mine"]
    publish(aws)
    wait_for(lambda: aws.client("dynamodb").scan(TableName="mine")["Items"])
    tf.assert_applies(pipeline())
    assert sorted(names(aws)["tables"]) == ["mine", own(aws)]
    assert len(aws.client("dynamodb").scan(TableName="mine")["Items"]) == 1


def test_rows_of_a_function_of_ones_own_expire(tf, aws):
    """Its environment tells no days."""
    mine = f'  log_function = {{ arn = "{own_function(aws)}" }}\n'
    for days in ("30", "31", "null"):
        tf.assert_applies(pipeline(f"{mine}  log_table = {{ ttl_days = {days} }}"))
    expiry = aws.client("dynamodb").describe_time_to_live(TableName=own(aws))["TimeToLiveDescription"]
    assert expiry["TimeToLiveStatus"] == "DISABLED"


def test_a_table_is_kept_where_it_should_be(tf, aws):
    mine = own_table(aws)
    tf.apply(pipeline("  retain_table = true"))
    tf.assert_applies(pipeline(f"  retain_table = true\n{mine}"))
    assert sorted(names(aws)["tables"]) == ["mine", own(aws)]


def test_a_table_is_kept_where_the_change_that_leaves_it_says_so(tf, aws):
    """Though `force_destroy` would have let it go, rows and all."""
    mine = own_table(aws)
    tf.apply(pipeline("  force_destroy = true"))
    tf.assert_applies(pipeline(f"  force_destroy = true\n  retain_table = true\n{mine}"))
    assert sorted(names(aws)["tables"]) == ["mine", own(aws)]


def queue_policy(aws, **statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage",
        "Resource": aws.arn("sqs", "mine"), **statement}]})


def test_a_queue_of_ones_own_and_back(tf, aws):
    source = {"ArnLike": {"aws:SourceArn": aws.arn("events", "rule/shop-*")}}
    mine = own_queue(aws, Policy=queue_policy(aws, Condition=source))
    queues = aws.client("sqs")
    tf.apply(pipeline())
    url = queues.get_queue_url(QueueName=own(aws))["QueueUrl"]
    queues.send_message(QueueUrl=url, MessageBody="an event that was not logged")
    tf.expect_error("1 unread dead letter", pipeline(mine), during="apply")
    queues.purge_queue(QueueUrl=url)
    tf.assert_applies(pipeline(mine))
    assert [url.rsplit("/", 1)[1] for url in names(aws)["queues"]] == ["mine"]
    targets = aws.client("events").list_targets_by_rule(EventBusName=own(aws), Rule=own(aws))["Targets"]
    settings = aws.client("lambda").get_function_event_invoke_config(FunctionName=own(aws))
    letters = aws.arn("sqs", "mine")
    assert targets[0]["DeadLetterConfig"]["Arn"] == letters == settings["DestinationConfig"]["OnFailure"]["Destination"]
    tf.assert_applies(pipeline())
    assert len(names(aws)["queues"]) == 2


POLICIES = {
    "none": (None, "does not let EventBridge", "sqs:SendMessage"),
    "of another service": ({"Principal": {"Service": "sns.amazonaws.com"}}, "does not let EventBridge", "aws:SourceArn"),
    "for another rule": ({"Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:events:eu-west-1:1:rule/a"}}},
                         "does not let EventBridge", "aws:SourceArn"),
    "that denies": ({"Sid": "no", "Effect": "Deny"}, "denies EventBridge", '"no"'),
}


@pytest.mark.parametrize("policy", POLICIES)
def test_the_policy_of_ones_own_queue_is_checked_and_never_changed(tf, aws, policy):
    statement, summary, detail = POLICIES[policy]
    mine = own_queue(aws, **({} if statement is None else {"Policy": queue_policy(aws, **statement)}))
    queues = aws.client("sqs")
    url = queues.get_queue_url(QueueName="mine")["QueueUrl"]
    before = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]).get("Attributes")
    outcome = tf.apply(pipeline(mine))
    assert [summary in w.summary and detail in w.detail for w in outcome.warnings] == [True], outcome
    assert queues.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]).get("Attributes") == before
    tf.assert_plan_empty()


def test_a_table_or_queue_that_does_not_fit_is_refused(tf, aws):
    table, queue = aws.arn("dynamodb", "table/none"), aws.arn("sqs", "none")
    tf.expect_error("no such table", pipeline(f'  log_table = {{ arn = "{table}" }}'), during="apply")
    tf.expect_error("no such queue", pipeline(f'  dead_letter_queue_arn = "{queue}"'), during="apply")
    elsewhere = queue.replace("eu-west-1", "us-east-1")
    tf.expect_error("both must be one", pipeline(f'  dead_letter_queue_arn = "{elsewhere}"'), during="apply")


@pytest.mark.parametrize("qualifier", ["live", None])
def test_a_function_of_ones_own_and_back(tf, aws, qualifier):
    """From one to another of the same function is not to be seen here: the emulator has one policy for all of them."""
    functions, function = aws.client("lambda"), own_function(aws)
    lasting = ("CodeSha256", "Role", "Timeout", "MemorySize", "Description")
    before = functions.get_function_configuration(FunctionName="mine")
    tf.apply(pipeline())
    arn, at = (f"{function}:{qualifier}", {"Qualifier": qualifier}) if qualifier else (function, {})
    tf.assert_applies(pipeline(f'  log_function = {{ arn = "{arn}" }}'))
    found, state = names(aws), tf.state(ADDRESS)
    assert (found["functions"], found["roles"]) == (["mine"], []) and f"/aws/lambda/{own(aws)}" not in found["log groups"]
    statements = json.loads(functions.get_policy(FunctionName="mine", **at)["Policy"])["Statement"]
    assert [s["Condition"]["ArnLike"]["AWS:SourceArn"] for s in statements] == [state["rule_arn"]]
    assert [s["Resource"] for s in statements] == [arn] == [state["log_function_arn"]]
    assert state["role_arn"] is None and state["writer_sha256"] is None
    tf.assert_applies(pipeline())
    statements = json.loads(functions.get_policy(FunctionName="mine")["Policy"])["Statement"]
    after = functions.get_function_configuration(FunctionName="mine")
    assert (statements, [after[key] for key in lasting]) == ([], [before[key] for key in lasting])
    publish(aws)
    wait_for(lambda: rows(aws))


def later(name, arn):
    """An ARN that is known after apply, as one of a resource in the same run."""
    return f'resource "terraform_data" "{name}" {{\n  input = "{arn}"\n}}\n'


def test_arns_that_are_known_after_apply(tf, aws):
    own_table(aws), own_queue(aws, Policy=queue_policy(aws)), own_function(aws)
    made = (later("table", aws.arn("dynamodb", "table/mine")) + later("queue", aws.arn("sqs", "mine"))
            + later("role", f"arn:aws:iam::{aws.id}:role/mine"))
    tf.assert_applies(pipeline("""
      log_table             = { arn = terraform_data.table.output }
      dead_letter_queue_arn = terraform_data.queue.output
      log_function          = { role_arn = terraform_data.role.output }
    """, before=made))
    state = tf.state(ADDRESS)
    assert (state["log_table_name"], state["queue_arn"]) == ("mine", aws.arn("sqs", "mine"))
    assert {name for name, value in state["log_table"].items() if value is not None} == {"arn"}
    found = names(aws)
    assert (found["tables"], len(found["queues"]), found["roles"]) == (["mine"], 1, [])
    made = later("function", aws.arn("lambda", "function:mine:live"))
    tf.assert_applies(pipeline("  log_function = { arn = terraform_data.function.output }", before=made))
    assert {name for name, value in tf.state(ADDRESS)["log_function"].items() if value is not None} == {"arn"}


GIVEN = {
    "table": lambda aws: f'  log_table = {{ arn = "{aws.arn("dynamodb", f"table/{own(aws)}")}" }}',
    "queue": lambda aws: f'  dead_letter_queue_arn = "{aws.arn("sqs", own(aws))}"',
    "function": lambda aws: f'  log_function = {{ arn = "{aws.arn("lambda", f"function:{own(aws)}")}" }}',
    "role": lambda aws: f'  log_function = {{ role_arn = "arn:aws:iam::{aws.id}:role/{own(aws)}-{aws.region}" }}',
}


@pytest.mark.parametrize("part", GIVEN)
def test_a_part_whose_own_arn_is_given_is_the_users_and_stays(tf, aws, part):
    may_lose = "  force_destroy = true\n"
    tf.apply(pipeline(may_lose))
    before = contents(aws)
    tf.assert_applies(pipeline(may_lose + GIVEN[part](aws)))
    assert contents(aws) == before
    publish(aws)
    wait_for(lambda: rows(aws))
    tf.assert_applies(pipeline(may_lose))
    assert len(rows(aws)) == 1 and names(aws) == before["names"]
