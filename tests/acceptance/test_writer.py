"""The log writer as Lambda runs it: the function, its table and its dead letters made with boto3.

EventBridge's own hand-over is part of the pipeline's tests. Here the function is
invoked, also asynchronously: the only way to a dead letter on ministack.
"""
import io
import json
import time
import zipfile

import pytest

from conftest import ministack_account
from lib.paths import ROOT

WRITER = ROOT / "src" / "resources" / "product_log_pipeline" / "writer" / "log_writer.py"
SECONDS = 30

EVENT = {
    "version": "0",
    "id": "87dafa0a-9e87-9502-a032-c6b02b48a37a",
    "detail-type": "add-product",
    "source": "log.addProduct",
    "account": "260776636198",
    "time": "2022-07-11T21:03:56Z",
    "region": "eu-west-1",
    "resources": [],
    "detail": {"userId": "user-123", "name": "My First Book", "category": "Finance", "price": 100, "insertedId": 1},
}
LOG_ITEM = {
    "SK": "Product#Log",
    "ProductId": "$.detail.insertedId:N",
    "UserId": "$.detail.userId:S",
    "Name": "$.detail.name:S",
    "Action": "NEW_PRODUCT",
}


def event(**detail):
    """The article's event with another detail; a None takes the field away."""
    changed = {**EVENT["detail"], **detail}
    return {**EVENT, "detail": {name: value for name, value in changed.items() if value is not None}}


class Writer:
    """The function on ministack, with its table and its dead letter queue."""

    def __init__(self, account, settings):
        self.functions, self.dynamodb = account.client("lambda"), account.client("dynamodb")
        self.queues, self.logs = account.client("sqs"), account.client("logs")
        self.dynamodb.create_table(
            TableName="log", BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK")])
        self.queue = self.queues.create_queue(QueueName="dead-letters")["QueueUrl"]
        environment = {"LOG_TABLE": "log", "LOG_ITEM": json.dumps(LOG_ITEM), "LOG_IDEMPOTENCY_KEY": "$.id", **settings}
        self.functions.create_function(
            FunctionName="writer", Runtime="python3.13", Handler="log_writer.handler",
            Role=f"arn:aws:iam::{account.id}:role/writer", Code={"ZipFile": package()}, Timeout=10,
            Environment={"Variables": environment})
        poll(lambda: self.functions.get_function(FunctionName="writer")["Configuration"]["State"] == "Active")
        self.functions.put_function_event_invoke_config(
            FunctionName="writer", MaximumRetryAttempts=1,
            DestinationConfig={"OnFailure": {"Destination": account.arn("sqs", "dead-letters")}})

    def deliver(self, given):
        """Invokes the function and waits for its answer."""
        answer = self.functions.invoke(FunctionName="writer", Payload=json.dumps(given))
        return answer.get("FunctionError"), json.loads(answer["Payload"].read())

    def send(self, given):
        """Invokes the function as EventBridge does: asynchronously."""
        self.functions.invoke(FunctionName="writer", Payload=json.dumps(given), InvocationType="Event")

    def rows(self):
        return self.dynamodb.scan(TableName="log")["Items"]

    def lines(self):
        """The writer's own log lines."""
        streams = self.logs.describe_log_streams(logGroupName="/aws/lambda/writer")["logStreams"]
        messages = [entry["message"] for stream in streams for entry in self.logs.get_log_events(
            logGroupName="/aws/lambda/writer", logStreamName=stream["logStreamName"])["events"]]
        return [json.loads(line) for text in messages for line in text.splitlines() if line.startswith('{"level"')]

    def dead_letter(self):
        """The event of the dead letter that came, once it has come."""
        letters = poll(lambda: self.queues.receive_message(QueueUrl=self.queue).get("Messages"))
        return json.loads(letters[0]["Body"])["requestPayload"]


def package():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.write(WRITER, "log_writer.py")
    return file.getvalue()


def poll(look):
    """Waits until `look` finds something, and returns it."""
    until = time.monotonic() + SECONDS
    while not (found := look()):
        assert time.monotonic() < until, f"nothing after {SECONDS} s"
        time.sleep(0.2)
    return found


@pytest.fixture
def writer():
    return lambda **settings: Writer(ministack_account(), settings)


def test_five_deliveries_make_one_row(writer):
    writer = writer()
    answers = [writer.deliver(EVENT) for _ in range(5)]
    key = f"Log#{EVENT['id']}"
    assert answers == [(None, {"key": key, "new": True})] + [(None, {"key": key, "new": False})] * 4
    assert writer.rows() == [{
        "PK": {"S": key}, "SK": {"S": "Product#Log"}, "ProductId": {"N": "1"},
        "UserId": {"S": "user-123"}, "Name": {"S": "My First Book"}, "Action": {"S": "NEW_PRODUCT"},
    }]
    lines = poll(lambda: len(found := writer.lines()) == 5 and found)
    # Each worker has a log stream of its own, so the lines have no order.
    assert sorted(line["message"] for line in lines) == ["already logged"] * 4 + ["logged"]


def test_a_producers_retry_makes_one_row(writer):
    writer = writer(LOG_IDEMPOTENCY_KEY="$.detail.insertedId")
    writer.deliver(EVENT)
    writer.deliver({**EVENT, "id": "another"})
    assert [row["PK"]["S"] for row in writer.rows()] == ["Log#1"]


@pytest.mark.parametrize("user, reason", [
    (None, "is not in the event"),
    (5, "is a number in the event, not a string"),
])
def test_an_event_without_a_row_becomes_a_dead_letter(writer, user, reason):
    writer = writer()
    writer.send(event(userId=user))
    assert writer.dead_letter() == event(userId=user)
    assert writer.rows() == []
    lines = poll(writer.lines)
    for line in lines:
        assert (line["level"], line["message"]) == ("ERROR", "not logged")
        assert (line["attribute"], line["path"], line["reason"]) == ("UserId", "$.detail.userId:S", reason)


def test_values_keep_their_types(writer):
    item = {"SK": "s", "Detail": "$.detail:M", "Gone": "$.detail.gone?", "First": "$.detail.list[0]:N"}
    writer = writer(LOG_ITEM=json.dumps(item))
    detail = {"integer": 12345678901234567890123456789012345678, "decimal": 19.99, "flag": True, "none": None,
              "list": [0.1, "x"], "text": "ü"}
    writer.deliver({**EVENT, "detail": detail})
    row = writer.rows()[0]
    assert row["Detail"]["M"] == {
        "integer": {"N": "12345678901234567890123456789012345678"}, "decimal": {"N": "19.99"}, "flag": {"BOOL": True},
        "none": {"NULL": True}, "list": {"L": [{"N": "0.1"}, {"S": "x"}]}, "text": {"S": "ü"},
    }
    assert row["First"] == {"N": "0.1"}
    assert "Gone" not in row


def test_rows_expire_and_events_are_logged_where_asked_for(writer):
    writer = writer(LOG_TTL_DAYS="7", LOG_EVENTS="true")
    before = int(time.time())
    writer.deliver(EVENT)
    expires = int(writer.rows()[0]["ExpiresAt"]["N"])
    assert before <= expires - 7 * 86400 <= before + SECONDS
    assert poll(writer.lines)[0]["event"] == EVENT


def test_a_table_that_fails_leaves_a_dead_letter(writer):
    writer = writer(LOG_TABLE="missing")
    writer.send(EVENT)
    assert writer.dead_letter() == EVENT
    assert "ResourceNotFoundException" in poll(writer.lines)[0]["reason"]
