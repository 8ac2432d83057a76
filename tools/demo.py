#!/usr/bin/env python3
"""The article's system in one command: a product is added, and a log says who added it.

Builds the provider and add_product, starts MariaDB and an AWS emulator, applies
examples/product-log, sends the article's product to add_product, shows what
became of it in MySQL, in the function's log and in DynamoDB, destroys everything.
"""
import json
import shutil
import signal
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from itertools import zip_longest

from lib import needs, say, venv

PRODUCT = {"userId": "user-123", "name": "My First Book", "category": "Finance", "price": 100}
PATIENCE_SECONDS = 60


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    needs.python()
    needs.cargo()
    terraform = needs.terraform()
    venv.enter()
    from lib import build, emulators, example, mariadb, service
    from lib.aws import Account

    say.line(f"terraform: {terraform} ({needs.terraform_version(terraform)})")
    with say.step("cargo build of the provider and of add_product (the first time takes some minutes)"):
        provider, program = build.provider(), build.service()
    with ExitStack() as running:
        with say.step("MariaDB, private to this run"):
            database = running.enter_context(mariadb.mariadb())
        with say.step("ministack, an AWS emulator on this machine"):
            account = Account(running.enter_context(emulators.ministack()))
        terraform = running.enter_context(example.applied("product-log", provider, account.settings()))
        outputs = terraform.output()
        with say.step("add_product, the article's service"):
            settings = {**account.settings(), **database.settings(), "EVENT_BUS_NAME": outputs["event_bus_name"]}
            url = running.enter_context(service.add_product(program, settings))
        with say.step(f"POST {url} {json.dumps(PRODUCT)}"):
            say.line(f"    {json.dumps(post(url, PRODUCT))}")
        with say.step("what became of it"):
            row = wait_for("a row in the table", lambda: table_row(account, outputs["log_table_name"]))
            event = wait_for("a line in the function's log", lambda: logged_event(account, outputs["log_function_arn"]))
        product = database.query("SELECT * FROM Products")[0]
        side_by_side({
            "the row in MySQL": {**product, "ID": int(product["ID"])},
            "the event as the log writer saw it": event,
            "the row in DynamoDB": row,
        })
    say.line("\nThe product became an event, the event a row. Nothing is left running.")


def post(url, product):
    request = urllib.request.Request(url, json.dumps(product).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise say.Fail(f"add_product answered {error.code}: {error.read().decode()}") from None


def logged_event(account, function_arn):
    """The event in the log writer's line, once it is there."""
    logs, group = account.client("logs"), f"/aws/lambda/{function_arn.rsplit(':', 1)[1]}"
    for stream in logs.describe_log_streams(logGroupName=group)["logStreams"]:
        for entry in logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"])["events"]:
            for line in entry["message"].splitlines():
                if line.startswith('{"level"'):
                    return json.loads(line).get("event")
    return None


def table_row(account, table):
    """The one item of the table; a number is shown as one."""
    items = account.client("dynamodb").scan(TableName=table)["Items"]
    return {name: json.loads(value["N"]) if "N" in value else value["S"] for name, value in items[0].items()} if items else None


def wait_for(what, look):
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.2)
    raise say.Fail(f"no {what.split(' ', 1)[1]} within {PATIENCE_SECONDS} s. The emulator's log is under target/emulators")


def side_by_side(values):
    """Prints JSON values in columns under their titles; below each other where the terminal is too narrow."""
    columns = [[title, "-" * len(title), *json.dumps(value, indent=2).splitlines()] for title, value in values.items()]
    widths = [max(map(len, column)) for column in columns]
    say.line()
    if sys.stdout.isatty() and sum(widths) + 4 * len(widths) > shutil.get_terminal_size().columns:
        say.line("\n\n".join("\n".join(column) for column in columns))
        return
    for cells in zip_longest(*columns, fillvalue=""):
        say.line("    ".join(f"{cell:{width}}" for cell, width in zip(cells, widths)).rstrip())


if __name__ == "__main__":
    say.main(main)
