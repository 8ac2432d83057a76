"""The examples, applied as they stand."""
import json
import shutil
import time

import pytest

from lib.paths import ROOT

PRODUCT = {"userId": "user-123", "name": "My First Book", "category": "Finance", "price": 100, "insertedId": 1}


@pytest.fixture
def example(tf):
    """Puts an example into the workspace: example("product-log/schedule", variable=value, ...)."""
    def open_one(name, **variables):
        ignored = shutil.ignore_patterns(".terraform*", "terraform.tfstate*", "target", "add_product")
        shutil.copytree(ROOT / "examples" / name, tf.directory, dirs_exist_ok=True, ignore=ignored)
        tf.terraform.environment.update({f"TF_VAR_{name}": value for name, value in variables.items()})
        return tf
    return open_one


def function(tf):
    return tf.emulator.arn("lambda", "function:any")


def test_several_targets(example, tf):
    queues = tf.emulator.client("sqs")
    queue = queues.create_queue(QueueName="accounting")["QueueUrl"]
    example("product-log/several-targets", function_arn=function(tf), queue_arn=tf.emulator.arn("sqs", "accounting"),
            dead_letter_queue_arn=tf.emulator.arn("sqs", "dead"))
    tf.assert_applies(None)
    targets = tf.emulator.client("events").list_targets_by_rule(Rule="products", EventBusName="shop")["Targets"]
    assert sorted(target["Id"] for target in targets) == ["function", "queue"]
    tf.emulator.client("events").put_events(Entries=[{
        "EventBusName": "shop", "Source": "log.addProduct", "DetailType": "add-product", "Detail": json.dumps(PRODUCT)}])
    until = time.monotonic() + 20
    while not (letters := queues.receive_message(QueueUrl=queue).get("Messages")):
        assert time.monotonic() < until, "nothing came"
    assert json.loads(letters[0]["Body"]) == {"product": 1, "text": "My First Book costs 100"}
    tf.destroy()


def test_a_schedule(example, tf):
    example("product-log/schedule", function_arn=function(tf))
    tf.assert_applies(None)
    rule = tf.emulator.client("events").describe_rule(Name="drain-add-product-outbox")
    assert rule["ScheduleExpression"] == "rate(1 minute)"
    tf.destroy()


def test_a_partners_bus(example, tf):
    source = "aws.partner/example.com/shop/products"
    example("product-log/partner-bus", function_arn=function(tf))
    tf.assert_applies(None)
    events = tf.emulator.client("events")
    assert events.describe_event_bus(Name=source)["Name"] == source
    assert [rule["Name"] for rule in events.list_rules(EventBusName=source)["Rules"]] == ["partner-products"]
    tf.destroy()
