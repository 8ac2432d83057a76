"""A Terraform working directory for one test: write a configuration, run commands, look at what came of it."""
import json
import re
from dataclasses import dataclass, field

from lib.build import SOURCE

HEADER = f"""\
terraform {{
  required_providers {{
    eventbridge = {{ source = "{SOURCE}" }}
  }}
}}

variable "account" {{ default = "" }}
variable "region" {{ default = "" }}
"""
# Tests are written for this account; each runs in one of its own.
OWN_ACCOUNT = "123456789012"
PROVIDER = 'provider "eventbridge" {}\n'


@dataclass
class Diagnostic:
    """An error or warning as Terraform shows it; `code` is the line of configuration it points at."""
    severity: str
    summary: str
    detail: str
    address: str
    code: str

    def __str__(self):
        return f"{self.severity}: {self.summary}\n{self.detail}\n  at {self.address}: {self.code.strip()}"


@dataclass
class Outcome:
    """What one plan or apply said."""
    status: int
    text: str
    diagnostics: list = field(default_factory=list)
    # Resource address -> action, as planned; without those that change nothing.
    changes: dict = field(default_factory=dict)
    # Resource address -> action, as found changed outside Terraform.
    drift: dict = field(default_factory=dict)

    @property
    def errors(self):
        return [d for d in self.diagnostics if d.severity == "error"]

    @property
    def warnings(self):
        return [d for d in self.diagnostics if d.severity == "warning"]

    def expect_diagnostics(self, pattern):
        """Nothing was remarked but what `pattern` is found in."""
        for diagnostic in self.diagnostics:
            assert pattern and re.search(pattern, str(diagnostic)), f"unexpected: {diagnostic}"

    def __str__(self):
        shown = "\n".join(map(str, self.diagnostics)) or self.text
        return f"status {self.status}, changes {self.changes}, drift {self.drift}\n{shown}"


class Workspace:
    """Commands assert that they succeed, unless their name says otherwise."""

    def __init__(self, terraform, emulator):
        self.terraform, self.emulator = terraform, emulator
        self.directory = terraform.directory
        self.account, self.region = emulator.id, emulator.region

    # --- the configuration ---

    def configure(self, text=None, provider=PROVIDER):
        """Replaces the configuration; the source address and the provider block come from here.

        OWN_ACCOUNT in it stands for the test's own account, as in the `events` fixture.
        """
        if text is not None:
            (self.directory / "provider.tf").write_text(HEADER + provider)
            (self.directory / "main.tf").write_text(text.replace(OWN_ACCOUNT, self.account))

    # --- commands ---

    def validate(self, text=None):
        self.configure(text)
        status, stdout, stderr = self.terraform.run("validate", "-json")
        report = json.loads(stdout)
        return Outcome(status, stderr, _diagnostics(report["diagnostics"]))

    def plan(self, text=None, *arguments, ok=True):
        """Plans; the outcome knows the actions. See planned() for values."""
        self.configure(text)
        return self._stream("plan", "-out=plan.bin", *arguments, ok=ok)

    def apply(self, text=None, *arguments, ok=True):
        self.configure(text)
        return self._stream("apply", "-auto-approve", *arguments, ok=ok)

    def apply_planned(self):
        """Applies the last plan() as it stands: without looking at AWS once more."""
        return self._stream("apply", "plan.bin")

    def refresh(self):
        return self._stream("apply", "-auto-approve", "-refresh-only")

    def destroy(self, ok=True):
        return self._stream("destroy", "-auto-approve", ok=ok)

    def expect_error(self, pattern, text=None, during="plan"):
        """Runs a command that has to fail with an error that `pattern` is found in; returns that error."""
        outcome = self.validate(text) if during == "validate" else getattr(self, during)(text, ok=False)
        assert outcome.errors, f"no error, wanted {pattern!r}: {outcome}"
        for error in outcome.errors:
            if re.search(pattern, str(error), re.IGNORECASE | re.DOTALL):
                return error
        raise AssertionError(f"no error has {pattern!r}: {outcome}")

    def assert_plan_empty(self, text=None):
        """A plan that changes nothing, found nothing changed, and has nothing to remark."""
        outcome = self.plan(text)
        assert not outcome.changes and not outcome.drift and not outcome.diagnostics, outcome

    def assert_applies(self, text, warnings=None):
        """Applies a configuration whose second plan has to be empty; `warnings` is a pattern for those that are right."""
        outcome = self.apply(text)
        outcome.expect_diagnostics(warnings)
        again = self.plan()
        assert not again.changes and not again.drift, again
        again.expect_diagnostics(warnings)
        return outcome

    def planned(self, address):
        """The change of one resource in the last plan(): actions, before, after, after_unknown."""
        plan = json.loads(self.terraform.check("show", "-json", "plan.bin"))
        return next(item["change"] for item in plan["resource_changes"] if item["address"] == address)

    # --- state ---

    def state(self, address=None):
        """The attributes of one resource or data source in the state; all of them by address without one."""
        root = json.loads(self.terraform.check("show", "-json")).get("values", {}).get("root_module", {})
        found = {item["address"]: item["values"] for item in _resources(root)}
        return found if address is None else found.get(address)

    def outputs(self):
        return self.terraform.output()

    def import_(self, address, identifier, ok=True):
        status, stdout, stderr = self.terraform.run("import", "-no-color", address, identifier)
        assert (status == 0) is ok, f"import of {identifier}: {stdout}{stderr}"
        return stdout + stderr

    def forget(self, *addresses):
        """Takes resources out of the state; they stay where they are."""
        self.terraform.check("state", "rm", *addresses)

    def check_import(self, address, identifier, ignore=()):
        """Forgets a resource and imports it: every attribute comes back, and the plan is empty.

        `ignore` names what AWS does not tell (secrets) or what only the configuration knows.
        """
        before = self.state(address)
        self.forget(address)
        self.import_(address, identifier)
        after = self.state(address)
        different = {name: (before.get(name), after.get(name)) for name in before
                     if name not in ignore and before.get(name) != after.get(name)}
        assert not different, f"import of {identifier} differs (before, after): {different}"
        if not ignore:
            self.assert_plan_empty()

    def _stream(self, command, *arguments, ok=True):
        outcome = read_stream(*self.terraform.run(command, "-json", *arguments))
        assert (outcome.status == 0) is ok, f"{command}: {outcome}"
        return outcome


def read_stream(status, stdout, stderr):
    """An Outcome out of what `plan -json` or `apply -json` printed."""
    outcome = Outcome(status, stderr)
    for line in stdout.splitlines():
        if not line.startswith("{"):
            outcome.text += line + "\n"
            continue
        event = json.loads(line)
        kind = event.get("type")
        if kind == "diagnostic":
            outcome.diagnostics += _diagnostics([event["diagnostic"]])
        elif kind in ("planned_change", "resource_drift"):
            change = event["change"]
            where = outcome.changes if kind == "planned_change" else outcome.drift
            if change["action"] != "noop":
                where[change["resource"]["addr"]] = change["action"]
    return outcome


def _diagnostics(items):
    """All but what each command says of our own dev_overrides."""
    return [Diagnostic(item["severity"], item["summary"], item.get("detail", ""), item.get("address", ""),
                       (item.get("snippet") or {}).get("code", ""))
            for item in items if "development overrides" not in item["summary"]]


def _resources(module):
    yield from module.get("resources", [])
    for child in module.get("child_modules", []):
        yield from _resources(child)
