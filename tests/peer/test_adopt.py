"""Moving in: hashicorp/aws makes a project's objects on an emulator, `adopt` rewrites it, our provider takes over.

Run by `make test-peer`, on a machine that has hashicorp/aws.
"""
import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from lib import env
from lib.aws import Account
from lib.build import SOURCE
from lib.proxy import ALWAYS, FaultProxy
from lib.terraform import Terraform

PROJECT = Path(__file__).parent / "project"
OBJECTS = 30
REGIONS = ("eu-west-1", "us-east-1")
READS = ("Describe", "List", "Get")
# What no provider decides.
VOLATILE = {"ResponseMetadata", "LastModifiedTime", "CreationTime", "LastAuthorizedTime"}


@pytest.fixture
def account():
    """An account of ministack that nobody else has."""
    return Account(os.environ["MINISTACK_URL"], str(random.SystemRandom().randrange(10 ** 11, 10 ** 12)))


@pytest.fixture
def proxy(account):
    with FaultProxy(account.url) as proxy:
        keep_bus_policies(proxy)
        yield proxy


def keep_bus_policies(proxy):
    """ministack makes a statement of its own out of a whole policy: the proxy keeps policies in its place."""
    policies = {}

    def is_policy(call):
        if "Policy" not in call.body:
            return False
        policies[call.region, call.body["EventBusName"]] = call.body["Policy"]
        return True

    def is_removal(call):
        """Of a policy kept here: of all of it, or of one statement."""
        place = call.region, call.body.get("EventBusName", "default")
        if place not in policies:
            return False
        policy = json.loads(policies.pop(place))
        policy["Statement"] = [it for it in policy["Statement"] if it.get("Sid") != call.body.get("StatementId")]
        if policy["Statement"] and not call.body.get("RemoveAllPermissions"):
            policies[place] = json.dumps(policy)
        return True

    def with_policy(bus):
        _, _, _, region, _, name = bus["Arn"].replace("event-bus/", "").split(":")
        policy = policies.get((region, name), bus.get("Policy"))
        return {**bus, "Policy": policy} if policy else bus

    proxy.answer("PutPermission", {}, times=ALWAYS, when=is_policy)
    proxy.answer("RemovePermission", {}, times=ALWAYS, when=is_removal)
    proxy.rewrite("DescribeEventBus", with_policy, times=ALWAYS)


@pytest.fixture
def project(tmp_path, account, proxy):
    """A copy of the project, and terraform on it with both providers."""
    shutil.copytree(PROJECT, tmp_path / "project")
    return open_project(tmp_path, account, proxy.url)


def open_project(tmp_path, account, url):
    """terraform in tmp_path/project, with both providers as they are on the machine."""
    directory = tmp_path / "project"
    configuration = tmp_path / "cli.tfrc"
    ours, theirs = (Path(os.environ[name]).parent for name in ("PROVIDER", "PEER"))
    configuration.write_text("disable_checkpoint = true\nprovider_installation {\n  dev_overrides {\n"
                             f'    "{SOURCE}" = "{ours}"\n    "hashicorp/aws" = "{theirs}"\n  }}\n}}\n')
    settings = {**account.settings(), "AWS_ENDPOINT_URL": url, "TF_VAR_account": account.id}
    terraform = Terraform(directory, configuration=configuration, settings=settings, binary=os.environ["TF_BIN"])
    terraform.check("get")
    return terraform


