#!/usr/bin/env python3
"""Measures the pattern engine, beside quamina; writes docs/benchmarks-patterns.md.

    tools/bench_patterns.py [--profile bench] [--from DIRECTORY]

Without --profile both are measured: `bench` (full speed) and `release` (as shipped).
--from takes what criterion left in DIRECTORY/bench and DIRECTORY/release instead of
measuring.
"""
import argparse
import json
import os
import platform
import re
import subprocess
import time
from pathlib import Path

from lib import needs, say
from lib.env import for_tools
from lib.paths import ROOT, TARGET

PROFILES = ("bench", "release")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--profile", choices=PROFILES, help="this one alone")
    parser.add_argument("--from", dest="home", type=Path, help="measure nothing: read criterion's results in here")
    options = parser.parse_args()
    profiles = [options.profile] if options.profile else PROFILES
    home = options.home or TARGET / "criterion"
    for profile in () if options.home else profiles:
        measure(profile, home / profile)
    figures = {profile: read(home / profile) for profile in profiles}
    single, sets = table_of_single(figures), table_of_sets(figures)
    text = (ROOT / "tools" / "bench_patterns.md").read_text()
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}"
    parts = {"machine": machine, "single": single, "sets": sets, "quamina": quamina()}
    for name, part in parts.items():
        text = text.replace("{{" + name + "}}", part)
    (ROOT / "docs" / "benchmarks-patterns.md").write_text(text)
    return 0


def measure(profile, home):
    """Runs criterion, which leaves its results in `home`."""
    command = [needs.cargo(), "bench", "--locked", "--target-dir", TARGET, "--profile", profile, "--bench", "patterns"]
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env={**for_tools(), "CRITERION_HOME": str(home)},
                          stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise say.Fail("`cargo bench` failed, see its messages above")


def read(home):
    """The seconds that one element takes: {(group, function): seconds}."""
    found = {}
    for file in sorted(home.glob("*/*/new/benchmark.json")):
        named = json.loads(file.read_text())
        estimates = json.loads((file.parent / "estimates.json").read_text())
        elements = (named["throughput"] or {}).get("Elements", 1)
        found[named["group_id"], named["function_id"]] = estimates["median"]["point_estimate"] / 1e9 / elements
    return found


def table_of_single(figures):
    names = [name for group, name in next(iter(figures.values())) if group == "single"]
    rows = [[name, *(text for figure in figures.values() for text in cells(figure["single", name]))] for name in names]
    return table(["", *(head for profile in figures for head in (profile, "a second"))], rows)


def cells(seconds):
    return f"{seconds * 1e6:,.2f} µs" if seconds < 1e-3 else f"{seconds * 1e3:,.1f} ms", f"{1 / seconds:,.0f}"


def table_of_sets(figures):
    groups = {group for figure in figures.values() for group, _ in figure if group != "single"}
    rows = []
    for group in sorted(groups, key=lambda group: int(group.split()[-1])):
        row = [f"{int(group.split()[-1]):,} patterns"]
        for figure in figures.values():
            ours, theirs = figure[group, "ours"], figure[group, "quamina"]
            row += [f"{1 / ours:,.0f}", f"{1 / theirs:,.0f}", f"{theirs / ours:.1f} ×"]
        rows.append(row)
    heads = (head for profile in figures for head in (profile, "quamina", "faster"))
    return table(["", *heads], rows)


def table(heads, rows):
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def quamina():
    """quamina's version, as Cargo.lock has it."""
    return re.search(r'name = "quamina"\nversion = "([^"]+)"', (ROOT / "Cargo.lock").read_text()).group(1)


if __name__ == "__main__":
    say.main(main)
