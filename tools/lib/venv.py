"""The virtual environment under target/venv: made once, again when the pins change."""
import hashlib
import os
import shutil
import subprocess
import sys

from . import needs, say
from .env import for_tools
from .paths import CONSTRAINTS, REQUIREMENTS, VENV

_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python():
    """The virtual environment's interpreter, with everything of requirements.txt installed."""
    stamp = VENV / "pins.sha256"
    pins = _digest(REQUIREMENTS, CONSTRAINTS)
    if stamp.is_file() and stamp.read_text() == pins and _PYTHON.exists():
        return _PYTHON
    needs.python()
    with say.step("Python packages into target/venv (once, about a minute)"):
        shutil.rmtree(VENV, ignore_errors=True)
        _run([sys.executable, "-m", "venv", VENV])
        install("-r", REQUIREMENTS, "-c", CONSTRAINTS)
        stamp.write_text(pins)
    return _PYTHON


def install(*arguments):
    """`pip install` into the virtual environment, with the machine's own pip configuration."""
    _run([_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments])


def script(name):
    """The path of a command that a package put into the virtual environment."""
    return _PYTHON.parent / name


def enter():
    """Runs the current script again inside the virtual environment, unless it is there already.

    There boto3 finds no AWS setting of the caller's: a profile that does not exist would stop it.
    """
    inside = python()
    if os.path.realpath(sys.prefix) != os.path.realpath(VENV):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        os.execve(inside, [str(inside), *sys.argv], environment)


def _digest(*files):
    # A copied environment still runs the original's interpreter: its place counts too.
    digest = hashlib.sha256(f"{sys.version} {VENV}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _run(command):
    done = subprocess.run([str(part) for part in command], env=for_tools(), text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise say.Fail(f"`{' '.join(map(str, command))}` failed:\n{done.stdout}")