def adopt(terraform, *options):
    """Runs the command on the project; returns what it printed."""
    done = subprocess.run([os.environ["PROVIDER"], "adopt", *options, "."], cwd=terraform.directory, text=True,
                          env=env.clean(terraform.directory), capture_output=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    return done.stdout


def addresses(terraform):
    return set(terraform.check("state", "list").split())


def planned(terraform):
    """The plan's changes by address, and the addresses that moved."""
    terraform.check("plan", "-out=plan.bin")
    plan = json.loads(terraform.check("show", "-json", "plan.bin"))
    changes = {change["address"]: change["change"]["actions"] for change in plan.get("resource_changes", [])}
    moved = {change["address"] for change in plan.get("resource_changes", []) if "previous_address" in change}
    outputs = {name for name, change in plan.get("output_changes", {}).items() if change["actions"] != ["no-op"]}
    return {address: actions for address, actions in changes.items() if actions != ["no-op"]}, moved, outputs


def world(account):
    """Everything that the emulator holds of EventBridge in this account."""
    found = {}
    for region in REGIONS:
        events = account.client("events", region)
        found[region] = seen = {}
        for bus in events.list_event_buses()["EventBuses"]:
            name = bus["Name"]
            rules = events.list_rules(EventBusName=name)["Rules"]
            seen[f"bus {name}"] = events.describe_event_bus(Name=name)
            for rule in (rule["Name"] for rule in rules):
                seen[f"rule {name}/{rule}"] = events.describe_rule(Name=rule, EventBusName=name)
                seen[f"targets {name}/{rule}"] = sorted(
                    events.list_targets_by_rule(Rule=rule, EventBusName=name)["Targets"], key=lambda it: it["Id"])
            for arn in [bus["Arn"], *(rule["Arn"] for rule in rules)]:
                seen[f"tags {arn}"] = events.list_tags_for_resource(ResourceARN=arn)["Tags"]
        for noun, listed, named in (("archive", "Archives", "ArchiveName"), ("connection", "Connections", "Name"),
                                    ("api_destination", "ApiDestinations", "Name"), ("endpoint", "Endpoints", "Name")):
            for item in getattr(events, f"list_{noun}s")()[listed]:
                name = item[named]
                seen[f"{noun} {name}"] = getattr(events, f"describe_{noun}")(**{named: name})
    return lasting(found)


def lasting(value):
    """Without what changes by itself."""
    if isinstance(value, dict):
        return {key: lasting(item) for key, item in value.items() if key not in VOLATILE}
    return [lasting(item) for item in value] if isinstance(value, list) else value


def test_a_project_moves_in_and_nothing_changes(project, account, proxy):
    project.check("apply", "-auto-approve")
    assert planned(project)[0] == {}, "hashicorp/aws itself is not content"
    theirs = {address for address in addresses(project) if not address.startswith("data.")}
    assert len(theirs) == OBJECTS, theirs
    before = world(account)
    outputs = project.output()

    said = adopt(project)
    assert "Left alone" not in said, said
    proxy.forget()
    changes, moved, changed_outputs = planned(project)
    assert changes == {} and changed_outputs == set(), (changes, changed_outputs)
    assert len(moved) == OBJECTS, moved
    applied = project.check("apply", "-auto-approve", "-no-color")
    assert "0 added, 0 changed, 0 destroyed" in applied, applied
    writes = {name: count for name, count in proxy.counts().items() if not name.startswith(READS)}
    assert writes == {}, writes

    ours = {address for address in addresses(project) if not address.startswith("data.")}
    assert ours == {address.replace("aws_cloudwatch_event_", "eventbridge_") for address in theirs}
    assert world(account) == before
    assert project.output() == outputs

    # hashicorp/aws and the moves have done their part.
    for path in project.directory.rglob("eventbridge_moved.tf"):
        path.unlink()
    assert planned(project)[0] == {}
    project.check("destroy", "-auto-approve")
    left = [name for region in world(account).values() for name in region]
    assert sorted(left) == sorted(name for name in left if "default" in name), left


BY_ARN = """
provider "aws" {
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

resource "aws_cloudwatch_event_bus" "orders" {
  name = "orders"
}

resource "aws_cloudwatch_event_permission" "organization" {
  statement_id   = "organization"
  principal      = "*"
  event_bus_name = aws_cloudwatch_event_bus.orders.name

  condition {
    key   = "aws:PrincipalOrgID"
    type  = "StringEquals"
    value = "o-1234567890"
  }
}

resource "aws_cloudwatch_event_rule" "orders" {
  name           = "new-order"
  event_bus_name = aws_cloudwatch_event_bus.orders.arn
  event_pattern  = jsonencode({ source = ["shop.orders"] })
}

resource "aws_cloudwatch_event_target" "orders" {
  rule           = aws_cloudwatch_event_rule.orders.name
  event_bus_name = aws_cloudwatch_event_bus.orders.arn
  target_id      = "queue"
  arn            = "arn:aws:sqs:eu-west-1:123456789012:queue"
}
"""


def test_buses_named_by_arn_move_in(tmp_path):
    """On moto, which knows buses by ARN and conditions of permissions; ministack does not."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "main.tf").write_text(BY_ARN)
    project = open_project(tmp_path, Account(os.environ["MOTO_URL"]), os.environ["MOTO_URL"])
    project.check("apply", "-auto-approve")
    adopt(project)
    changes, moved, _ = planned(project)
    assert changes == {} and len(moved) == 4, (changes, moved)
    assert "0 added, 0 changed, 0 destroyed" in project.check("apply", "-auto-approve", "-no-color")
    assert planned(project)[0] == {}
    project.check("destroy", "-auto-approve")


def test_earlier_moves_are_followed(project, account):
    """A `moved` block from before names hashicorp/aws's types, and so does the state that it still has to move."""
    project.check("apply", "-auto-approve")
    main = project.directory / "main.tf"
    text = main.read_text().replace('"aws_cloudwatch_event_rule" "stock"', '"aws_cloudwatch_event_rule" "renamed"')
    text = text.replace("aws_cloudwatch_event_rule.stock", "aws_cloudwatch_event_rule.renamed")
    main.write_text(text + '''
moved {
  from = aws_cloudwatch_event_rule.stock
  to   = aws_cloudwatch_event_rule.renamed
}
''')
    assert "a moved block" in adopt(project)
    changes, moved, _ = planned(project)
    assert changes == {} and len(moved) == OBJECTS, (changes, moved)
    assert "eventbridge_rule.renamed" in moved


def test_a_dry_run_tells_the_same_and_writes_nothing(project):
    files = {path: path.read_text() for path in project.directory.rglob("*.tf")}
    diff = adopt(project, "--dry-run")
    assert '+resource "eventbridge_bus" "orders" {' in diff
    assert {path: path.read_text() for path in project.directory.rglob("*.tf")} == files


@pytest.mark.parametrize("address, identifier", [
    ("eventbridge_rule.orders", "orders/new-order"),
    ("eventbridge_target.stock", "orders/stock/stream"),
    ("eventbridge_permission.one", "one"),
])
def test_import_ids_are_the_same(project, address, identifier):
    """What hashicorp/aws imports under an id, we import under the same one."""
    project.check("apply", "-auto-approve")
    old = address.replace("eventbridge_", "aws_cloudwatch_event_")
    project.check("state", "rm", old)
    project.check("import", old, identifier)
    adopt(project)
    project.check("apply", "-auto-approve")
    project.check("state", "rm", address)
    project.check("import", address, identifier)
    assert planned(project)[0] == {}
