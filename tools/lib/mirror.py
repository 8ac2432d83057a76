"""A filesystem mirror that holds the provider as built here.

Terraform installs from it as from a registry, so `terraform init` of any
configuration that asks for the source address works with no network.
"""
import os
import platform
import shutil

from .build import PACKAGE, SOURCE, version
from .paths import TARGET

MIRROR = TARGET / "mirror"
# Terraform's and OpenTofu's: an address without a host is in the one or the other.
_HOSTS = ("registry.terraform.io", "registry.opentofu.org")

_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def target_platform():
    """This machine as Terraform writes it: linux_amd64, darwin_arm64, ..."""
    machine = platform.machine().lower()
    return f"{platform.system().lower()}_{_ARCHITECTURES.get(machine, machine)}"


def publish(binary, root=MIRROR):
    """Puts the binary into the mirror under `root`, for Terraform and for OpenTofu; returns `root`."""
    for host in _HOSTS:
        directory = root / host / SOURCE / version() / target_platform()
        installed = directory / f"{PACKAGE}_v{version()}{binary.suffix}"
        directory.mkdir(parents=True, exist_ok=True)
        # A copy, put in place at once: the build may be repeated while a test runs.
        partial = installed.with_name(f".{installed.name}.{os.getpid()}")
        shutil.copy2(binary, partial)
        os.replace(partial, installed)
    return root
