"""The shell beside an emulator that the guides open."""
import json
import os
import subprocess
import sys

from lib.paths import ROOT

SHOW = "import json, os; print(json.dumps(dict(os.environ)))"


def test_every_tool_finds_emulator_and_region():
    done = subprocess.run([sys.executable, ROOT / "tools" / "emulators.py", "run", "--moto", "--", sys.executable, "-c", SHOW],
                          env={**os.environ, "AWS_PROFILE": "mine"}, text=True, capture_output=True, check=True,
                          stdin=subprocess.DEVNULL)
    inside = json.loads(done.stdout.splitlines()[-1])
    assert inside["AWS_ENDPOINT_URL"] == inside["MOTO_URL"]
    # Version 1 of the AWS CLI knows the second name only.
    assert inside["AWS_REGION"] == inside["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert "AWS_PROFILE" not in inside
