"""Starts a provider as Terraform does and measures until its handshake line. Runs inside the virtual environment."""
import datetime
import subprocess
import tempfile
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

# go-plugin's cookie: not a secret, it tells a plugin that Terraform has started it.
COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"


def measure(binary):
    """One start: (wall seconds, CPU seconds) until the handshake line."""
    with tempfile.TemporaryDirectory(prefix="handshake-") as home:
        environment = {"HOME": home, "TMPDIR": home, "TF_PLUGIN_MAGIC_COOKIE": COOKIE, "PLUGIN_PROTOCOL_VERSIONS": "5,6",
                       "PLUGIN_MIN_PORT": "10000", "PLUGIN_MAX_PORT": "25000", "PLUGIN_CLIENT_CERT": client()[0]}
        began = time.monotonic()
        process = subprocess.Popen([binary], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        try:
            line = process.stdout.readline()
            wall = time.monotonic() - began
            if line.count(b"|") < 4:
                raise RuntimeError(f"no handshake line but {line!r}")
            return wall, _cpu_seconds(process.pid)
        finally:
            process.kill()
            process.communicate()


def _cpu_seconds(pid):
    """CPU of all threads so far, in the scheduler's nanoseconds (stat counts in hundredths)."""
    return sum(int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir()) / 1e9


def client():
    """A client's certificate as go-plugin makes it (ECDSA P-521, self-signed, localhost) and its key, both PEM."""
    key = ec.generate_private_key(ec.SECP521R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                   .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(minutes=1))
                   .not_valid_after(now + datetime.timedelta(hours=1))
                   .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
                   .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
                   .sign(key, hashes.SHA512()))
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(pem).decode(), secret.decode()
