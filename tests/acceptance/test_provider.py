"""The provider block, what needs no AWS, and how the provider is installed and ends."""
import os
import shutil
import signal
import subprocess
import time

import pytest

from conftest import ministack_account, setting
from lib import mirror
from lib.terraform import Terraform, cli_configuration
from workspace import Workspace

RULE = 'resource "eventbridge_rule" "test" {\n  name = "test"\n  schedule_expression = "rate(1 hour)"\n}\n'
# --- without AWS ---

def test_validate_and_plan_without_credentials_or_network(offline):
    text = RULE + ('resource "eventbridge_target" "test" {\n  rule = eventbridge_rule.test.name\n'
                   '  arn = "arn:aws:sqs:eu-west-1:123456789012:queue"\n}\n')
    assert not offline.validate(text).diagnostics
    began = time.monotonic()
    outcome = offline.plan(text)
    assert outcome.changes == {"eventbridge_rule.test": "create", "eventbridge_target.test": "create"}
    assert not outcome.diagnostics, outcome
    assert time.monotonic() - began < 20


def test_pattern_test_and_functions_without_credentials(offline):
    outcome = offline.apply('''data "eventbridge_pattern_test" "test" {
  event_pattern = jsonencode({ source = ["shop"] })
  tests = {
    yes = { event = jsonencode({ source = "shop", detail-type = "x", detail = {} }) }
    no  = { event = jsonencode({ source = "other", detail-type = "x", detail = {} }), matches = false }
  }
}

output "passed" {
  value = data.eventbridge_pattern_test.test.passed
}

output "matches" {
  value = provider::eventbridge::matches({ source = ["shop"] }, { source = "shop", detail-type = "x", detail = {} })
}
''')
    assert not outcome.diagnostics, outcome
    assert offline.outputs() == {"passed": True, "matches": True}


def test_apply_without_credentials_says_so(offline):
    offline.expect_error("credential|region", RULE, during="apply")


# --- the provider block ---

def test_arguments_of_the_block(open_workspace):
    account = ministack_account()
    tf = open_workspace(account)
    for name in list(tf.terraform.environment):
        if name.startswith("AWS_"):
            del tf.terraform.environment[name]
    tf.configure(RULE, provider=f'''provider "eventbridge" {{
  region                      = "eu-west-1"
  access_key                  = "{account.key}"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
  skip_region_validation      = true
  s3_use_path_style           = true
  max_retries                 = 3
  retry_mode                  = "standard"

  # As blocks for emulators have it: of services that this provider never calls, too.
  endpoints {{
    apigateway = "http://localhost:4566"
    ec2        = "http://localhost:4566"
    events     = "{account.url}"
    s3         = "http://s3.localhost:4566"
    sfn        = "http://localhost:4566"
  }}
}}
''')
    tf.apply()
    tf.assert_plan_empty()
    assert account.client("events").describe_rule(Name="test")


@pytest.mark.parametrize("name", ["events", "eventbridge", "cloudwatchevents"])
def test_names_of_the_endpoint(tf, name):
    url = tf.terraform.environment.pop("AWS_ENDPOINT_URL")
    tf.configure(RULE, provider=f'provider "eventbridge" {{\n  endpoints {{\n    {name} = "{url}"\n  }}\n}}\n')
    tf.apply()
    assert tf.emulator.client("events").describe_rule(Name="test")


def test_default_tags_and_ignored_tags(tf, events):
    provider = '''provider "eventbridge" {
  default_tags {
    tags = { team = "shop", stage = "test" }
  }
  ignore_tags {
    keys         = ["added"]
    key_prefixes = ["auto:"]
  }
}
'''
    tf.configure(RULE.replace("\n}", '\n  tags = { stage = "own" }\n}'), provider=provider)
    tf.apply()
    state = tf.state("eventbridge_rule.test")
    assert state["tags"] == {"stage": "own"} and state["tags_all"] == {"team": "shop", "stage": "own"}
    events.tag_resource(ResourceARN=state["arn"], Tags=[{"Key": "added", "Value": "1"}, {"Key": "auto:x", "Value": "2"}])
    tf.assert_plan_empty()


