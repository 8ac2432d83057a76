"""The matrix: every kind of fault on every call of every life. Run by tools/faults.py.

    matrix.py [--only TEXT] [--sample N] [--workers N]

Each life first runs cleanly; its calls and the kinds of faults make the trials.
Trials run side by side, each worker in accounts of its own.
"""
import argparse
import itertools
import math
import multiprocessing
import os
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import fault
import lives
from fault import Spot
from provider import Died, Hung
from trial import STEPS, Broken, Stage
from world import World


# How often one step's same read is hit: waiting repeats it as often as it takes.
LOOKS = 3


@dataclass
class Trial:
    """One fault on one call of one life."""
    life: str
    spot: Spot
    kind: str

    def __str__(self):
        return f"{self.life}: {self.spot}: {self.kind}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="trials whose name has this text: `rule: update`, `answer lost`")
    parser.add_argument("--sample", type=int, help="so many of them, spread evenly")
    parser.add_argument("--workers", type=int, default=3 * (os.cpu_count() or 2), help="trials at a time")
    options = parser.parse_args()
    with ProcessPoolExecutor(options.workers, multiprocessing.get_context("spawn"), end_with_parent) as pool:
        cleans = dict(zip(_LIVES, pool.map(run_clean, _LIVES)))
        trials = [trial for trial in generate(cleans) if options.only in str(trial)]
        print(f"{len(trials)} faults on {len(cleans)} lives", flush=True)
        if options.sample:
            trials = spread(trials, options.sample)
        return report(trials, pool.map(try_out, trials, [cleans[trial.life] for trial in trials]))


def generate(cleans):
    """Every fault on every call of every step of every life; and every step with reads that lag."""
    for name, clean in cleans.items():
        life = _LIVES[name]
        for spot, kind in itertools.product(spots(clean), fault.AT_A_CALL):
            # Nobody recognises what was made under a name that the provider made up and could not tell (documented).
            if not (life.generated and kind.kills and spot.step == "create"):
                yield Trial(name, spot, kind.name)
        for step in STEPS:
            if step != "read":
                yield Trial(name, Spot(step, "every write", 0), fault.LAG.name)


def spots(clean):
    """Every call of every step; of a read that is made again and again to wait, the first few."""
    for step in STEPS:
        for operation, count in Counter(clean.calls[step]).items():
            for nth in range(min(count, LOOKS) if fault.is_read(operation) else count):
                yield Spot(step, operation, nth)


def spread(trials, count):
    """So many of them, evenly: a step that has no factor in common with the kinds meets all of these."""
    step = max(1, len(trials) // count)
    while math.gcd(step, len(fault.AT_A_CALL)) > 1:
        step += 1
    return trials[::step]


def report(trials, problems):
    """Prints each fault that did not hold, and the count; the status."""
    held, began = 0, time.monotonic()
    for number, (trial, problem) in enumerate(zip(trials, problems), 1):
        if problem:
            print(f"\nNOT HELD  {trial}\n{problem}", flush=True)
        else:
            held += 1
        if number % 100 == 0:
            print(f"    {number} of {len(trials)}, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{len(trials)} faults tried, {held} held", flush=True)
    return 0 if held == len(trials) > 0 else 1


# --- in a worker ---

_LIVES = {life.name: life for life in lives.ALL}
_KINDS = {kind.name: kind for kind in fault.ALL}
# One stage a life, kept from trial to trial while it is in order.
_stages = {}


def end_with_parent():
    """A worker whose parent was killed has nobody to answer."""
    def wait():
        multiprocessing.parent_process().join()
        os._exit(1)
    threading.Thread(target=wait, daemon=True).start()


def stage(name):
    if name not in _stages:
        life = _LIVES[name]
        world = World(life.emulator, os.environ[f"{life.emulator.upper()}_URL"])
        _stages[name] = Stage(os.environ["PROVIDER"], life, world)
    return _stages[name]


def run_clean(name):
    """The calls and snapshots of a life without faults."""
    return stage(name).run_clean()


def try_out(trial, clean):
    """One trial: what was wrong, or None. An account that it left in disorder is left behind."""
    try:
        stage(trial.life).try_one(trial.spot, _KINDS[trial.kind], clean)
        return None
    except (Broken, Died, Hung, AssertionError) as problem:
        _stages.pop(trial.life).world.close()
        return f"{type(problem).__name__}: {problem}"


if __name__ == "__main__":
    sys.exit(main())
