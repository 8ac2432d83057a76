"""Starts and stops add_product, the article's service, on a free port of 127.0.0.1."""
import json
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from . import env
from .say import Fail

READY_SECONDS = 30
_GUARD = Path(__file__).with_name("guard.py")


@contextmanager
def add_product(binary, settings):
    """Runs the server with nothing but `settings` in its environment; yields the URL of its `/product`."""
    home = Path(tempfile.mkdtemp(prefix="add-product-"))
    process = None
    try:
        with open(home / "log", "wb") as log:
            process = subprocess.Popen([sys.executable, _GUARD, binary], stdin=subprocess.PIPE, stdout=log, stderr=log,
                                       env=env.clean(home, **{"LISTEN": "127.0.0.1:0", **settings}),
                                       start_new_session=True)
        yield f"http://{_address(process, home / 'log')}/product"
    finally:
        if process:
            process.stdin.close()
            process.wait()
        shutil.rmtree(home, ignore_errors=True)


def _address(process, log):
    """The address in the log line that says where it listens."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        for line in log.read_text().splitlines():
            if line.startswith("{") and line.endswith("}"):
                entry = json.loads(line)
                if entry.get("message") == "listening":
                    return entry["address"]
        time.sleep(0.05)
    raise Fail(f"add_product did not start. Its last words:\n{log.read_text()}")
