"""Stands in for a provider's binary and measures it: runs BENCH_BINARY, appends a line to BENCH_LOG.

Terraform starts this file as the plugin. CPU and peak memory are the child's own
(wait4), private memory is the highest of samples; this process counts for none
of them, and says what it used itself.
"""
import json
import os
import signal
import subprocess
import sys
import time

# Often at first: what serves one rule lives for some 30 ms.
_YOUNG_SECONDS, _YOUNG_SAMPLE_SECONDS, _SAMPLE_SECONDS = 0.2, 0.002, 0.02


def main():
    # Terraform tells a plugin to end over its connection; signals are for Terraform itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen([os.environ["BENCH_BINARY"], *sys.argv[1:]])
    # (time, private memory), whenever it is another; the clock is the machine's, for all processes the same.
    began = time.monotonic()
    samples = [(began, 0)]
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            break
        kib = private_kib(child.pid)
        if kib != samples[-1][1]:
            samples.append((time.monotonic(), kib))
        time.sleep(_YOUNG_SAMPLE_SECONDS if time.monotonic() - began < _YOUNG_SECONDS else _SAMPLE_SECONDS)
    samples.append((time.monotonic(), 0))
    own = os.times()
    line = json.dumps({"cpu_seconds": usage.ru_utime + usage.ru_stime, "max_rss_kib": usage.ru_maxrss,
                       "private_kib": max(kib for _, kib in samples), "samples": samples,
                       "stand_in_cpu_seconds": own.user + own.system})
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
