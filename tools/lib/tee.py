"""Runs a command whose output goes to the terminal and to us."""
import subprocess
import sys

from .paths import ROOT


def run(command, environment):
    """The command's status and what it printed."""
    process = subprocess.Popen([str(part) for part in command], cwd=ROOT, env=environment, text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = []
    try:
        for text in process.stdout:
            sys.stdout.write(text)
            sys.stdout.flush()
            lines.append(text)
    except KeyboardInterrupt:
        process.wait()
        raise
    return process.wait(), "".join(lines)
