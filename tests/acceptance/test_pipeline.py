"""eventbridge_product_log_pipeline on ministack, which runs the log writer for real.

ministack delivers no dead letters of EventBridge, so those are shown by asynchronous
Invoke. It keeps a rule's old values where PutRule leaves them out; AWS does not.
"""
import json
import time

import pytest

from workspace import OWN_ACCOUNT

ADDRESS = "eventbridge_product_log_pipeline.log"
# A name of the test's own account: ministack hands an event to a warm worker by the
# function's name alone, which may be one of another account.
OWN = f"shop-{OWN_ACCOUNT}"
DETAIL = {"userId": "user-123", "name": "My First Book", "category": "Finance", "price": 100, "insertedId": 7}
ROW_SECONDS = 30


def own(aws):
    return f"shop-{aws.id}"


def pipeline(body="", name=OWN, before=""):
    return f'{before}\nresource "eventbridge_product_log_pipeline" "log" {{\n  name = "{name}"\n{body}\n}}\n'


def rows(aws):
    return aws.client("dynamodb").scan(TableName=own(aws))["Items"]


def publish(aws, detail=None, bus=None, source="log.addProduct"):
    entry = {"EventBusName": bus or own(aws), "Source": source, "DetailType": "add-product", "Detail": json.dumps(detail or DETAIL)}
    answer = aws.client("events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0, answer
    return answer["Entries"][0]["EventId"]


def wait_for(what, seconds=ROW_SECONDS):
    """Polls until `what` answers something true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError("it did not come")


def everything(aws):
    """Names of all objects that a pipeline could leave."""
    client = aws.client
    return {
        "buses": [b["Name"] for b in client("events").list_event_buses()["EventBuses"]],
        "functions": [f["FunctionName"] for f in client("lambda").list_functions()["Functions"]],
        "roles": [r["RoleName"] for r in client("iam").list_roles()["Roles"]],
        "queues": client("sqs").list_queues().get("QueueUrls", []),
        "tables": client("dynamodb").list_tables()["TableNames"],
        "log groups": [g["logGroupName"] for g in client("logs").describe_log_groups()["logGroups"]],
    }


# --- a life ---

def test_an_event_becomes_a_row_and_destroy_leaves_nothing(tf, aws):
    before = everything(aws)
    tf.assert_applies(pipeline("  force_destroy = true"))
    event = publish(aws)
    row = wait_for(lambda: rows(aws))[0]
    assert row == {"PK": {"S": f"Log#{event}"}, "SK": {"S": "Product#Log"}, "ProductId": {"N": "7"},
                   "UserId": {"S": "user-123"}, "Name": {"S": "My First Book"}, "Action": {"S": "NEW_PRODUCT"}}
    tf.destroy()
    assert everything(aws) == before


def test_rows_refuse_a_destroy_before_anything_is_touched(tf, aws):
    tf.apply(pipeline())
    publish(aws)
    wait_for(lambda: rows(aws))
    outcome = tf.destroy(ok=False)
    assert any("holds 1 rows" in e.summary and "force_destroy" in e.detail for e in outcome.errors), outcome
    tf.assert_plan_empty()
    tf.apply(pipeline("  retain_table = true"))
    tf.destroy()
    assert len(rows(aws)) == 1


def test_protection_is_never_lifted(tf):
    tf.apply(pipeline("  force_destroy = true\n  log_table = { deletion_protection = true }"))
    outcome = tf.destroy(ok=False)
    assert any("protected against deletion" in e.summary for e in outcome.errors), outcome
    tf.apply(pipeline("  force_destroy = true"))
    tf.destroy()


def test_smoke_test_passes_and_leaves_no_row(tf, aws):
    event = '{ source = "log.addProduct", detail-type = "add-product", detail = { userId = "u", name = "n", insertedId = 1 } }'
    tf.assert_applies(pipeline(f"  smoke_test = {{ event = jsonencode({event}) }}"))
    assert tf.state(ADDRESS)["smoke_test_passed"] is True and rows(aws) == []


def test_import(tf):
    tf.apply(pipeline('  tags = { team = "a" }'))
    tf.check_import(ADDRESS, f"shop-{tf.account}")


# --- the table of arguments: what a change does ---

NEW_BUS = 'resource "eventbridge_bus" "other" {\n  name = "other"\n}\n'
CHANGES = {
    "event_pattern": ('  event_pattern = jsonencode({ source = ["shop.other"] })', "update"),
    "tests": ('  tests = { one = { event = jsonencode({ source = "log.addProduct", detail-type = "x" }) } }', "update"),
    "enabled": ("  enabled = false", "update"),
    "idempotency_key": ('  idempotency_key = "$.detail.insertedId"', "update"),
    "log_item": ('  log_item = { Whole = "$.detail:M" }', "update"),
    "billing_mode": ('  log_table = { billing_mode = "PROVISIONED", read_capacity = 1, write_capacity = 1 }', "update"),
    "table_class": ('  log_table = { table_class = "STANDARD_INFREQUENT_ACCESS" }', "update"),
    "point_in_time_recovery": ("  log_table = { point_in_time_recovery = true }", "update"),
    "ttl_days": ("  log_table = { ttl_days = 30 }", "update"),
    "stream_view_type": ('  log_table = { stream_view_type = "NEW_IMAGE" }', "update"),
    "memory_size": ("  log_function = { memory_size = 256 }", "update"),
    "timeout": ("  log_function = { timeout = 20 }", "update"),
    "architecture": ('  log_function = { architecture = "x86_64" }', "update"),
    "reserved_concurrent_executions": ("  log_function = { reserved_concurrent_executions = 2 }", "update"),
    "asynchronous": ("  log_function = { maximum_event_age_in_seconds = 120, maximum_retry_attempts = 0 }", "update"),
    "role_path": ('  log_function = { role_path = "/logs/" }', "update"),
    "tracing": ('  log_function = { tracing = "Active" }', "update"),
    "log_retention_days": ("  log_function = { log_retention_days = 7 }", "update"),
    "log_events": ("  log_function = { log_events = true }", "update"),
    "environment": ('  log_function = { environment = { STAGE = "test" } }', "update"),
    "retry_policy": ("  retry_policy = { maximum_retry_attempts = 5 }", "update"),
    "force_destroy": ("  force_destroy = true", "update"),
    "retain_table": ("  retain_table = true", "update"),
    "adopt": ("  adopt = true", "update"),
    "tags": ('  tags = { team = "a" }', "update"),
}


@pytest.mark.parametrize("argument", CHANGES)
def test_argument_changes_in_place_and_goes_again(tf, aws, argument):
    body, action = CHANGES[argument]
    tf.apply(pipeline())
    created = aws.client("dynamodb").describe_table(TableName=own(aws))["Table"]["CreationDateTime"]
    assert tf.plan(pipeline(body)).changes == {ADDRESS: action}
    tf.apply()
    tf.assert_plan_empty()
    tf.apply(pipeline())
    tf.assert_plan_empty()
    assert aws.client("dynamodb").describe_table(TableName=own(aws))["Table"]["CreationDateTime"] == created


def test_another_name_replaces(tf):
    tf.apply(pipeline())
    assert tf.plan(pipeline(name="store")).changes == {ADDRESS: "replace"}


def test_another_bus_keeps_the_table_and_takes_the_owned_bus_away(tf, aws):
    tf.apply(pipeline(before=NEW_BUS))
    publish(aws)
    wait_for(lambda: rows(aws))
    tf.assert_applies(pipeline("  event_bus_name = eventbridge_bus.other.name", before=NEW_BUS))
    assert [b["Name"] for b in aws.client("events").list_event_buses()["EventBuses"]] == ["default", "other"]
    publish(aws, bus="other")
    wait_for(lambda: len(rows(aws)) == 2)
    assert tf.state(ADDRESS)["owns_event_bus"] is False


def test_own_queue_and_table_are_checked_and_never_changed(tf, aws):
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName="mine")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    outcome = tf.apply(pipeline(f'  dead_letter_queue_arn = "{arn}"'))
    assert any("does not let EventBridge" in w.summary and "sqs:SendMessage" in w.detail for w in outcome.warnings)
    assert "Policy" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert not any(u.endswith("/" + own(aws)) for u in sqs.list_queues().get("QueueUrls", []))
    table = f"arn:aws:dynamodb:{tf.region}:{tf.account}:table/none"
    tf.expect_error("no such table", pipeline(f'  log_table = {{ arn = "{table}" }}'), during="apply")


# --- drift: each part, deleted or changed behind Terraform's back ---

def _permission(aws):
    function = aws.client("lambda")
    policy = json.loads(function.get_policy(FunctionName=own(aws))["Policy"])
    function.remove_permission(FunctionName=own(aws), StatementId=policy["Statement"][0]["Sid"])


def _role_policy(aws):
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    aws.client("iam").put_role_policy(RoleName=f"{own(aws)}-eu-west-1", PolicyName="log-writer", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [statement]}))


def _queue_policy(aws):
    sqs = aws.client("sqs")
    sqs.set_queue_attributes(QueueUrl=sqs.get_queue_url(QueueName=own(aws))["QueueUrl"], Attributes={"Policy": ""})


DRIFT = {
    "invoke_permission": _permission,
    "target": lambda aws: aws.client("events").remove_targets(EventBusName=own(aws), Rule=own(aws), Ids=[own(aws)]),
    "role": _role_policy,
    "dead_letter_queue": _queue_policy,
    "log_group": lambda aws: aws.client("logs").delete_log_group(logGroupName=f"/aws/lambda/{own(aws)}"),
    "log_function": lambda aws: aws.client("lambda").delete_function(FunctionName=own(aws)),
    "asynchronous_settings": lambda aws: aws.client("lambda").delete_function_event_invoke_config(FunctionName=own(aws)),
    "log_table": lambda aws: aws.client("dynamodb").delete_table(TableName=own(aws)),
}


@pytest.mark.parametrize("part", DRIFT)
def test_drift_is_named_and_repaired(tf, aws, part):
    tf.apply(pipeline())
    DRIFT[part](aws)
    assert tf.plan().changes == {ADDRESS: "update"}
    assert part in tf.planned(ADDRESS)["before"]["drift"]
    tf.apply()
    tf.assert_plan_empty()
    publish(aws)
    wait_for(lambda: rows(aws))


# --- ownership ---

def test_what_an_interrupted_run_left_is_gone_on_with(tf, aws):
    tf.apply(pipeline())
    aws.client("events").remove_targets(EventBusName=own(aws), Rule=own(aws), Ids=[own(aws)])
    aws.client("lambda").delete_function(FunctionName=own(aws))
    tf.forget(ADDRESS)
    tf.assert_applies(pipeline())


def test_a_complete_one_is_taken_over_or_refused(tf):
    tf.apply(pipeline())
    tf.forget(ADDRESS)
    tf.expect_error("exists already and differs", pipeline("  enabled = false"), during="apply")
    tf.assert_applies(pipeline(), warnings="Took over")
    tf.forget(ADDRESS)
    tf.assert_applies(pipeline("  enabled = false\n  adopt = true"), warnings="Adopted")


def test_a_part_of_somebody_else_is_refused_by_name(tf, aws):
    aws.client("sqs").create_queue(QueueName=own(aws))
    error = tf.expect_error("not this pipeline's", pipeline(), during="apply")
    assert own(aws) in error.summary and "dead_letter_queue_arn" in error.detail


# --- what is said before AWS is asked ---

WRONG = {
    "name": ('name = "default"', "bus that every account has"),
    "pattern": ('name = "shop"\n  event_pattern = "{\\"source\\": \\"x\\"}"', "Event pattern is not valid"),
    "test": ('name = "shop"\n  tests = { a = { event = jsonencode({ source = "x", detail-type = "y" }) } }', "does not match"),
    "row": ('name = "shop"\n  log_item = { PK = "x" }', "idempotency key"),
    "capacity": ('name = "shop"\n  log_table = { billing_mode = "PROVISIONED" }', "read_capacity"),
    "own table": ('name = "shop"\n  log_table = { arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/t", ttl_days = 1 }',
                  "remove `log_table.ttl_days`"),
    "retention": ('name = "shop"\n  log_function = { log_retention_days = 2 }', "not a retention time"),
    "smoke test": ('name = "shop"\n  smoke_test = { event = jsonencode({ source = "aws.s3", detail-type = "x", detail = {} }) }',
                   "source of AWS"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_arguments_are_errors_at_validate(tf, case):
    body, wanted = WRONG[case]
    text = f'resource "eventbridge_product_log_pipeline" "log" {{\n  {body}\n}}\n'
    tf.expect_error(wanted, text, during="validate")
