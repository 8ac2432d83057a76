"""Tests of the log writer, with a table that lives in memory: `python3 -m unittest` in this folder."""

import contextlib
import io
import json
import pathlib
import types
import unittest

import log_writer

CORPUS = pathlib.Path(__file__).parents[4] / "tests" / "corpus" / "log_item.jsonl"

EVENT = {
    "version": "0",
    "id": "87dafa0a-9e87-9502-a032-c6b02b48a37a",
    "detail-type": "add-product",
    "source": "log.addProduct",
    "detail": {"userId": "user-123", "name": "My First Book", "price": 100, "insertedId": 1},
}
PK = "Log#87dafa0a-9e87-9502-a032-c6b02b48a37a"
LOG_ITEM = {
    "SK": "Product#Log",
    "ProductId": "$.detail.insertedId:N",
    "UserId": "$.detail.userId:S",
    "Name": "$.detail.name:S",
    "Action": "NEW_PRODUCT",
}
CONTEXT = types.SimpleNamespace(aws_request_id="request-1")


def environment(log_item=None, **others):
    return {
        "LOG_TABLE": "log",
        "LOG_ITEM": json.dumps(log_item or LOG_ITEM),
        "LOG_IDEMPOTENCY_KEY": "$.id",
        **others,
    }


class ConditionFailed(Exception):
    """What boto3 raises when the key is there already."""


class FakeTable:
    """The one call of DynamoDB that the writer makes."""

    exceptions = types.SimpleNamespace(ConditionalCheckFailedException=ConditionFailed)

    def __init__(self):
        self.rows = {}

    def put_item(self, TableName, Item, ConditionExpression):
        assert (TableName, ConditionExpression) == ("log", "attribute_not_exists(PK)")
        key = Item["PK"]["S"], Item["SK"]["S"]
        if key in self.rows:
            raise ConditionFailed
        self.rows[key] = Item


class BrokenTable(FakeTable):
    def put_item(self, **_):
        raise TimeoutError("the table does not answer")


class Corpus(unittest.TestCase):
    """Every line of the corpus that the provider's own checker runs too."""

    def test_corpus(self):
        cases = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
        self.assertGreater(len(cases), 100)
        for case in cases:
            with self.subTest(case["name"]):
                self.check(case)

    def check(self, case):
        key = case.get("idempotency_key", "$.id")
        given = environment(case.get("log_item"), LOG_IDEMPOTENCY_KEY=key)
        if "refused" in case:
            with self.assertRaises(log_writer.SettingsError):
                log_writer.Settings(given)
            return
        settings = log_writer.Settings(given)
        if "fails" in case:
            with self.assertRaises(log_writer.EventError) as failure:
                log_writer.row(settings, case["event"], now=0)
            self.assertEqual(failure.exception.attribute, case["fails"])
        else:
            self.assertEqual(log_writer.row(settings, case["event"], now=0), case["row"])


class SettingsOfTheEnvironment(unittest.TestCase):
    def test_a_missing_variable_is_named(self):
        for name in ("LOG_TABLE", "LOG_ITEM", "LOG_IDEMPOTENCY_KEY"):
            given = environment()
            del given[name]
            with self.assertRaisesRegex(log_writer.SettingsError, f"{name} is not set"):
                log_writer.Settings(given)

    def test_malformed_ones_are_refused(self):
        for given in ({"LOG_ITEM": "{"}, {"LOG_TTL_DAYS": "soon"}):
            with self.assertRaisesRegex(log_writer.SettingsError, "malformed"):
                log_writer.Settings(environment() | given)

    def test_days_become_an_expiry(self):
        settings = log_writer.Settings(environment(LOG_TTL_DAYS="2"))
        item = log_writer.row(settings, EVENT, now=1000.9)
        self.assertEqual(item["ExpiresAt"], {"N": str(1000 + 2 * 86400)})

    def test_without_days_no_row_expires(self):
        for given in (environment(), environment(LOG_TTL_DAYS="")):
            self.assertNotIn("ExpiresAt", log_writer.row(log_writer.Settings(given), EVENT, 0))


