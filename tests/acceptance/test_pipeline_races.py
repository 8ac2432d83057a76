"""What AWS needs time for while a pipeline is made: scripted, since the emulators are ready at once."""
import pytest

from conftest import ministack_account
from lib.proxy import FaultProxy
from pipeline import ADDRESS, own, pipeline

FUNCTIONS = "/2015-03-31/functions"


@pytest.fixture
def racing(open_workspace):
    """A workspace behind a fault proxy whose provider waits a tenth of the time."""
    account = ministack_account()
    with FaultProxy(account.url) as proxy:
        yield open_workspace(account, proxy.url, EVENTBRIDGE_WAIT_SCALE="0.1"), proxy


# What is refused -> the operation, and how AWS says "not yet".
NOT_YET = {
    "a role that Lambda has not heard of": (
        f"POST {FUNCTIONS}", "InvalidParameterValueException", "The role defined for the function cannot be assumed by Lambda."),
    "rights that have not arrived": (
        "PUT /2019-09-25/functions/{}/event-invoke-config", "InvalidParameterValueException",
        "The provided execution role does not have permissions to call SendMessage on SQS"),
    "a function that is being changed": (
        f"POST {FUNCTIONS}/{{}}/policy", "ResourceConflictException",
        "The operation cannot be performed at this time. An update is in progress for resource"),
    "a queue's name of before": (
        "CreateQueue", "QueueDeletedRecently", "You must wait 60 seconds after deleting a queue before you can create another"),
    "a log group in the making": ("CreateLogGroup", "OperationAbortedException", "A conflicting operation is in progress"),
}


@pytest.mark.parametrize("what", NOT_YET)
def test_what_is_refused_at_first_is_asked_again(racing, what):
    tf, proxy = racing
    operation, code, message = NOT_YET[what]
    operation = operation.format(own(tf.emulator))
    proxy.fail(operation, code, message, times=2)
    tf.apply(pipeline())
    assert proxy.calls(operation) == 3
    tf.assert_plan_empty()


def test_a_role_of_another_path_that_lambda_has_not_heard_of(racing):
    tf, proxy = racing
    tf.apply(pipeline())
    operation = f"PUT {FUNCTIONS}/{own(tf.emulator)}/configuration"
    proxy.fail(operation, *NOT_YET["a role that Lambda has not heard of"][1:], times=2)
    tf.apply(pipeline('  log_function = { role_path = "/logs/" }'))
    assert proxy.calls(operation) == 3
    tf.assert_plan_empty()


# What is looked at -> the operation, where its answer has the object, and the state that passes.
STATES = {
    "table": ("DescribeTable", "Table", {"TableStatus": "CREATING"}),
    "function": (f"GET {FUNCTIONS}/{{}}", "Configuration", {"State": "Pending"}),
    "function's change": (f"GET {FUNCTIONS}/{{}}", "Configuration", {"LastUpdateStatus": "InProgress"}),
}


@pytest.mark.parametrize("part", STATES)
def test_a_state_that_passes_is_waited_for(racing, part):
    tf, proxy = racing
    operation, member, state = STATES[part]
    passing = proxy.rewrite(operation.format(own(tf.emulator)), times=6, change=lambda answer: (
        {**answer, member: {**answer[member], **state}} if member in answer else answer))
    tf.apply(pipeline())
    assert passing.hits == 6
    tf.assert_plan_empty()


def test_a_second_change_of_the_expiry_within_an_hour_says_when_it_goes(racing):
    tf, proxy = racing
    tf.apply(pipeline("  log_table = { ttl_days = 3 }"))
    proxy.fail("UpdateTimeToLive", "ValidationException", "Time to live has been modified multiple times within a fixed interval")
    error = tf.expect_error("one change of a table's expiry .* an hour", pipeline(), during="apply")
    assert "at its log table" in error.summary
    tf.assert_applies(pipeline())


@pytest.mark.parametrize("failed", [{"State": "Failed"}, {"LastUpdateStatus": "Failed"}])
def test_what_failed_is_asked_for_again(racing, failed):
    """Lambda keeps a function that failed as it is until the next change: an apply that waits for it first never makes one."""
    tf, proxy = racing
    tf.apply(pipeline())
    function = f"{FUNCTIONS}/{own(tf.emulator)}"
    proxy.forget()
    proxy.rewrite(f"GET {function}", times=100, change=lambda answer: (
        {**answer, "Configuration": {**answer["Configuration"], **failed}}
        if "Configuration" in answer and not proxy.calls(f"PUT {function}/configuration") else answer))
    assert tf.plan().changes == {ADDRESS: "update"}
    assert "ailed" in tf.planned(ADDRESS)["before"]["drift"]["log_function"]
    tf.apply()
    assert proxy.calls(f"PUT {function}/configuration") == 1
    tf.assert_plan_empty()


def test_a_function_that_failed_is_an_error_with_its_reason(racing):
    tf, proxy = racing
    proxy.rewrite(f"GET {FUNCTIONS}/{own(tf.emulator)}", times=100, change=lambda answer: (
        {**answer, "Configuration": {**answer["Configuration"], "State": "Failed", "StateReason": "no image"}}
        if "Configuration" in answer else answer))
    error = tf.expect_error("log function", pipeline(), during="apply")
    assert "is Failed: no image" in error.detail and "untaint" in error.detail


def test_a_table_that_is_still_being_deleted_is_made_anew(racing):
    """As where a destroy was interrupted while it waited."""
    tf, proxy = racing
    aws = tf.emulator
    tf.apply(pipeline())
    name, tables = own(aws), aws.client("dynamodb")
    arn, keys = aws.arn("dynamodb", f"table/{name}"), [("PK", "HASH"), ("SK", "RANGE")]
    # Of such a table AWS may tell no tags any more; the emulator has none at all.
    tables.delete_table(TableName=name)
    # A refresh and an update look at it, then it is waited for.
    looks = proxy.answer("DescribeTable", times=4, body={"Table": {
        "TableName": name, "TableArn": arn, "TableStatus": "DELETING",
        "KeySchema": [{"AttributeName": key, "KeyType": kind} for key, kind in keys],
        "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key, _ in keys]}})
    tf.apply(pipeline("  enabled = false\n  timeouts {\n    update = \"1m\"\n  }"))
    assert looks.hits == 4 and tables.describe_table(TableName=name)["Table"]["TableStatus"] == "ACTIVE"
    tf.assert_plan_empty()
