#!/usr/bin/env python3
"""Measures the provider, beside hashicorp/aws where that is on the machine; writes docs/benchmarks.md and .svg.

    tools/bench.py [--many 1000] [--debug]

hashicorp/aws is taken from PEER_PROVIDER (the path of its binary), else from a
filesystem mirror in the usual places. --debug measures the debug build, to try
the benchmark itself; its figures are not written.
"""
import argparse
import json
import os
import platform
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from lib import needs, peer, say, venv

STARTS = 20
CONFIGURATION = """
locals {{
  rules = {{ for n in range({count}) : "rule-${{n}}" => {{ source = "shop-${{n}}" }} }}
}}

resource "{type_prefix}rule" "test" {{
  for_each      = local.rules
  name          = each.key
  event_pattern = jsonencode({{ source = [each.value.source] }})
}}

resource "{type_prefix}target" "test" {{
  for_each   = local.rules
  rule       = each.key
  target_id  = "queue"
  arn        = "arn:aws:sqs:eu-west-1:{account}:queue"
  depends_on = [{type_prefix}rule.test]
}}
"""


class Subject:
    """A provider to measure."""

    def __init__(self, name, binary, source, local, type_prefix):
        self.name, self.binary, self.source, self.local, self.type_prefix = name, binary, source, local, type_prefix


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=1000, help="rules with a target each in the large case (to 1,024)")
    parser.add_argument("--debug", action="store_true", help="measure the debug build and write nothing")
    options = parser.parse_args()
    needs.cargo()
    needs.terraform()
    if not Path("/proc/self/schedstat").exists():
        raise say.Fail("the benchmark reads CPU time and memory from /proc: run it on Linux")
    venv.enter()
    from lib import build

    with say.step("cargo build" + ("" if options.debug else " --release (some minutes)")):
        ours = build.provider("dev" if options.debug else "release")
    subjects = [Subject("eventbridge " + build.version(), ours, build.SOURCE, "eventbridge", "eventbridge_"), *beside()]
    results = [measure(subject, options.many) for subject in subjects]
    say.line(table(results, options.many))
    if not options.debug:
        write(results, options.many)


def beside():
    """hashicorp/aws, when the machine has it."""
    found = peer.find()
    if not found:
        say.line("hashicorp/aws is not on this machine: measuring without it. Name its binary with PEER_PROVIDER")
        return []
    return [Subject(f"hashicorp/aws {peer.version(found)}", found, "registry.terraform.io/hashicorp/aws", "aws",
                    "aws_cloudwatch_event_")]


# --- measuring ---

def measure(subject, many):
    """All figures of one provider: a flat dictionary."""
    from lib import handshake
    result = {"name": subject.name, "binary_bytes": subject.binary.stat().st_size}
    with say.step(f"{subject.name}: start to handshake, {STARTS} times"):
        starts = [handshake.measure(subject.binary) for _ in range(STARTS)]
        result["handshake_wall_ms"] = 1000 * statistics.median(wall for wall, _ in starts)
        result["handshake_cpu_ms"] = 1000 * statistics.median(cpu for _, cpu in starts)
    for count in (1, many):
        with say.step(f"{subject.name}: {count} rules with a target each"):
            result[count] = commands(subject, count)
    return result


def commands(subject, count):
    """validate, plan, apply and a second plan of `count` rules on a fresh account of a fresh emulator."""
    from lib import emulators
    from lib.aws import Account
    from lib.proxy import FaultProxy
    with tempfile.TemporaryDirectory(prefix="bench-") as directory, emulators.ministack() as url, FaultProxy(url) as proxy:
        directory = Path(directory)
        account = Account(proxy.url, str(random.randrange(10 ** 11, 10 ** 12)))
        terraform = workspace(subject, directory, account, count)
        return {step: run(terraform, directory / "bench.log", proxy, *arguments) for step, arguments in {
            "validate": ["validate"],
            "plan": ["plan"],
            "apply": ["apply", "-auto-approve"],
            "refresh": ["plan"],
        }.items()}


