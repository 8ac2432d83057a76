#!/usr/bin/env python3
"""The main job in one command: a rule that makes a published event a row in a table.

Builds the provider, starts an emulator, makes a Lambda function and a table,
applies examples/lambda-target, publishes one event, shows the row that it
became, destroys everything.
"""
import io
import json
import signal
import textwrap
import time
import zipfile
from contextlib import ExitStack

from lib import needs, say, venv

EVENT = {"userId": "user-123", "name": "My First Book", "category": "Finance", "price": 100, "insertedId": 1}
TABLE = "product-log"
ROW_SECONDS = 60

# What the product log pipeline deploys itself; here by hand, to show bus, rule and target alone.
WRITER = """
import boto3, json
from decimal import Decimal

def handler(event, context):
    print(json.dumps(event))
    detail = event["detail"]
    boto3.resource("dynamodb").Table("product-log").put_item(Item={
        "PK": "Log#" + event["id"], "SK": "Product#Log", "ProductId": Decimal(detail["insertedId"]),
        "UserId": detail["userId"], "Name": detail["name"], "Action": "NEW_PRODUCT"})
"""


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    needs.python()
    needs.cargo()
    terraform = needs.terraform()
    venv.enter()
    from lib import build, emulators, example
    from lib.aws import Account

    say.line(f"terraform: {terraform} ({needs.terraform_version(terraform)})")
    with say.step("cargo build (the first time takes some minutes)"):
        binary = build.provider()
    with ExitStack() as running:
        with say.step("ministack, an AWS emulator on this machine"):
            account = Account(running.enter_context(emulators.ministack()))
        with say.step("a table and a function that writes into it, by boto3"):
            function = make_function(account)
        with example.applied("lambda-target", binary, account.settings(), {"function_arn": function}) as applied:
            bus = applied.output()["event_bus_name"]
            with say.step(f"one event onto the bus {bus!r}"):
                publish(account, bus)
            with say.step("the row that it became"):
                row = wait_for_row(account)
            say.line(textwrap.indent(json.dumps(row, indent=2), "    "))
    say.line("\nThe event became a row. Nothing is left running.")


def make_function(account):
    """Creates the table and the function; returns the function's ARN once it is active."""
    account.client("dynamodb").create_table(
        TableName=TABLE, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}, {"AttributeName": "SK", "AttributeType": "S"}])
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("writer.py", WRITER)
    functions = account.client("lambda")
    arn = functions.create_function(
        FunctionName="writer", Runtime="python3.12", Handler="writer.handler", Code={"ZipFile": package.getvalue()},
        Role=f"arn:aws:iam::{account.id}:role/writer")["FunctionArn"]
    functions.get_waiter("function_active_v2").wait(FunctionName="writer", WaiterConfig={"Delay": 1})
    return arn


def publish(account, bus):
    answer = account.client("events").put_events(Entries=[{
        "EventBusName": bus, "Source": "log.addProduct", "DetailType": "add-product", "Detail": json.dumps(EVENT)}])
    if answer["FailedEntryCount"]:
        raise say.Fail(f"the bus refused the event: {answer['Entries']}")


def wait_for_row(account):
    """The one item of the table, as plain values."""
    table = account.client("dynamodb")
    until = time.monotonic() + ROW_SECONDS
    while time.monotonic() < until:
        items = table.scan(TableName=TABLE)["Items"]
        if items:
            return {name: next(iter(value.values())) for name, value in sorted(items[0].items())}
        time.sleep(0.2)
    raise say.Fail(f"no row within {ROW_SECONDS} s: the event did not reach the function, or the function failed. "
                   "The emulator's log is under target/emulators")


if __name__ == "__main__":
    say.main(main)