class Deliveries(unittest.TestCase):
    def setUp(self):
        self.table = FakeTable()
        self.use(self.table)

    def use(self, table, **settings):
        writer = log_writer.Writer(log_writer.Settings(environment(**settings)), table)
        start = log_writer.start
        self.addCleanup(setattr, log_writer, "start", start)
        log_writer.start = lambda: writer

    def deliver(self, event):
        """Invokes the function once. Returns its answer or its error, and its one log line."""
        with contextlib.redirect_stdout(io.StringIO()) as output:
            try:
                answer = log_writer.handler(event, CONTEXT)
            except Exception as error:
                answer = error
        lines = output.getvalue().splitlines()
        self.assertEqual(len(lines), 1, "one line an invocation")
        return answer, json.loads(lines[0])

    def test_an_event_becomes_a_row(self):
        answer, line = self.deliver(EVENT)
        self.assertEqual(answer, {"key": PK, "new": True})
        self.assertEqual(
            self.table.rows[PK, "Product#Log"],
            {
                "PK": {"S": PK},
                "SK": {"S": "Product#Log"},
                "ProductId": {"N": "1"},
                "UserId": {"S": "user-123"},
                "Name": {"S": "My First Book"},
                "Action": {"S": "NEW_PRODUCT"},
            },
        )
        self.assertEqual(
            line,
            {
                "level": "INFO",
                "message": "logged",
                "requestId": "request-1",
                "id": EVENT["id"],
                "source": "log.addProduct",
                "detail-type": "add-product",
                "key": PK,
            },
        )

    def test_five_deliveries_make_one_row(self):
        messages = [self.deliver(EVENT)[1]["message"] for _ in range(5)]
        self.assertEqual(messages, ["logged"] + ["already logged"] * 4)
        self.assertEqual(len(self.table.rows), 1)

    def test_a_producer_that_retries_makes_one_row_by_a_key_of_its_own(self):
        self.use(self.table, LOG_IDEMPOTENCY_KEY="$.detail.insertedId")
        self.deliver(EVENT)
        answer, line = self.deliver(EVENT | {"id": "another-event"})
        self.assertEqual(answer, {"key": "Log#1", "new": False})
        self.assertEqual(line["id"], "another-event")
        self.assertEqual(list(self.table.rows), [("Log#1", "Product#Log")])

    def test_an_event_without_a_row_raises_and_says_why(self):
        for detail, reason in (
            ({"insertedId": 1, "name": "x"}, "is not in the event"),
            ({"insertedId": 1, "name": "x", "userId": None}, "is null in the event"),
            ({"insertedId": 1, "name": "x", "userId": 5}, "is a number in the event, not a string"),
        ):
            answer, line = self.deliver(EVENT | {"detail": detail})
            self.assertIsInstance(answer, log_writer.EventError)
            self.assertEqual((line["level"], line["message"]), ("ERROR", "not logged"))
            self.assertEqual(line["attribute"], "UserId")
            self.assertEqual(line["path"], "$.detail.userId:S")
            self.assertEqual(line["reason"], reason)
            self.assertEqual(self.table.rows, {})

    def test_the_event_is_in_the_log_only_when_asked_for(self):
        self.assertNotIn("event", self.deliver(EVENT)[1])
        self.use(self.table, LOG_EVENTS="true")
        self.assertEqual(self.deliver(EVENT)[1]["event"], EVENT)

    def test_a_table_that_fails_raises_and_says_why(self):
        self.use(BrokenTable())
        answer, line = self.deliver(EVENT)
        self.assertIsInstance(answer, TimeoutError)
        self.assertEqual(line["reason"], "the table does not answer")

    def test_what_is_no_event_raises_and_says_so(self):
        answer, line = self.deliver(["not", "an", "event"])
        self.assertIsInstance(answer, Exception)
        self.assertEqual(line["message"], "not logged")


if __name__ == "__main__":
    unittest.main()
