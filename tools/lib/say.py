"""What a person reads while a command runs: steps with their time, and clear ends."""
import sys
import time
from contextlib import contextmanager


class Fail(Exception):
    """A command cannot go on: what is wrong, and what to do about it."""


def line(text=""):
    print(text, flush=True)


@contextmanager
def step(title):
    """Prints `title`, runs the body, prints how long it took."""
    line(f"==> {title}")
    began = time.monotonic()
    yield
    line(f"    done in {time.monotonic() - began:.1f} s")


def main(function):
    """Runs a command's main function; turns Fail and Ctrl-C into words and a status."""
    try:
        status = function() or 0
    except Fail as failure:
        print(f"\nerror: {failure}", file=sys.stderr, flush=True)
        status = 1
    except KeyboardInterrupt:
        print("\ninterrupted: everything that was started has been stopped", file=sys.stderr, flush=True)
        status = 130
    sys.exit(status)
