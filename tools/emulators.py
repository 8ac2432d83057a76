#!/usr/bin/env python3
"""Runs a command with AWS emulators beside it, and stops them afterwards.

    tools/emulators.py run [--ministack] [--moto] -- COMMAND ARGUMENT...
    tools/emulators.py install

The command finds their addresses in MINISTACK_URL and MOTO_URL; AWS_ENDPOINT_URL
and dummy credentials lead to the first one named. With neither flag both run.
`install` only makes the virtual environment under target/venv.
"""
import argparse
import os
import signal
import subprocess
import sys
from contextlib import ExitStack

from lib import emulators, env, say, venv

_START = {"ministack": emulators.ministack, "moto": emulators.moto}


def main():
    options = arguments()
    venv.python()
    if options.action == "install":
        return 0
    # SIGTERM ends us the way Ctrl-C does: through the context managers.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as running:
        urls = {name: running.enter_context(_START[name]()) for name in options.emulators}
        for name, url in urls.items():
            say.line(f"{name} at {url}")
        settings = {f"{name.upper()}_URL": url for name, url in urls.items()}
        settings.update(env.aws(urls[options.emulators[0]]))
        # Version 1 of the AWS CLI knows the region by this name only.
        settings["AWS_DEFAULT_REGION"] = settings["AWS_REGION"]
        outside = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return run(options.command, {**outside, **settings})


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["run", "install"])
    parser.add_argument("--ministack", dest="emulators", action="append_const", const="ministack")
    parser.add_argument("--moto", dest="emulators", action="append_const", const="moto")
    given, command = sys.argv[1:], []
    if "--" in given:
        split = given.index("--")
        given, command = given[:split], given[split + 1:]
    options = parser.parse_args(given)
    options.emulators = options.emulators or ["ministack", "moto"]
    options.command = command
    if options.action == "run" and not command:
        parser.error("a command is needed after `--`")
    return options


def run(command, environment):
    """Runs the command; on Ctrl-C lets it end by itself (the terminal told it too)."""
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as error:
        raise say.Fail(f"cannot run {command[0]!r}: {error.strerror}") from None
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise


if __name__ == "__main__":
    say.main(main)
