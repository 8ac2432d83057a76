#!/usr/bin/env python3
"""A private MariaDB for the demo and the tests: found or unpacked, started, stopped, gone.

The server comes from the PATH; else, on Debian and its kin, the system's packages are unpacked
beside the project under target/mariadb (no root, nothing installed); else `Missing` says the one
command that gets it. Its data lives in a directory that is removed with it, and it listens on
127.0.0.1 only.

    with mariadb.started() as database:
        database.environment()  # the MYSQL_* variables of add_product
        database.query("select * from Products")

By hand, or from a test in another language, `python3 tools/lib/mariadb.py` prints those variables
as one line of JSON and serves until its standard input is closed.
"""

import contextlib
import json
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
UNPACKED = ROOT / "target" / "mariadb"
PACKAGES = ["mariadb-server-core", "mariadb-client-core"]
GET_IT = "apt-get install --no-install-recommends " + " ".join(PACKAGES)
DATABASE, USER = "products", "add_product"


class Missing(Exception):
    """There is no MariaDB here and none could be unpacked; the text says how to get one."""


class Failed(Exception):
    """MariaDB was found, but did not do what it should; the text holds its own last words."""


class Programs:
    """Where the server's programs are, and what they need to run from there."""

    def __init__(self, prefix=None):
        """`prefix` is the root of unpacked packages; without it the PATH is meant."""
        folders = [prefix / "usr/sbin", prefix / "usr/bin"] if prefix else [*_path(), "/usr/sbin"]
        search = os.pathsep.join(map(str, folders))
        self.server = shutil.which("mariadbd", path=search)
        self.install = shutil.which("mariadb-install-db", path=search)
        self.client = shutil.which("mariadb", path=search)
        self.environment = dict(os.environ)
        self.options = []
        if prefix:
            libraries = [str(folder) for folder in (prefix / "usr/lib").glob("*-linux-gnu*")]
            self.environment["LD_LIBRARY_PATH"] = os.pathsep.join(libraries)
            self.options = [f"--basedir={prefix}/usr", f"--lc-messages-dir={prefix}/usr/share/mysql"]

    def complete(self):
        return all((self.server, self.install, self.client))


def programs():
    """Finds MariaDB's programs, or unpacks them. Raises `Missing`."""
    for found in (Programs(), Programs(UNPACKED)):
        if found.complete():
            return found
    _unpack()
    found = Programs(UNPACKED)
    if not found.complete():
        raise Missing(f"MariaDB is missing, and its packages lack a program; get it with: {GET_IT}")
    return found


def _path():
    return os.environ.get("PATH", os.defpath).split(os.pathsep)


def _unpack():
    """Downloads MariaDB's packages and the libraries missing here, and unpacks them."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise Missing(f"MariaDB is missing: put mariadbd on the PATH (on Debian: {GET_IT})")
    print("MariaDB is not installed: unpacking its packages under target/mariadb", file=sys.stderr)
    apt = UNPACKED.with_name("mariadb-apt")
    for folder in ("state/lists/partial", "cache/archives/partial", "packages"):
        (apt / folder).mkdir(parents=True, exist_ok=True)
    # Lists and cache of our own: the system's are root's.
    options = [
        f"-oDir::State={apt}/state",
        f"-oDir::Cache={apt}/cache",
        "-oDir::State::status=/var/lib/dpkg/status",
        "-oAPT::Sandbox::User=",
        "-oDebug::NoLocking=1",
    ]
    try:
        _run(["apt-get", *options, "update", "-qq"])
        plan = ["install", "-qq", "-y", "--print-uris", "--no-install-recommends", *PACKAGES]
        lines = _run(["apt-get", *options, *plan]).splitlines()
        # 'URI' FILE SIZE HASH, where FILE is NAME_VERSION_ARCHITECTURE.deb
        needed = [line.split()[1].split("_")[0] for line in lines if line.startswith("'")]
        _run(["apt-get", *options, "download", "-qq", *needed], cwd=apt / "packages")
        # Unpacked aside and renamed: an interrupted run leaves nothing half done.
        half = UNPACKED.with_name("mariadb-half")
        shutil.rmtree(half, ignore_errors=True)
        for package in sorted((apt / "packages").glob("*.deb")):
            _run(["dpkg-deb", "-x", package, half])
        shutil.rmtree(UNPACKED, ignore_errors=True)
        half.rename(UNPACKED)
    except Failed as error:
        raise Missing(f"MariaDB is missing; get it with: {GET_IT}\n({error})") from None
    finally:
        shutil.rmtree(apt, ignore_errors=True)


def _run(command, **options):
    """Runs a program to its end and returns what it printed. Raises `Failed`."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **options
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()[-3:]
        name = pathlib.Path(str(command[0])).name
        raise Failed(f"{name} ended with {done.returncode}: {' '.join(words)}")
    return done.stdout


