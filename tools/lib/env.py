"""Environments of the processes that we start.

Nothing that happens to be set in the caller's shell may decide whether a test
passes, so what we test starts from an empty environment. Tools that fetch and
compile (cargo, pip) are the user's own and keep the user's configuration.
"""
import os

# A child finds its tools and can print any text; it learns nothing else.
_KEPT = ("PATH",)

# What would change the outcome of a test, were it handed to cargo.
_DROPPED_PREFIXES = ("AWS_", "TF_", "TOFU_", "MINISTACK_", "MOTO_")
_DROPPED = ("RUST_BACKTRACE", "RUST_LOG", "SSL_CERT_FILE", "SSL_CERT_DIR")


def clean(home, **more):
    """An environment made from nothing: PATH, a home of its own, and `more`."""
    env = {name: os.environ[name] for name in _KEPT if name in os.environ}
    env.update(HOME=str(home), LANG="C.UTF-8", LC_ALL="C.UTF-8", TZ="UTC")
    env.update({name: str(value) for name, value in more.items()})
    return env


def for_tools():
    """For cargo and pip when they fetch and compile: the user's own, less what is meant for the provider."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "TOFU_"))}


def for_tests():
    """For `cargo test`: as for_tools(), less everything that would reach the provider under test."""
    return {name: value for name, value in os.environ.items()
            if not name.startswith(_DROPPED_PREFIXES) and name not in _DROPPED}



def aws(url, key="123456789012", secret="test", token=None, region="eu-west-1"):
    """AWS settings that lead to an emulator and nowhere else. A 12-digit key is ministack's account."""
    settings = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": key,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    if token:
        settings["AWS_SESSION_TOKEN"] = token
    return settings
