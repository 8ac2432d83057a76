#!/usr/bin/env python3
"""Tries every kind of fault on every AWS call of every resource's life. The method: docs/faults.md.

    tools/faults.py [--only TEXT] [--sample N] [--workers N]

The last lines say how many faults were tried and how many held; each that did
not is printed with what was wrong.
"""
import shutil
import sys
import tempfile

from lib import build, emulators, env, needs, say, tee, venv
from lib.paths import ROOT

MATRIX = ROOT / "tests" / "faults" / "matrix.py"


def main():
    needs.cargo()
    venv.python()
    with say.step("Faults: build the provider"):
        binary = build.provider()
    with say.step("Faults: emulators"), emulators.ministack() as ministack, emulators.moto() as moto:
        return run(binary, ministack, moto, sys.argv[1:])[0]


def run(binary, ministack, moto, arguments):
    """Runs the matrix on running emulators: its status and what it printed."""
    home = tempfile.mkdtemp(prefix="faults-")
    try:
        environment = env.clean(home, TMPDIR=home, PROVIDER=binary, MINISTACK_URL=ministack, MOTO_URL=moto,
                                PYTHONPATH=ROOT / "tools", PYTHONDONTWRITEBYTECODE=1)
        return tee.run([venv.python(), MATRIX, *arguments], environment)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    say.main(main)