class Mariadb:
    """One running server with an empty database and a user of its own."""

    def __init__(self):
        self.programs = programs()
        self.password = secrets.token_urlsafe(16)
        # In the system's own temporary folder: a socket's path may have 107 bytes.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="mariadb-"))
        self.socket = self.folder / "s"
        self.port = _free_port()
        self.process = None

    def start(self):
        """Makes the data directory and starts the server; returns when it answers."""
        data = self.folder / "data"
        as_root = ["--user=root"] if os.geteuid() == 0 else []
        common = [f"--datadir={data}", *as_root, *self.programs.options]
        _run(
            [
                self.programs.install,
                "--no-defaults",
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                *common,
            ],
            env=self.programs.environment,
        )
        first = self.folder / "first.sql"
        first.write_text(
            f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4;\n"
            f"CREATE USER {USER}@'%' IDENTIFIED BY '{self.password}';\n"
            f"GRANT ALL ON {DATABASE}.* TO {USER}@'%';\n"
        )
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                [
                    self.programs.server,
                    "--no-defaults",
                    f"--socket={self.socket}",
                    f"--port={self.port}",
                    "--bind-address=127.0.0.1",
                    f"--init-file={first}",
                    *common,
                ],
                env=self.programs.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for the person's program, which then stops this one.
                start_new_session=True,
            )
        self._wait()

    def _wait(self, seconds=30):
        end = time.monotonic() + seconds
        while True:
            try:
                self.query("select 1")
                return
            except Failed as error:
                if self.process.poll() is not None or time.monotonic() > end:
                    words = (self.folder / "log").read_text(errors="replace").splitlines()[-3:]
                    self.stop()
                    raise Failed(f"mariadbd did not start: {' '.join(words) or error}") from None
            time.sleep(0.1)

    def query(self, sql):
        """Runs SQL in the database; returns the rows as dictionaries of text (None is NULL)."""
        output = _run(
            [
                self.programs.client,
                "--no-defaults",
                f"--socket={self.socket}",
                f"--user={USER}",
                "--batch",
                f"--execute={sql}",
                DATABASE,
            ],
            env=self.programs.environment | {"MYSQL_PWD": self.password},
        )
        lines = [line.split("\t") for line in output.splitlines()]
        if not lines:
            return []
        names, *rows = lines
        return [
            dict(zip(names, [None if cell == "NULL" else cell for cell in row])) for row in rows
        ]

    def environment(self):
        """Returns the variables by which a program reaches the database."""
        return {
            "MYSQL_HOST": "127.0.0.1",
            "MYSQL_PORT": str(self.port),
            "MYSQL_DATABASE": DATABASE,
            "MYSQL_USER": USER,
            "MYSQL_PASSWORD": self.password,
        }

    def stop(self):
        """Stops the server and removes its data. Doing it twice is fine."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextlib.contextmanager
def started():
    """Gives a running MariaDB, and stops it however the block ends."""
    database = Mariadb()
    try:
        database.start()
        yield database
    finally:
        database.stop()


def main():
    # As Ctrl-C: the server must not outlive this program.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with started() as database:
            print(json.dumps(database.environment()), flush=True)
            sys.stdin.read()
    except (Missing, Failed) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
