#!/usr/bin/env python3
"""All tests: cargo's, the log writer's, a sample of faults, then the acceptance tests with the real terraform on emulators.

    tools/test.py [--rust | --acceptance] [PYTEST ARGUMENT...]

The closing lines repeat what each runner counted.
"""
import argparse
import os
import re
import shutil
import sys
import tempfile

import faults
from lib import build, emulators, env, needs, say, tee, venv
from lib.paths import ROOT

# What the machine of a developer tries in well under a minute.
FAULTS = 100
ACCEPTANCE = ROOT / "tests" / "acceptance"
WRITER = ROOT / "src" / "resources" / "product_log_pipeline" / "writer"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--rust", action="store_true", help="the Rust tests alone")
    only.add_argument("--acceptance", action="store_true", help="the acceptance tests alone")
    options, pytest_arguments = parser.parse_known_args()
    needs.cargo()

    results = []
    if not options.acceptance:
        # Apart, for together they would build the provider's dependencies a second time.
        results += [rust(package) for package in (build.PACKAGE, build.XTASK, build.DOCS, build.SERVICE)]
    if not options.rust:
        results.append(writer())
        if not options.acceptance:
            results.append(some_faults())
        results.append(acceptance(pytest_arguments))
    return report(results)


class Result:
    """What one runner said at its end."""

    def __init__(self, name, status, passed, failed, closing):
        self.name, self.status, self.passed, self.failed, self.closing = name, status, passed, failed, closing


def rust(package):
    """cargo test: compiled with the user's environment, run without what would reach the provider."""
    with say.step(f"Rust tests of {package}: build"):
        build.cargo("build", "--package", package)
        build.cargo("test", "--package", package, "--no-run")
    with say.step(f"Rust tests of {package}: run"):
        status, output = tee.run([needs.cargo(), "test", "--locked", "--package", package, "--no-fail-fast"],
                                 env.for_tests())
    counts = re.findall(r"^test result: .*?(\d+) passed; (\d+) failed", output, re.MULTILINE)
    passed, failed = (sum(int(row[column]) for row in counts) for column in (0, 1))
    return Result(f"cargo test {package}", status, passed, failed, f"test result: {passed} passed; {failed} failed")


def writer():
    """The log writer's own tests, with this Python alone."""
    with say.step("Log writer's tests"):
        status, output = tee.run([sys.executable, "-m", "unittest", "discover", "-s", WRITER], env.for_tests())
    ran, wrong = (sum(map(int, re.findall(words, output)))
                  for words in (r"Ran (\d+) tests?", r"(?:failures|errors)=(\d+)"))
    return Result("unittest", status, ran - wrong, wrong, f"{ran - wrong} passed, {wrong} failed")


def some_faults():
    """A sample of the fault matrix; all of it: tools/faults.py."""
    venv.python()
    with say.step("Sample of faults: build the provider"):
        binary = build.provider()
    with say.step("Sample of faults"), emulators.ministack() as ministack, emulators.moto() as moto:
        status, output = faults.run(binary, ministack, moto, ["--sample", str(FAULTS)])
    tried, held = (int(n) for n in (re.findall(r"^(\d+) faults tried, (\d+) held", output, re.MULTILINE) or [(0, 0)])[-1])
    return Result("faults", status, held, tried - held, f"{held} held, {tried - held} did not")


def acceptance(arguments):
    """pytest in the virtual environment, with nothing of the caller's environment."""
    terraform = needs.terraform()
    say.line(f"terraform: {terraform} ({needs.terraform_version(terraform)})")
    venv.python()
    with say.step("Acceptance tests: build the provider, xtask and add_product"):
        binary, xtask, service = build.provider(), build.xtask(), build.service()
    home = tempfile.mkdtemp(prefix="acceptance-")
    try:
        with say.step("Acceptance tests: emulators"), emulators.ministack() as ministack, emulators.moto() as moto:
            environment = env.clean(home, TMPDIR=home, TF_BIN=terraform, PROVIDER=binary, XTASK=xtask, ADD_PRODUCT=service,
                                    PYTHONDONTWRITEBYTECODE=1, MINISTACK_URL=ministack, MOTO_URL=moto)
            status, output = tee.run([venv.python(), "-m", "pytest", "-n", str(workers()), *arguments, ACCEPTANCE],
                                     environment)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    closing = next((line for line in reversed(output.splitlines()) if re.search(r"\d+ (passed|failed|error)", line)),
                   "no tests ran")
    passed, failed, errors = (sum(map(int, re.findall(rf"(\d+) {word}", closing)))
                              for word in ("passed", "failed", "errors?"))
    return Result("pytest", status, passed, failed + errors, closing)


def report(results):
    """The counts of all runners, last of all; a run without a single test has failed."""
    say.line()
    for result in results:
        say.line(f"{result.name}: {result.closing}")
    passed, failed = sum(r.passed for r in results), sum(r.failed for r in results)
    say.line(f"{passed} passed, {failed} failed")
    ended_well = all(result.status == 0 and result.passed > 0 for result in results)
    return 0 if ended_well else 1


def workers():
    """Terraform itself is what takes the time: a worker and a half a core keeps all of them busy."""
    return max(2, (os.cpu_count() or 2) * 3 // 2)


if __name__ == "__main__":
    say.main(main)
