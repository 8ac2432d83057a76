"""Fixtures of the acceptance tests: the built provider, the emulators, and a workspace on one of them.

Each test has an AWS account of its own on its emulator, so tests run in parallel
and none finds what another made.

    def test_x(tf): ...         on ministack
    def test_x(tf_moto): ...    on moto: stricter on rules, targets and policies
    def test_x(tf_both): ...    on each of them
    def test_x(tf, aws): ...    `aws` looks at the same account with boto3

`@pytest.mark.since(1, 11)`: what the test writes is known from that version of Terraform and of OpenTofu on.
"""
import functools
import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from lib.aws import Account
from lib.proxy import FaultProxy
from lib.terraform import Terraform, cli_configuration
from workspace import OWN_ACCOUNT, Workspace

REGION = "eu-west-1"


def setting(name):
    """What tools/test.py hands over; without it there is nothing to test with."""
    if name not in os.environ:
        pytest.exit(f"{name} is not set: run the acceptance tests with `make test-acceptance`", returncode=2)
    return os.environ[name]


def pytest_configure(config):
    config.addinivalue_line("markers", "since(major, minor): the first version of Terraform and of OpenTofu that will do")


def pytest_runtest_setup(item):
    for mark in item.iter_markers("since"):
        if cli_version() < mark.args:
            pytest.skip("needs Terraform or OpenTofu " + ".".join(map(str, mark.args)))


@functools.cache
def cli_version():
    """Major and minor version of the command that the tests run. OpenTofu tells its own in the same field."""
    told = subprocess.run([setting("TF_BIN"), "version", "-json"], capture_output=True, text=True, check=True,
                          env={"CHECKPOINT_DISABLE": "1", "HOME": "/nonexistent"}).stdout
    return tuple(map(int, json.loads(told)["terraform_version"].split(".")[:2]))


@pytest.fixture(scope="session")
def provider():
    """The built binary."""
    return Path(setting("PROVIDER"))


@pytest.fixture(scope="session")
def cli(provider, tmp_path_factory):
    """A CLI configuration that takes the built binary as it is, with no `terraform init`."""
    directory = tmp_path_factory.mktemp("cli")
    return cli_configuration(directory / "cli.tfrc", mirror=directory, override=provider.parent)


def ministack_account(url=None):
    """An account of ministack that nobody else has: the key is the account."""
    return Account(url or setting("MINISTACK_URL"), _new_account(), REGION)


def moto_account(url=None):
    """An account of moto that nobody else has: moto opens one for whoever assumes a role in it."""
    url, account = url or setting("MOTO_URL"), _new_account()
    credentials = Account(url).client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/test", RoleSessionName="acceptance")["Credentials"]
    return Account(url, account, REGION, credentials["AccessKeyId"], credentials["SecretAccessKey"],
                   credentials["SessionToken"])


ACCOUNTS = {"ministack": ministack_account, "moto": moto_account}


def _new_account():
    return str(random.SystemRandom().randrange(10 ** 11, 10 ** 12))


@pytest.fixture
def open_workspace(cli, tmp_path):
    """Opens workspaces: open_workspace(account) or, through a proxy, open_workspace(account, url)."""
    def open_one(account, url=None, name="main", **settings):
        directory = tmp_path / name
        directory.mkdir()
        environment = {**account.settings(), "TF_VAR_account": account.id, "TF_VAR_region": account.region}
        if url:
            environment["AWS_ENDPOINT_URL"] = url
        environment.update(settings)
        return Workspace(Terraform(directory, configuration=cli, settings=environment,
                                   binary=setting("TF_BIN")), account)
    return open_one


@pytest.fixture
def tf(open_workspace):
    return open_workspace(ministack_account())


@pytest.fixture
def tf_moto(open_workspace):
    return open_workspace(moto_account())


@pytest.fixture(params=["ministack", "moto"])
def tf_both(request, open_workspace):
    return open_workspace(ACCOUNTS[request.param]())


@pytest.fixture
def tf_faulty(open_workspace):
    """A workspace on ministack behind a fault proxy: (workspace, proxy)."""
    account = ministack_account()
    with FaultProxy(account.url) as proxy:
        yield open_workspace(account, proxy.url), proxy


@pytest.fixture
def tf_faulty_moto(open_workspace):
    """The same on moto."""
    account = moto_account()
    with FaultProxy(account.url) as proxy:
        yield open_workspace(account, proxy.url), proxy


@pytest.fixture
def aws(tf):
    """The account of the workspace on ministack; `aws.client(service)` looks at it with boto3."""
    return tf.emulator


class OwnAccount:
    """A boto3 client that reads OWN_ACCOUNT in requests as the test's account, and writes it so in answers."""

    def __init__(self, client, account):
        self._client, self._account = client, account

    def __getattr__(self, operation):
        call = getattr(self._client, operation)

        def translated(**parameters):
            answer = call(**_renamed(parameters, OWN_ACCOUNT, self._account))
            return _renamed(answer, self._account, OWN_ACCOUNT)
        return translated


def _renamed(value, old, new):
    if isinstance(value, dict):
        return {key: _renamed(item, old, new) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, old, new) for item in value]
    return value.replace(old, new) if isinstance(value, str) else value


@pytest.fixture
def events(request):
    """boto3's EventBridge client in the account of the test's workspace."""
    for name in ("tf", "tf_moto", "tf_both", "tf_faulty", "tf_faulty_moto"):
        if name in request.fixturenames:
            found = request.getfixturevalue(name)
            workspace = found[0] if isinstance(found, tuple) else found
            return OwnAccount(workspace.emulator.client("events"), workspace.account)
    raise LookupError("the test has no workspace")


@pytest.fixture
def offline(cli, tmp_path):
    """A workspace with no credentials, no region and no way to anything."""
    class Nobody:
        id, region = "123456789012", "eu-west-1"
    directory = tmp_path / "offline"
    directory.mkdir()
    # A proxy that refuses every connection stands for "no network".
    closed = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    return Workspace(Terraform(directory, configuration=cli, settings={"AWS_EC2_METADATA_DISABLED": "true", **closed},
                               binary=setting("TF_BIN")), Nobody)
