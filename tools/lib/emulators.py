"""Starts and stops the AWS emulators, each on a free port of 127.0.0.1.

ministack runs Lambda functions and knows event patterns; moto is stricter on
rules, targets and policies. Both start from an environment of their own: the
functions that ministack runs see the server's whole environment.
"""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from . import env, venv
from .paths import TARGET
from .say import Fail

READY_SECONDS = 60
_GUARD = Path(__file__).with_name("guard.py")


@contextmanager
def ministack():
    """Runs ministack; yields its URL."""
    def command(port, home):
        return [venv.script("ministack")], env.clean(
            home,
            BIND_HOST="127.0.0.1",
            GATEWAY_PORT=port,
            MINISTACK_HOST="127.0.0.1",
            MINISTACK_ACCOUNT_ID="123456789012",
            # Without it compiled functions are not told where their AWS is.
            AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}",
            IOT_MTLS_ENABLED="0",
            SFTP_ENABLED="0",
            STATE_DIR=f"{home}/state",
            TMPDIR=home,
        )
    with _server("ministack", command, "/_ministack/ready") as url:
        yield url


@contextmanager
def moto():
    """Runs moto's server; yields its URL."""
    def command(port, home):
        return [venv.script("moto_server"), "-H", "127.0.0.1", "-p", str(port)], env.clean(home, TMPDIR=home)
    with _server("moto", command, "/moto-api/data.json") as url:
        yield url


@contextmanager
def _server(name, command, probe):
    home = tempfile.mkdtemp(prefix=f"{name}-")
    log = TARGET / "emulators" / f"{name}-{os.getpid()}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    process = None
    try:
        # Another process may take the free port between our look and the server's.
        for _ in range(3):
            port = free_port()
            url = f"http://127.0.0.1:{port}"
            process = _start(*command(port, home), log)
            if _ready(process, url + probe):
                break
        else:
            raise Fail(f"{name} did not get ready within {READY_SECONDS} s. Its log ({log}) ends:\n{_tail(log)}")
        yield url
    finally:
        if process:
            _stop(process)
        shutil.rmtree(home, ignore_errors=True)


def _start(command, environment, log):
    with open(log, "wb") as output:
        return subprocess.Popen([sys.executable, str(_GUARD), *map(str, command)], env=environment,
                                stdin=subprocess.PIPE, stdout=output, stderr=output, start_new_session=True)


def _ready(process, url):
    """Whether the server answered; no use in waiting once it has exited."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    _stop(process)
    return False


def _stop(process):
    """Closes the guard's pipe, which makes it stop the server."""
    process.stdin.close()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port():
    """A port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _tail(log, lines=20):
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
