"""Publishing: a signed release, a registry that is only static files, and what terraform makes of both.

The packages hold a stand-in for the provider where only their sums and signatures
matter: `terraform init` unpacks a provider, it does not start it.
"""
import functools
import http.server
import json
import shutil
import ssl
import subprocess
import threading
from datetime import datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from conftest import setting
from lib import env
from lib.paths import ROOT
from lib.terraform import Terraform

NAMESPACE = "acme"
PLATFORMS = ["darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm64"]


# --- the release and the tree ---

def xtask(*arguments, home, ok=True):
    """Runs `cargo xtask`, as built by tools/test.py."""
    done = subprocess.run([setting("XTASK"), *map(str, arguments)], cwd=ROOT, text=True, capture_output=True,
                          env=env.clean(home, SOURCE_DATE_EPOCH="1700000000"), stdin=subprocess.DEVNULL)
    assert (done.returncode == 0) is ok, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    """The file of a signing key."""
    directory = tmp_path_factory.mktemp("key")
    xtask("key", "--out", directory / "key", "--user", "Acme <release@acme.test>", home=directory)
    return directory / "key"


@pytest.fixture(scope="module")
def publish(key, tmp_path_factory):
    """Publishes versions: publish(tree, version, binary)."""
    def publish_one(tree, version, binary=None, platforms=PLATFORMS, signing_key=key, **options):
        directory = tmp_path_factory.mktemp("release")
        if binary is None:
            binary = directory / "binary"
            binary.write_text(f"stand-in {version}")
        xtask("release", "--version", version, "--key", signing_key, "--out", directory / "out",
              *[f"--binary={platform}={binary}" for platform in platforms], home=directory)
        more = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
        return xtask("registry", "--release", directory / "out", "--tree", tree, "--namespace", NAMESPACE, *more,
                     home=directory)
    return publish_one


@pytest.fixture
def tree(tmp_path, publish):
    publish(tmp_path / "tree", "1.0.0")
    return tmp_path / "tree"


# --- a plain web server with a certificate of its own authority ---

