"""Writes what was measured: docs/benchmarks.md with its plot, docs/benchmarks-estate.md."""
import os
import platform
import time

from .. import needs, say
from ..chart import comparison, number_text
from ..paths import ROOT
from .commands import LIMIT
from .estate import TARGETS
from .regions import REGIONS

_DOCS = ROOT / "docs"
_TEMPLATES = ROOT / "tools"
_WORDS = {"refresh": "plan of what exists", "limited": f"plan of what exists, {LIMIT} requests/s"}


# --- the commands ---

def figures(many):
    """(label, unit, function of a result) of every row."""
    yield "binary", "MB", lambda r: r["binary_bytes"] / 1e6
    yield "start to handshake, CPU", "ms", lambda r: r["starts"]["cpu_ms"]
    yield "start to handshake, wall", "ms", lambda r: r["starts"]["wall_ms"]
    for count in (1, many):
        noun = "1 rule" if count == 1 else f"{count:,} rules"
        for step in ("validate", "plan", "apply", "refresh", *(["limited"] if count == many else [])):
            yield from _step(f"{_WORDS.get(step, step)}, {noun}", lambda r, c=count, s=step: r[c][s],
                             calls=step in ("apply", "refresh", "limited"))
    label, of = f"plan, {len(REGIONS)} regions", lambda r: r["regions"]
    yield f"{label}: provider processes", "", lambda r: of(r)["processes"]
    yield f"{label}: provider CPU", "ms", lambda r: 1000 * of(r)["cpu_seconds"]
    yield f"{label}: private memory together", "MiB", lambda r: of(r)["together_mib"]
    yield f"{label}: wall", "s", lambda r: of(r)["wall_seconds"]


def _step(label, of, calls):
    yield f"{label}: provider CPU", "ms", lambda r: 1000 * of(r)["cpu_seconds"]
    yield f"{label}: resident memory", "MiB", lambda r: of(r)["max_rss_mib"]
    yield f"{label}: private memory", "MiB", lambda r: of(r)["private_mib"]
    if calls:
        yield f"{label}: API calls", "calls", lambda r: of(r)["calls"]
    yield f"{label}: Terraform's own CPU", "s", lambda r: of(r)["terraform_cpu_seconds"]
    yield f"{label}: wall", "s", lambda r: of(r)["wall_seconds"]


def table(results, many):
    """All figures."""
    rows = [[label, *(_cell(value(result), unit) for result in results)] for label, unit, value in figures(many)]
    return _markdown(["", *(result["name"] for result in results)], rows)


def _goals(many):
    """(what, unit, function of a result, the most that is wanted, whether that is a share of the peer's)."""
    refresh, both = f"refresh of {many:,} rules and as many targets", f"{many:,} rules and as many targets"
    yield f"API calls, {refresh}", "calls", lambda r: r[many]["refresh"]["calls"], 1.05 * many, False
    yield f"API calls, apply of {both}", "calls", lambda r: r[many]["apply"]["calls"], 2.1 * many, False
    yield f"provider CPU, {refresh}", "ms", lambda r: 1000 * r[many]["refresh"]["cpu_seconds"], 0.1, True
    yield f"private memory, {refresh}", "MiB", lambda r: r[many]["refresh"]["private_mib"], 0.25, True
    yield f"wall, {refresh}, {LIMIT} requests/s", "s", lambda r: r[many]["limited"]["wall_seconds"], 0.4, True
    yield (f"provider CPU, {refresh}, {LIMIT} requests/s", "ms", lambda r: 1000 * r[many]["limited"]["cpu_seconds"], 0.1,
           True)
    yield f"private memory, {refresh}, {LIMIT} requests/s", "MiB", lambda r: r[many]["limited"]["private_mib"], 0.25, True
    yield f"wall, plan in {len(REGIONS)} regions", "s", lambda r: r["regions"]["wall_seconds"], 0.1, True
    yield f"private memory, plan in {len(REGIONS)} regions", "MiB", lambda r: r["regions"]["together_mib"], 0.1, True
    yield "CPU, start to handshake", "ms", lambda r: r["starts"]["cpu_ms"], 5, False
    yield "provider CPU, plan of 1 rule", "ms", lambda r: 1000 * r[1]["plan"]["cpu_seconds"], 50, False
    yield "resident memory, plan of 1 rule", "MiB", lambda r: r[1]["plan"]["max_rss_mib"], 25, False
    yield "binary", "MB", lambda r: r["binary_bytes"] / 1e6, 20, False