def workspace(subject, directory, account, count):
    """A directory with the configuration, whose provider is the measuring stand-in."""
    from lib import measured
    from lib.terraform import Terraform
    stand_in = directory / "bin" / f"terraform-provider-{subject.local}"
    stand_in.parent.mkdir()
    stand_in.write_text(f"#!{sys.executable} -SE\n" + Path(measured.__file__).read_text())
    stand_in.chmod(0o755)
    (directory / "cli.tfrc").write_text(
        f'provider_installation {{\n  dev_overrides {{\n    "{subject.source}" = "{stand_in.parent}"\n  }}\n  direct {{}}\n}}\n')
    (directory / "main.tf").write_text(
        f'terraform {{\n  required_providers {{\n    {subject.local} = {{ source = "{subject.source}" }}\n  }}\n}}\n'
        f'provider "{subject.local}" {{}}\n'
        + CONFIGURATION.format(count=count, account=account.id, type_prefix=subject.type_prefix))
    return Terraform(directory, configuration=directory / "cli.tfrc",
                     settings={**account.settings(), "BENCH_BINARY": subject.binary, "BENCH_LOG": directory / "bench.log"})


def run(terraform, log, proxy, *arguments):
    """One command: its wall time, what its provider processes used, the calls they made."""
    log.write_text("")
    proxy.forget()
    began = time.monotonic()
    terraform.check(*arguments, "-no-color")
    wall = time.monotonic() - began
    processes = [json.loads(line) for line in log.read_text().splitlines()]
    return {"wall_seconds": wall, "processes": len(processes), "calls": proxy.calls(),
            "cpu_seconds": sum(process["cpu_seconds"] for process in processes),
            "max_rss_mib": max(process["max_rss_kib"] for process in processes) / 1024,
            "private_mib": max(process["private_kib"] for process in processes) / 1024}


# --- reporting ---

def figures(many):
    """(label, unit, function of a result) of every row."""
    yield "binary", "MB", lambda r: r["binary_bytes"] / 1e6
    yield "start to handshake, CPU", "ms", lambda r: r["handshake_cpu_ms"]
    yield "start to handshake, wall", "ms", lambda r: r["handshake_wall_ms"]
    for count in (1, many):
        noun = "1 rule" if count == 1 else f"{count:,} rules"
        for step in ("validate", "plan", "apply", "refresh"):
            word = "plan of what exists" if step == "refresh" else step
            label = f"{word}, {noun}"
            yield f"{label}: provider CPU", "ms", lambda r, c=count, s=step: 1000 * r[c][s]["cpu_seconds"]
            yield f"{label}: resident memory", "MiB", lambda r, c=count, s=step: r[c][s]["max_rss_mib"]
            yield f"{label}: private memory", "MiB", lambda r, c=count, s=step: r[c][s]["private_mib"]
            if step in ("apply", "refresh"):
                yield f"{label}: API calls", "calls", lambda r, c=count, s=step: r[c][s]["calls"]
            yield f"{label}: wall", "s", lambda r, c=count, s=step: r[c][s]["wall_seconds"]


def table(results, many):
    from lib.chart import number_text
    lines = ["| | " + " | ".join(result["name"] for result in results) + " |", "|---|" + "---:|" * len(results)]
    for label, unit, value in figures(many):
        lines.append(f"| {label} | " + " | ".join(f"{number_text(value(result))} {unit}" for result in results) + " |")
    return "\n".join(lines)


def plotted(many):
    """The rows of the plot: those that a user feels."""
    wanted = ["binary", "start to handshake, CPU", "plan, 1 rule: provider CPU", "plan, 1 rule: private memory",
              f"plan of what exists, {many:,} rules: provider CPU", f"plan of what exists, {many:,} rules: API calls",
              f"apply, {many:,} rules: API calls", f"apply, {many:,} rules: private memory"]
    return [figure for figure in figures(many) if figure[0] in wanted]


def write(results, many):
    from lib.chart import comparison
    from lib.paths import ROOT
    docs = ROOT / "docs"
    docs.mkdir(exist_ok=True)
    rows = [(label, unit, [value(result) for result in results]) for label, unit, value in plotted(many)]
    (docs / "benchmarks.svg").write_text(
        comparison("What one command costs (log scale, shorter is better)", [r["name"] for r in results], rows))
    method = (Path(__file__).parent / "bench.md").read_text()
    terraform = needs.terraform_version(needs.terraform())
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {terraform}, {time.strftime('%Y-%m-%d')}"
    (docs / "benchmarks.md").write_text(method.replace("{{machine}}", machine).replace("{{many}}", f"{many:,}")
                                        .replace("{{table}}", table(results, many)))
    say.line(f"\nwritten: {docs / 'benchmarks.md'}, {docs / 'benchmarks.svg'}")


if __name__ == "__main__":
    say.main(main)