def make_certificate(name, issuer=None, issuer_key=None):
    """A certificate and its key; an authority where no issuer is given."""
    own_key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(timezone.utc)
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer or subject)
               .public_key(own_key.public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
               .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True))
    if issuer is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    return builder.sign(issuer_key or own_key, hashes.SHA256()), own_key


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """Two files: the authority's certificate, and the server's certificate with its key."""
    directory = tmp_path_factory.mktemp("certificates")
    authority, authority_key = make_certificate("Acme test authority")
    server, server_key = make_certificate("localhost", authority.subject, authority_key)
    pem = serialization.Encoding.PEM
    (directory / "authority.pem").write_bytes(authority.public_bytes(pem))
    (directory / "server.pem").write_bytes(server.public_bytes(pem) + server_key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return directory / "authority.pem", directory / "server.pem"


class StaticFiles(http.server.SimpleHTTPRequestHandler):
    """Files and nothing else; content types go by the ending alone."""
    extensions_map = {"": "application/octet-stream", ".json": "application/json"}

    def log_message(self, *_):
        pass


@pytest.fixture
def host(tree, certificates):
    """Serves the tree; the host and port that a source address begins with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates[1])
    handler = functools.partial(StaticFiles, directory=tree)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"localhost:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def project(host, certificates, tmp_path):
    """A directory whose configuration takes the provider from the registry by its host's name."""
    directory = tmp_path / "project"
    directory.mkdir()
    configuration = tmp_path / "cli.tfrc"
    configuration.write_text("disable_checkpoint = true\nprovider_installation {\n  direct {}\n}\n")
    terraform = Terraform(directory, configuration=configuration, settings={"SSL_CERT_FILE": certificates[0]},
                          binary=setting("TF_BIN"))

    def require(version):
        (directory / "main.tf").write_text(f'''
terraform {{
  required_providers {{
    eventbridge = {{
      source  = "{host}/{NAMESPACE}/eventbridge"
      version = "{version}"
    }}
  }}
}}
''')
        return terraform
    return require


def refusal(terraform):
    """What `terraform init` said when it refused, on one line."""
    status, stdout, stderr = terraform.run("init", "-no-color")
    assert status != 0, stdout
    return " ".join((stdout + stderr).replace("\u2502", " ").split())


def published(tree, version, ending):
    return next((tree / "files" / NAMESPACE / "eventbridge" / version).glob(f"*{ending}"))


def own_platform(terraform):
    """What terraform runs on, such as linux_amd64."""
    return json.loads(terraform.check("version", "-json"))["platform"]


# --- what works ---

def test_init_installs_a_signed_release_by_host_name(tree, project):
    terraform = project("1.0.0")
    said = terraform.check("init", "-no-color")
    assert "signed, key ID" in said, said
    lock = (terraform.directory / ".terraform.lock.hcl").read_text()
    platform = own_platform(terraform)
    path = tree / "v1/providers" / NAMESPACE / "eventbridge/1.0.0/download" / platform.replace("_", "/")
    download = json.loads(path.read_text())
    for hash in download["packages"][platform]["hashes"]:
        assert f'"{hash}"' in lock, lock
    # Every platform's package is in the signed sums, so the lock has them all.
    for entry in download["packages"].values():
        assert all(f'"{hash}"' in lock for hash in entry["hashes"] if hash.startswith("zh:")), lock


def test_the_installed_provider_starts(tree, project, publish, provider):
    terraform = project("~> 1.0")
    publish(tree, "1.1.0", binary=provider, platforms=[own_platform(terraform)])
    terraform.check("init", "-no-color")
    terraform.check("validate", "-no-color")
    assert "1.1.0" in terraform.check("version")


def test_older_versions_stay(tree, project, publish):
    publish(tree, "1.2.0")
    publish(tree, "2.0.0-rc.1")
    assert "v1.0.0" in project("1.0.0").check("init", "-no-color")
    assert "v1.2.0" in project("~> 1.0").check("init", "-no-color", "-upgrade")


def test_keys_can_be_changed(tree, project, publish, key, tmp_path):
    xtask("key", "--out", tmp_path / "new-key", "--user", "Acme, new <release@acme.test>", home=tmp_path)
    both = tmp_path / "both.pub"
    both.write_text((key.parent / "key.pub").read_text() + (tmp_path / "new-key.pub").read_text())
    publish(tree, "1.3.0", signing_key=tmp_path / "new-key", public_key=both)
    assert "v1.3.0" in project("1.3.0").check("init", "-no-color")


# --- what is refused ---

def test_a_changed_package_is_refused(tree, project):
    for package in tree.rglob("*.zip"):
        package.write_bytes(package.read_bytes() + b"x")
    assert "checksum" in refusal(project("1.0.0"))
    assert "1.0.0" in xtask("registry", "--verify", "--tree", tree, home=tree, ok=False)


def test_a_wrong_signature_is_refused(tree, project, publish, tmp_path):
    xtask("key", "--out", tmp_path / "other", "--user", "Mallory <m@acme.test>", home=tmp_path)
    publish(tmp_path / "forged", "1.0.0", signing_key=tmp_path / "other")
    shutil.copy(published(tmp_path / "forged", "1.0.0", ".sig"), published(tree, "1.0.0", ".sig"))
    assert "signature" in refusal(project("1.0.0"))
    assert "none of the keys" in xtask("registry", "--verify", "--tree", tree, home=tree, ok=False)


def test_a_missing_key_is_refused(tree, project):
    for path in (tree / "v1/providers" / NAMESPACE / "eventbridge/1.0.0/download").rglob("*"):
        if path.is_file():
            document = json.loads(path.read_text())
            document["signing_keys"]["gpg_public_keys"] = []
            path.write_text(json.dumps(document))
    assert "unknown issuer" in refusal(project("1.0.0"))
    assert "none of the keys" in xtask("registry", "--verify", "--tree", tree, home=tree, ok=False)


def test_an_unknown_authority_is_refused(project):
    terraform = project("1.0.0")
    del terraform.environment["SSL_CERT_FILE"]
    assert "certificate" in refusal(terraform)
