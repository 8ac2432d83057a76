#!/usr/bin/env python3
"""Measures the provider, beside hashicorp/aws where that is on the machine; writes docs/benchmarks.md and .svg.

    tools/bench.py [--many 1000] [--estate [--rules 10000]] [--alone] [--debug]

hashicorp/aws is taken from PEER_PROVIDER (the path of its binary), else from a
filesystem mirror in the usual places; --alone measures without it. --estate
measures the refresh of a large estate instead, which takes long, and writes
docs/benchmarks-estate.md. --debug measures the debug build, to try the
benchmark itself; its figures are not written.
"""
import argparse
from pathlib import Path

from lib import needs, say, venv


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=1000, help="rules with a target each in the large case")
    parser.add_argument("--estate", action="store_true", help="measure the refresh of a large estate instead")
    parser.add_argument("--rules", type=int, default=10000, help="rules of the estate")
    parser.add_argument("--alone", action="store_true", help="leave hashicorp/aws out")
    parser.add_argument("--debug", action="store_true", help="measure the debug build and write nothing")
    options = parser.parse_args()
    needs.cargo()
    needs.terraform()
    if not Path("/proc/self/schedstat").exists():
        raise say.Fail("the benchmark reads CPU time and memory from /proc: run it on Linux")
    venv.enter()
    from lib.bench.subject import beside, ours

    with say.step("cargo build" + ("" if options.debug else " --release (some minutes)")):
        own = ours("dev" if options.debug else "release")
    subjects = [own] if options.alone else [own, *beside()]
    (estate if options.estate else commands)(subjects, options)


def commands(subjects, options):
    """Start, and the usual commands on one rule, on many and in many regions."""
    from lib.bench import commands, regions, report
    results, many = [], options.many
    for subject in subjects:
        result = {"name": subject.name, "binary_bytes": subject.binary.stat().st_size}
        with say.step(f"{subject.name}: start to handshake, {commands.STARTS} times"):
            result["starts"] = commands.starts(subject)
        for count in (1, many):
            with say.step(f"{subject.name}: {count} rules with a target each"):
                result[count] = commands.commands(subject, count, limited=count == many)
        with say.step(f"{subject.name}: {len(regions.REGIONS)} regions"):
            result["regions"] = regions.regions(subject)
        results.append(result)
    say.line(report.table(results, many))
    say.line(report.goals(results, many))
    if not options.debug:
        report.write(results, many)


def estate(subjects, options):
    """The refresh of a large estate."""
    from lib.bench import estate, report
    results = []
    for subject in subjects:
        with say.step(f"{subject.name}: refresh of {options.rules} rules with {estate.TARGETS} targets each"):
            results.append({"name": subject.name, **estate.estate(subject, options.rules)})
    say.line(report.estate_table(results))
    if not options.debug:
        report.write_estate(results, options.rules)


if __name__ == "__main__":
    say.main(main)
