"""Every configuration under configs/: applied, planned again with nothing to do, destroyed with nothing left.

They are what users of hashicorp/aws have, with the types renamed. Comments at a
file's head say where it runs (`# emulators: ministack`, both without one),
which warnings are right (`# warnings: REGEX`, none without one) and from which
version of Terraform and of OpenTofu on (`# since: 1.11`).
"""
import re
import shutil
from pathlib import Path

import pytest

from conftest import ACCOUNTS

CONFIGS = Path(__file__).parent / "configs"


def cases():
    for path in sorted(CONFIGS.iterdir()):
        main = path / "main.tf" if path.is_dir() else path
        head = dict(re.findall(r"^# (emulators|warnings|since): (.+)$", main.read_text(), re.MULTILINE))
        for emulator in head.get("emulators", "ministack moto").split():
            since = [pytest.mark.since(*map(int, head["since"].split(".")))] if "since" in head else []
            yield pytest.param(path, emulator, head.get("warnings"), id=f"{path.stem}-{emulator}", marks=since)


@pytest.mark.parametrize("path, emulator, warnings", list(cases()))
def test_config(path, emulator, warnings, open_workspace):
    account = ACCOUNTS[emulator]()
    tf = open_workspace(account)
    before = inventory(account, emulator)
    if path.is_dir():
        shutil.copytree(path, tf.directory, dirs_exist_ok=True)
        tf.configure((path / "main.tf").read_text())
        tf.terraform.check("get")
    else:
        tf.configure(path.read_text())

    tf.assert_applies(None, warnings)
    tf.destroy()
    assert inventory(account, emulator) == before


def inventory(account, emulator):
    """The names of all EventBridge objects of an account."""
    events = account.client("events")
    buses = [bus["Name"] for bus in events.list_event_buses()["EventBuses"]]
    found = {
        "rules": [(bus, rule["Name"]) for bus in buses for rule in events.list_rules(EventBusName=bus)["Rules"]],
        "buses": buses,
        "archives": [item["ArchiveName"] for item in events.list_archives()["Archives"]],
        "connections": [item["Name"] for item in events.list_connections()["Connections"]],
        "destinations": [item["Name"] for item in events.list_api_destinations()["ApiDestinations"]],
        "policy": events.describe_event_bus(Name="default").get("Policy", ""),
    }
    if emulator != "moto":  # moto has no endpoints
        found["endpoints"] = [item["Name"] for item in events.list_endpoints()["Endpoints"]]
    return found