def goals(results, many):
    """What is wanted of each figure, and whether it is so."""
    own, others = results[0], results[1:]
    rows = []
    for what, unit, value, most, is_share in _goals(many):
        measured, wanted, held = _cell(value(own), unit), f"≤ {_cell(most, unit)}", value(own) <= most
        if is_share and not others:
            continue
        if is_share:
            share = value(own) / value(others[0])
            measured = f"{measured} of {_cell(value(others[0]), unit)}: {share:.3f}"
            wanted, held = f"≤ {most:g} of {others[0]['name']}'s", share <= most
        rows.append([what, measured, wanted, "yes" if held else "**no**"])
    return _markdown(["", "measured", "wanted", "held"], rows)


def _plotted(many):
    """The rows of the plot: those that a user feels."""
    wanted = ["binary", "start to handshake, CPU", "plan, 1 rule: provider CPU", "plan, 1 rule: private memory",
              f"{_WORDS['refresh']}, {many:,} rules: provider CPU", f"{_WORDS['refresh']}, {many:,} rules: API calls",
              f"{_WORDS['limited']}, {many:,} rules: wall", f"plan, {len(REGIONS)} regions: wall"]
    return [figure for figure in figures(many) if figure[0] in wanted]


def write(results, many):
    """docs/benchmarks.md and its plot."""
    rows = [(label, unit, [value(result) for result in results]) for label, unit, value in _plotted(many)]
    (_DOCS / "benchmarks.svg").write_text(
        comparison("What one command costs (log scale, shorter is better)", [r["name"] for r in results], rows))
    _fill("bench.md", "benchmarks.md", many=f"{many:,}", table=table(results, many), goals=goals(results, many))


# --- the estate ---

def estate_table(results):
    """What the refresh of a large estate takes."""
    rows = [
        ("provider CPU", "s", lambda r: r["cpu_seconds"]),
        ("provider's resident memory", "MiB", lambda r: r["max_rss_mib"]),
        ("provider's private memory", "MiB", lambda r: r["private_mib"]),
        ("API calls", "calls", lambda r: r["calls"]),
        ("Terraform's own CPU", "s", lambda r: r["terraform_cpu_seconds"]),
        ("Terraform's share of both", "%", lambda r: 100 * r["terraform_cpu_seconds"] / (
            r["terraform_cpu_seconds"] + r["cpu_seconds"])),
        ("wall", "s", lambda r: r["wall_seconds"]),
        ("size of the state", "MB", lambda r: r["state_mb"]),
    ]
    rows = [[label, *(_cell(value(result), unit) for result in results)] for label, unit, value in rows]
    calls = [", ".join(f"{name} {count:,}" for name, count in sorted(result["counts"].items())) for result in results]
    return _markdown(["", *(result["name"] for result in results)], [*rows, ["calls by operation", *calls]])


def write_estate(results, count):
    """docs/benchmarks-estate.md."""
    _fill("bench-estate.md", "benchmarks-estate.md", count=f"{count:,}", targets=str(TARGETS),
          objects=f"{count * (1 + TARGETS):,}", table=estate_table(results))


# --- common ---

def _cell(value, unit):
    return f"{number_text(value)} {unit}".strip()


def _markdown(head, rows):
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _fill(template, name, **values):
    terraform = needs.terraform_version(needs.terraform())
    values["machine"] = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {terraform}, {time.strftime('%Y-%m-%d')}"
    text = (_TEMPLATES / template).read_text()
    for key, value in values.items():
        text = text.replace("{{" + key + "}}", value)
    (_DOCS / name).write_text(text)
    say.line(f"\nwritten: {_DOCS / name}")