def test_another_account_is_refused(tf):
    tf.configure(RULE, provider='provider "eventbridge" {\n  allowed_account_ids = ["999988887777"]\n}\n')
    tf.expect_error("account", during="apply")


def test_two_regions_by_alias(tf):
    tf.configure('provider "eventbridge" {\n  alias = "us"\n  region = "us-east-1"\n}\n' + RULE
                 + RULE.replace('"test" {', '"us" {\n  provider = eventbridge.us'))
    tf.apply()
    tf.assert_plan_empty()
    assert tf.emulator.client("events", "us-east-1").describe_rule(Name="test")


def test_an_unknown_argument_is_refused(tf):
    tf.configure(RULE, provider='provider "eventbridge" {\n  regoin = "eu-west-1"\n}\n')
    tf.expect_error("regoin", during="validate")


def test_user_agent(tf_faulty):
    tf, proxy = tf_faulty
    tf.terraform.environment["TF_APPEND_USER_AGENT"] = "ours/1"
    tf.apply(RULE)
    agent = proxy.log[0].user_agent
    assert "Terraform/" in agent and "terraform-provider-eventbridge/" in agent and agent.endswith("ours/1")
    assert "APN/" not in agent and "HashiCorp" not in agent


# --- installed and started as a user does ---

def test_init_from_a_filesystem_mirror(provider, tmp_path, tf):
    root = mirror.publish(provider, tmp_path / "mirror")
    configuration = cli_configuration(tmp_path / "cli.tfrc", mirror=root)
    terraform = Terraform(tf.directory, configuration=configuration, settings=tf.emulator.settings(),
                          binary=setting("TF_BIN"))
    tf.configure(RULE)
    terraform.check("init")
    terraform.check("apply", "-auto-approve")
    lock = (tf.directory / ".terraform.lock.hcl").read_text()
    assert "/eventbridge-rs/eventbridge\"" in lock and "h1:" in lock
    terraform.check("destroy", "-auto-approve")


def test_started_by_hand_it_explains_itself(provider):
    done = subprocess.run([provider], capture_output=True, text=True, timeout=10, env={})
    assert done.returncode == 1
    assert "plugin" in done.stdout + done.stderr
    version = subprocess.run([provider, "--version"], capture_output=True, text=True, timeout=10, env={})
    assert version.returncode == 0 and "0." in version.stdout


