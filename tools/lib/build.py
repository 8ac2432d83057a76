"""Builds the provider and add_product with cargo; knows its name, version and binary."""
import os
import re
import subprocess

from . import needs, say
from .env import for_tools
from .paths import ROOT, TARGET

PACKAGE = "terraform-provider-eventbridge"
SERVICE = "add_product"
XTASK, DOCS = "xtask", "docs"
# Without a host: Terraform and OpenTofu look for it in their own registry.
SOURCE = "eventbridge-rs/eventbridge"
_EXE = ".exe" if os.name == "nt" else ""


def provider(profile="dev"):
    """Builds the provider (profile `dev` or `release`); returns the binary's path."""
    cargo("build", "--profile", profile, "--package", PACKAGE)
    return TARGET / ("debug" if profile == "dev" else profile) / f"{PACKAGE}{_EXE}"


def xtask():
    """Builds the tools of releases and the registry; returns the binary's path."""
    cargo("build", "--package", XTASK)
    return TARGET / "debug" / f"{XTASK}{_EXE}"


def service():
    """Builds the article's service, examples/product-log/add_product; returns the binary's path."""
    cargo("build", "--package", SERVICE)
    return TARGET / "debug" / f"{SERVICE}{_EXE}"


def cargo(command, *arguments, env=None):
    """Runs one cargo command on this repository, its progress going to the terminal."""
    done = subprocess.run([needs.cargo(), command, "--locked", "--target-dir", str(TARGET), *map(str, arguments)],
                          cwd=ROOT, env=env or for_tools(), stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise say.Fail(f"`cargo {command}` failed, see its messages above")


def version():
    """The provider's version, as Cargo.toml has it."""
    return re.search(r'^version = "([^"]+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE).group(1)
