"""Stands in for a provider's binary and measures it: runs BENCH_BINARY, appends a line to BENCH_LOG.

Terraform starts this file as the plugin. CPU and peak memory are the child's own
(wait4), private memory is the highest of samples; this process counts for none
of them.
"""
import json
import os
import signal
import subprocess
import sys
import time

_SAMPLE_SECONDS = 0.02


def main():
    # Terraform tells a plugin to end over its connection; signals are for Terraform itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    began = time.monotonic()
    child = subprocess.Popen([os.environ["BENCH_BINARY"], *sys.argv[1:]])
    private = 0
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        private = max(private, private_kib(child.pid))
        time.sleep(_SAMPLE_SECONDS)
    line = json.dumps({"cpu_seconds": usage.ru_utime + usage.ru_stime, "max_rss_kib": usage.ru_maxrss,
                       "private_kib": private, "wall_seconds": time.monotonic() - began})
    with open(os.environ["BENCH_LOG"], "a") as log:
        log.write(line + "\n")
    sys.exit(os.waitstatus_to_exitcode(status))


def private_kib(pid):
    """What the process has written itself: resident memory that no file stands behind."""
    try:
        with open(f"/proc/{pid}/status") as status:
            for text in status:
                if text.startswith("RssAnon:"):
                    return int(text.split()[1])
    except OSError:
        pass
    return 0


if __name__ == "__main__":
    main()
