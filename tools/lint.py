#!/usr/bin/env python3
"""Everything that is checked without running a test: formatting, clippy, dependencies, docs, examples."""
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from lib import build, env, needs, say, venv
from lib.paths import ROOT
from lib.terraform import Terraform, cli_configuration

DENY_REQUIREMENTS = ROOT / "tools" / "requirements-lint.txt"
REQUIRED_PROVIDERS = f'terraform {{\n  required_providers {{\n    eventbridge = {{ source = "{build.SOURCE}" }}\n  }}\n}}\n'
HCL = [ROOT / "examples", ROOT / "tests" / "acceptance" / "configs"]


def main():
    cargo, terraform = needs.cargo(), needs.terraform()
    with say.step("cargo fmt --check"):
        run([cargo, "fmt", "--all", "--check"])
    with say.step("cargo clippy, warnings are errors"):
        run([cargo, "clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"])
    with say.step("cargo deny check bans licenses sources"):
        run([cargo_deny(), "--workspace", "check", "bans", "licenses", "sources"])
    with say.step("terraform fmt -check"):
        for directory in HCL:
            run([terraform, "fmt", "-check", "-recursive", "-diff", directory], clean=True)
    with say.step("docs/ are as the schema and examples/ say"):
        run([cargo, "run", "--locked", "--quiet", "--package", build.DOCS, "--", "--check"])
    with say.step("terraform validate of every example"):
        validate_examples(terraform, build.provider())


def cargo_deny():
    """cargo-deny from the PATH, else the packaged binary in the virtual environment."""
    found = shutil.which("cargo-deny")
    if found:
        return found
    packaged = venv.python().parent / "cargo-deny"
    if not packaged.exists():
        venv.install("-r", DENY_REQUIREMENTS)
    return packaged


def validate_examples(terraform, binary):
    """Validates every directory under examples/ that is a root module; reports all faults, not the first."""
    faults, count = [], 0
    roots = sorted({path.parent for path in (ROOT / "examples").rglob("*.tf") if ".terraform" not in path.parts})
    with tempfile.TemporaryDirectory(prefix="lint-") as scratch:
        configuration = cli_configuration(Path(scratch) / "cli.tfrc", mirror=scratch, override=binary.parent)
        # A copy of the whole tree, so that examples find their modules and nothing is left beside them.
        tree = Path(scratch) / "examples"
        shutil.copytree(ROOT / "examples", tree, ignore=shutil.ignore_patterns(".terraform*", "terraform.tfstate*", "target"))
        for root in roots:
            directory = tree / root.relative_to(ROOT / "examples")
            # Examples of single types show the type alone; a docs page does not repeat the rest.
            if not any("required_providers" in path.read_text() for path in directory.glob("*.tf")):
                (directory / "required_providers.tf").write_text(REQUIRED_PROVIDERS)
            command = Terraform(directory, configuration=configuration, settings={}, binary=terraform)
            command.check("get")
            _, stdout, stderr = command.run("validate", "-json")
            count += 1
            report = json.loads(stdout) if stdout else {"diagnostics": [{"severity": "error", "summary": stderr}]}
            faults += [f"{root.relative_to(ROOT)}: {item['summary']}. {item.get('detail', '')}"
                       for item in report["diagnostics"] if item["severity"] == "error"]
    if faults:
        raise say.Fail("examples that are not valid:\n  " + "\n  ".join(faults))
    say.line(f"    {count} examples are valid")


def run(command, clean=False):
    """Runs one check; it has said itself what is wrong."""
    environment = env.clean(os.devnull) if clean else env.for_tools()
    done = subprocess.run([str(part) for part in command], cwd=ROOT, stdin=subprocess.DEVNULL, env=environment)
    if done.returncode != 0:
        raise say.Fail(f"`{' '.join(map(str, command))}` found something, see above")


if __name__ == "__main__":
    say.main(main)
