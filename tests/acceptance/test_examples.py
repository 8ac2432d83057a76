"""The examples and the module, applied as they stand, and the module's own tests."""
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
@pytest.mark.parametrize("file, with_aws", [("pure", False), ("emulator", True)])
def test_the_modules_own_tests(example, tf, file, with_aws):
    example("modules/product-log")
    terraform = tf.terraform
    if not with_aws:
        terraform.environment = {name: value for name, value in terraform.environment.items()
                                 if not name.startswith("AWS_")}
    printed = terraform.check("test", "-no-color", f"-filter=tests/{file}.tftest.hcl")
    assert "Success!" in printed and "0 failed" in printed, printed


def test_the_whole_system(example, tf):
    """What the demo applies; that it logs is the demo's and the pipeline's tests' matter."""
    example("product-log")
    tf.assert_applies(None)
    outputs = tf.terraform.output()
    assert outputs["event_bus_name"] == "product-log"
    assert json.loads(outputs["put_events_policy"])["Statement"][0]["Resource"].endswith(":event-bus/product-log")
    tf.destroy()


def test_an_event_published_twice_makes_one_row(tf):
    """A retried PutEvents is a new event: the producer's own number is what makes a row unique."""
    tf.assert_applies("""
        resource "eventbridge_product_log_pipeline" "log" {
          name            = "product-log"
          idempotency_key = "$.detail.insertedId"
          force_destroy   = true
        }
        output "table" { value = eventbridge_product_log_pipeline.log.log_table_name }
        output "function" { value = eventbridge_product_log_pipeline.log.log_function_arn }
    """)
    outputs = tf.terraform.output()
    for _ in range(2):
        tf.emulator.client("events").put_events(Entries=[{
            "EventBusName": "product-log", "Source": "log.addProduct", "DetailType": "add-product",
            "Detail": json.dumps(PRODUCT)}])
    group = f"/aws/lambda/{outputs['function'].rsplit(':', 1)[1]}"
    until = time.monotonic() + 30
    while len(lines := writer_lines(tf.emulator.client("logs"), group)) < 2:
        assert time.monotonic() < until, lines
        time.sleep(0.2)
    assert sorted(line["message"] for line in lines) == ["already logged", "logged"]
    assert len({line["id"] for line in lines}) == 2
    rows = tf.emulator.client("dynamodb").scan(TableName=outputs["table"])["Items"]
    assert [row["PK"]["S"] for row in rows] == ["Log#1"]
    tf.destroy()


def writer_lines(logs, group):
    """What the log writer printed."""
    streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
    messages = [entry["message"] for stream in streams for entry in logs.get_log_events(
        logGroupName=group, logStreamName=stream["logStreamName"])["events"]]
    return [json.loads(line) for text in messages for line in text.splitlines() if line.startswith('{"level"')]
