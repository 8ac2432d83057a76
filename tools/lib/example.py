"""Runs an example as a newcomer would: in a directory of its own, installed by `terraform init` from the mirror."""
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from . import mirror, say
from .paths import ROOT
from .terraform import Terraform, cli_configuration

# What a person's own runs may have left beside an example; the copy starts without it.
_NOT_COPIED = shutil.ignore_patterns(".terraform", ".terraform.lock.hcl", "terraform.tfstate*", "target")


@contextmanager
def applied(name, binary, settings, variables=None):
    """Applies examples/NAME with the built provider; yields its Terraform; destroys it at the end."""
    with initialised(name, binary, settings) as terraform:
        given = [f"-var={key}={value}" for key, value in (variables or {}).items()]
        try:
            with say.step("terraform apply"):
                say.line(_last_words(terraform.check("apply", "-auto-approve", "-no-color", *given)))
            yield terraform
        finally:
            with say.step("terraform destroy"):
                say.line(_last_words(terraform.check("destroy", "-auto-approve", "-no-color", *given)))


@contextmanager
def initialised(name, binary, settings):
    """A copy of examples/NAME after `terraform init`; yields its Terraform."""
    root = mirror.publish(binary)
    with tempfile.TemporaryDirectory(prefix="example-") as directory:
        directory = Path(directory)
        shutil.copytree(ROOT / "examples" / name, directory, dirs_exist_ok=True, ignore=_NOT_COPIED)
        configuration = cli_configuration(directory / "cli.tfrc", mirror=root)
        terraform = Terraform(directory, configuration=configuration, settings=settings)
        with say.step(f"terraform init of examples/{name}, the provider from {root}"):
            terraform.check("init", "-no-color")
        yield terraform


def _last_words(output):
    """The line that counts: "Apply complete! Resources: ..."."""
    lines = [line for line in output.splitlines() if "complete!" in line]
    return f"    {lines[-1]}" if lines else output
