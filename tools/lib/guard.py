"""Runs a command until its own standard input ends, then stops it.

Whoever starts a server through this guard holds the other end of that pipe.
However the holder ends, by Ctrl-C or by kill -9, the pipe closes and the server
is stopped: SIGTERM first (an emulator saves and stops its workers), SIGKILL
after that. The server's own exit ends the guard, with its status.

    python guard.py COMMAND ARGUMENT...
"""
import os
import signal
import subprocess
import sys
import threading

GRACE_SECONDS = 5


def main():
    # A terminal's Ctrl-C goes to all of its processes; the holder decides, not we.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)

    def stop():
        server.terminate()
        try:
            server.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()

    def wait_for_holder():
        while os.read(0, 4096):
            pass
        stop()

    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=stop).start())
    threading.Thread(target=wait_for_holder, daemon=True).start()
    sys.exit(abs(server.wait()))


if __name__ == "__main__":
    main()
