#!/usr/bin/env python3
"""Runs a private MariaDB until standard input ends, and removes it then.

    tools/mariadb.py

Its one line of output is the environment that leads to it, as JSON: MYSQL_HOST,
MYSQL_PORT, MYSQL_DATABASE, MYSQL_USER and MYSQL_PASSWORD. Tests of add_product
start it so; the demo uses lib.mariadb.
"""
import json
import signal
import sys

from lib import say
from lib.mariadb import mariadb


def main():
    # SIGTERM ends us the way Ctrl-C does: through the context manager.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with mariadb() as database:
        say.line(json.dumps(database.settings()))
        sys.stdin.read()


if __name__ == "__main__":
    say.main(main)
