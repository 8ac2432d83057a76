#!/usr/bin/env python3
"""The tests that need hashicorp/aws: objects that it made move in. Apart from `make test`, which needs no peer.

    tools/test_peer.py [PYTEST ARGUMENT...]
"""
import shutil
import subprocess
import sys
import tempfile

from lib import build, emulators, env, needs, peer, say, venv
from lib.paths import ROOT

TESTS = ROOT / "tests" / "peer"


def main():
    terraform, theirs = needs.terraform(), peer.need()
    say.line(f"terraform: {terraform} ({needs.terraform_version(terraform)})")
    say.line(f"hashicorp/aws: {theirs} ({peer.version(theirs)})")
    venv.python()
    with say.step("Build the provider"):
        binary = build.provider()
    home = tempfile.mkdtemp(prefix="peer-")
    try:
        with say.step("Emulators"), emulators.ministack() as ministack, emulators.moto() as moto:
            environment = env.clean(home, TMPDIR=home, TF_BIN=terraform, PROVIDER=binary, PEER=theirs,
                                    PYTHONDONTWRITEBYTECODE=1, MINISTACK_URL=ministack, MOTO_URL=moto)
            return subprocess.run([str(venv.python()), "-m", "pytest", *sys.argv[1:], str(TESTS)], cwd=ROOT,
                                  env=environment, stdin=subprocess.DEVNULL).returncode
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    say.main(main)
