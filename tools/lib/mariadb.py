"""A private MariaDB: found or unpacked, started, stopped, gone.

The server comes from the PATH; else, on Debian and its kin, the system's packages
are unpacked under target/mariadb (no root, nothing installed). Its data lives in a
directory that is removed with it, and it listens on 127.0.0.1 only.
"""
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from .emulators import free_port
from .paths import TARGET
from .say import Fail

DATABASE, USER = "products", "add_product"
READY_SECONDS = 60
_UNPACKED = TARGET / "mariadb"
_PACKAGES = ["mariadb-server-core", "mariadb-client-core"]
_GET_IT = "apt-get install --no-install-recommends " + " ".join(_PACKAGES)
_GUARD = Path(__file__).with_name("guard.py")


class Database:
    """A running server: one empty database, one user who may do everything in it."""

    def __init__(self, programs, folder, port, password):
        self.programs, self.folder, self.port, self.password = programs, folder, port, password

    def settings(self):
        """Where the database is, as the environment of a program that uses it."""
        return {
            "MYSQL_HOST": "127.0.0.1",
            "MYSQL_PORT": str(self.port),
            "MYSQL_DATABASE": DATABASE,
            "MYSQL_USER": USER,
            "MYSQL_PASSWORD": self.password,
        }

    def query(self, sql):
        """Runs SQL; returns the rows as dictionaries of text, None for NULL."""
        output = _run([self.programs.client, "--no-defaults", f"--socket={self.folder}/s", f"--user={USER}",
                       "--batch", f"--execute={sql}", DATABASE],
                      env=self.programs.environment | {"MYSQL_PWD": self.password})
        names, *rows = [line.split("\t") for line in output.splitlines()] or [[]]
        return [{name: None if cell == "NULL" else cell for name, cell in zip(names, row)} for row in rows]


@contextmanager
def mariadb():
    """Runs a MariaDB; yields its Database."""
    programs = find()
    # In the system's own temporary directory: a socket's path may have 107 bytes.
    folder = tempfile.mkdtemp(prefix="mariadb-")
    process = None
    try:
        database = Database(programs, folder, free_port(), secrets.token_urlsafe(16))
        process = _start(database)
        _wait(database, process)
        yield database
    finally:
        if process:
            # The guard's pipe: it stops the server, also when we are killed.
            process.stdin.close()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _start(database):
    programs, folder = database.programs, database.folder
    common = [f"--datadir={folder}/data", *programs.options]
    if os.name == "posix" and os.geteuid() == 0:
        common.append("--user=root")
    _run([programs.install, "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", *common],
         env=programs.environment)
    # The pattern in the grant lets tests make databases of their own beside this one.
    Path(folder, "first.sql").write_text(
        f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4;\n"
        f"CREATE USER {USER}@'%' IDENTIFIED BY '{database.password}';\n"
        f"GRANT ALL ON `{DATABASE}%`.* TO {USER}@'%';\n")
    server = [programs.server, "--no-defaults", f"--socket={folder}/s", f"--port={database.port}",
              "--bind-address=127.0.0.1", "--skip-ssl", f"--init-file={folder}/first.sql", *common]
    with open(f"{folder}/log", "wb") as log:
        return subprocess.Popen([sys.executable, _GUARD, *server], env=programs.environment,
                                stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True)


def _wait(database, process):
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            database.query("select 1")
            return
        except Fail as failure:
            if process.poll() is not None or time.monotonic() > until:
                words = Path(database.folder, "log").read_text(errors="replace").splitlines()[-5:]
                raise Fail("mariadbd did not start. Its last words:\n" + "\n".join(words or [str(failure)])) from None
        time.sleep(0.1)


class Programs:
    """Where MariaDB's programs are, and what they need to run from there."""

    def __init__(self, prefix=None):
        """`prefix` is the root of unpacked packages; without it the PATH is meant."""
        path = [f"{prefix}/usr/sbin", f"{prefix}/usr/bin"] if prefix else [os.environ.get("PATH", ""), "/usr/sbin"]
        self.server, self.install, self.client = (
            shutil.which(name, path=os.pathsep.join(path)) for name in ("mariadbd", "mariadb-install-db", "mariadb"))
        self.environment, self.options = dict(os.environ), []
        if prefix:
            libraries = Path(prefix, "usr/lib").glob("*-linux-gnu*")
            self.environment["LD_LIBRARY_PATH"] = os.pathsep.join(map(str, libraries))
            self.options = [f"--basedir={prefix}/usr", f"--lc-messages-dir={prefix}/usr/share/mysql"]

    def complete(self):
        return all((self.server, self.install, self.client))


def find():
    """MariaDB's programs, unpacked first if need be; Fail says the one command that gets them."""
    for programs in (Programs(), Programs(_UNPACKED)):
        if programs.complete():
            return programs
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        raise Fail(f"MariaDB is missing: mariadbd is not on the PATH. Get it with (Debian, Ubuntu): {_GET_IT}")
    print("    MariaDB is not on the PATH: unpacking its packages under target/mariadb", file=sys.stderr, flush=True)
    try:
        _unpack()
    except Fail as failure:
        raise Fail(f"MariaDB is missing and could not be unpacked ({failure}). Get it with: {_GET_IT}") from None
    return Programs(_UNPACKED)


def _unpack():
    """Downloads MariaDB's packages and the libraries that are missing here, and unpacks them."""
    apt = tempfile.mkdtemp(prefix="mariadb-apt-")
    half = TARGET / f"mariadb-{os.getpid()}"
    for folder in ("state/lists/partial", "cache/archives/partial", "packages"):
        os.makedirs(f"{apt}/{folder}")
    # Lists and cache of our own: the system's are root's.
    options = [f"-oDir::State={apt}/state", f"-oDir::Cache={apt}/cache", "-oDir::State::status=/var/lib/dpkg/status",
               "-oAPT::Sandbox::User=", "-oDebug::NoLocking=1"]
    try:
        _run(["apt-get", *options, "update", "-qq"])
        plan = _run(["apt-get", *options, "install", "-qq", "-y", "--print-uris", "--no-install-recommends", *_PACKAGES])
        # 'URI' FILE SIZE HASH, where FILE is NAME_VERSION_ARCHITECTURE.deb
        needed = [line.split()[1].split("_")[0] for line in plan.splitlines() if line.startswith("'")]
        _run(["apt-get", *options, "download", "-qq", *needed], cwd=f"{apt}/packages")
        for package in sorted(Path(apt, "packages").glob("*.deb")):
            _run(["dpkg-deb", "-x", package, half])
        if not Programs(half).complete():
            raise Fail("the packages lack a program")
        # Renamed when whole: an interrupted run leaves nothing half done.
        if not _UNPACKED.exists():
            half.rename(_UNPACKED)
    finally:
        shutil.rmtree(apt, ignore_errors=True)
        shutil.rmtree(half, ignore_errors=True)


def _run(command, **options):
    """Runs a program to its end and returns what it printed."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()[-3:]
        raise Fail(f"{Path(command[0]).name} ended with {done.returncode}: {' '.join(words)}")
    return done.stdout