def test_reattach_to_a_provider_that_runs_in_debug_mode(provider, tf):
    process = subprocess.Popen([provider, "--debug"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                               env={**tf.emulator.settings(), "HOME": str(tf.directory)})
    try:
        line = next(text for text in process.stdout if "TF_REATTACH_PROVIDERS" in text)
        value = line.split("=", 1)[1].strip().strip("'")
        tf.configure(RULE)
        for _ in range(2):
            status, stdout, stderr = tf.terraform.run("apply", "-auto-approve", TF_REATTACH_PROVIDERS=value)
            assert status == 0, stdout + stderr
        assert process.poll() is None, "one process serves every command"
    finally:
        process.terminate()
        process.wait(10)


def test_a_refused_plaintext_names_the_variable(tf):
    status, stdout, stderr = tf.terraform.run("validate", TF_DISABLE_PLUGIN_TLS="1")
    if status == 0:  # nothing configured yet: nothing started
        tf.configure(RULE)
        status, stdout, stderr = tf.terraform.run("validate", TF_DISABLE_PLUGIN_TLS="1")
    assert status != 0 and "TF_DISABLE_PLUGIN_TLS" in stdout + stderr


# --- ends ---

def providers_of(directory):
    """Processes of the provider that were started in `directory`."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                executable = os.readlink(f"/proc/{entry}/exe")
                if "terraform-provider-eventbridge" in executable and os.readlink(f"/proc/{entry}/cwd") == str(directory):
                    found.append(int(entry))
            except OSError:
                pass
    return found


def wait_until(condition, seconds=10):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks for processes in /proc")
def test_killed_terraform_leaves_no_provider(tf_faulty):
    tf, proxy = tf_faulty
    tf.configure(RULE)
    with proxy.hold("PutRule", forward=False) as hanging:
        process = tf.terraform.start("apply", "-auto-approve")
        assert hanging.wait(30)
        assert providers_of(tf.directory)
        process.kill()
        process.communicate()
        assert wait_until(lambda: not providers_of(tf.directory)), "the provider outlived terraform"


def test_one_interrupt_during_apply_leaves_nothing_outside_the_state(tf_faulty, events):
    tf, proxy = tf_faulty
    tf.configure('resource "eventbridge_rule" "test" {\n  count = 6\n  name = "r${count.index}"\n'
                 '  schedule_expression = "rate(1 hour)"\n}\n')
    proxy.delay("PutRule", 1.5, times=100)
    process = tf.terraform.start("apply", "-auto-approve", "-parallelism=2")
    assert wait_until(lambda: proxy.calls("PutRule"), 30)
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    stdout, _ = process.communicate(timeout=60)
    assert process.returncode != 0, stdout
    time.sleep(2)
    known = {values["name"] for values in tf.state().values()}
    made = {found["Name"] for found in events.list_rules()["Rules"]}
    assert made <= known, f"outside the state: {made - known}"
    proxy.clear()
    tf.apply()
    tf.assert_plan_empty()


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="looks for processes in /proc")
def test_killed_provider_in_mid_apply_converges(tf_faulty, events):
    """AWS has made the rule, the answer never arrives: the next apply takes it over."""
    tf, proxy = tf_faulty
    tf.configure(RULE)
    with proxy.hold("PutRule") as hanging:
        process = tf.terraform.start("apply", "-auto-approve")
        assert hanging.wait(30)
        for pid in providers_of(tf.directory):
            os.kill(pid, signal.SIGKILL)
        process.communicate(timeout=60)
    assert [found["Name"] for found in events.list_rules()["Rules"]] == ["test"]
    assert not tf.state()
    outcome = tf.apply()
    assert outcome.warnings, outcome
    tf.assert_plan_empty()
    assert [found["Name"] for found in events.list_rules()["Rules"]] == ["test"]


RULE_AND_TARGET = RULE + """
resource "eventbridge_target" "test" {
  rule      = eventbridge_rule.test.name
  target_id = "one"
  arn       = "arn:aws:sqs:eu-west-1:123456789012:queue"
}
"""


@pytest.mark.parametrize("end", ["kill -9", "two interrupts"])
@pytest.mark.parametrize("applied", [True, False], ids=["after AWS did it", "before AWS did it"])
def test_the_end_of_terraform_in_mid_apply_converges(tf_faulty, events, end, applied):
    """What was made and is in no state is taken over by the next apply, once. All calls: tests/faults."""
    tf, proxy = tf_faulty
    tf.configure(RULE_AND_TARGET)
    with proxy.hold("PutTargets", forward=applied) as hanging:
        process = tf.terraform.start("apply", "-auto-approve")
        assert hanging.wait(30)
        if end == "kill -9":
            process.kill()
        else:
            # Terraform waits for its provider after the first, and for nothing after the second.
            os.killpg(process.pid, signal.SIGINT)
            assert any("Interrupt received" in line for line in process.stdout)
            os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
    proxy.clear()
    tf.apply()
    tf.assert_plan_empty()
    assert [found["Name"] for found in events.list_rules()["Rules"]] == ["test"]
    assert [found["Id"] for found in events.list_targets_by_rule(Rule="test")["Targets"]] == ["one"]


def test_works_with_a_deep_temporary_directory(tf):
    """A socket's path may not exceed 107 bytes."""
    deep = tf.directory / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    tf.terraform.environment["TMPDIR"] = str(deep)
    tf.apply(RULE)
    shutil.rmtree(deep)


def test_works_with_no_temporary_directory(tf):
    tf.terraform.environment["TMPDIR"] = str(tf.directory / "absent")
    tf.apply(RULE)
