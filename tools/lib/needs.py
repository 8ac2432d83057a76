"""Looks for what the commands need on the machine; says in one line how to get what is missing."""
import os
import shutil
import subprocess
import sys

from .say import Fail


def python():
    """Checks this interpreter: 3.10 or newer (ministack needs it), able to make a virtual environment."""
    if sys.version_info < (3, 10):
        raise Fail(f"Python {sys.version.split()[0]} is too old, 3.10 or newer is needed. "
                   "Get it with: apt-get install python3 (or set PYTHON=/path/to/python3)")
    try:
        import ensurepip  # noqa: F401  (Debian splits it off)
        import venv  # noqa: F401
    except ImportError:
        raise Fail("this Python cannot make a virtual environment (venv, ensurepip). "
                   "Get them with: apt-get install python3-venv") from None


def cargo():
    """The path of cargo, also where only its default directory has it."""
    found = shutil.which("cargo") or shutil.which(os.path.expanduser("~/.cargo/bin/cargo"))
    if not found:
        raise Fail("cargo (Rust) is not on the PATH. Get it with: "
                   "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh")
    return found


def terraform():
    """The path of terraform or tofu: TF_BIN when set, else the first one on the PATH."""
    chosen = os.environ.get("TF_BIN")
    if chosen:
        found = shutil.which(chosen)
        if not found:
            raise Fail(f"TF_BIN is {chosen!r}, which is not an executable. "
                       "Set it to the path of terraform or tofu, or unset it to use the PATH")
        return os.path.abspath(found)
    for name in ("terraform", "tofu"):
        found = shutil.which(name)
        if found:
            return os.path.abspath(found)
    raise Fail("neither terraform nor tofu is on the PATH. Get one from "
               "https://developer.hashicorp.com/terraform/install (1.8 or newer) or "
               "https://opentofu.org/docs/intro/install, or set TF_BIN=/path/to/it")


def terraform_version(binary):
    """What `terraform version` says, in one line."""
    output = subprocess.run([binary, "version"], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                            env={"CHECKPOINT_DISABLE": "1", "HOME": "/nonexistent"})
    return output.stdout.splitlines()[0] if output.stdout else "version unknown"
