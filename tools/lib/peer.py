"""Finds hashicorp/aws on this machine: what we are measured beside, and what objects move in from."""
import glob
import os
from pathlib import Path

from .say import Fail

# Where Terraform looks for providers by itself, and where images keep them.
_MIRRORS = ["~/.terraform.d/plugins", "~/.local/share/terraform/plugins", "/usr/local/share/terraform/plugins",
            "/usr/share/terraform/plugins", "/opt/*"]
_BINARIES = "registry.terraform.io/hashicorp/aws/*/*/terraform-provider-aws_*"


def find():
    """Its binary: PEER_PROVIDER, else from a filesystem mirror; None without one."""
    if "PEER_PROVIDER" in os.environ:
        return Path(os.environ["PEER_PROVIDER"])
    found = [path for mirror in _MIRRORS for path in glob.glob(os.path.expanduser(f"{mirror}/{_BINARIES}"))]
    return Path(sorted(found)[-1]) if found else None


def need():
    """Its binary, without which there is nothing to do."""
    found = find()
    if found is None or not found.exists():
        raise Fail("hashicorp/aws is not on this machine. Get it with: terraform providers mirror "
                   "~/.terraform.d/plugins (in a directory that requires it), unpack the zip beside itself, or "
                   "set PEER_PROVIDER=/path/to/terraform-provider-aws_v5.100.0_x5")
    return found


def version(binary):
    """The version in a binary's name."""
    return binary.name.partition("_v")[2].partition("_")[0] or "of unknown version"
