"""A provider to measure, and a directory in which the real terraform drives it."""
import json
import os
import random
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from .. import build, emulators, measured, peer, say
from ..aws import Account
from ..proxy import FaultProxy
from ..terraform import Terraform


class Subject:
    """A provider by its binary; `prefix` begins the names of its resource types."""

    def __init__(self, name, binary, source, prefix):
        self.name, self.binary, self.source, self.prefix = name, Path(binary), source, prefix
        self.local = source.rpartition("/")[2]


def ours(profile):
    """The provider of this repository, built."""
    return Subject(f"eventbridge {build.version()}", build.provider(profile), build.SOURCE, "eventbridge_")


def beside():
    """hashicorp/aws, when the machine has it."""
    found = peer.find()
    if not found:
        say.line("hashicorp/aws is not on this machine: measuring without it. Name its binary with PEER_PROVIDER")
        return []
    return [Subject(f"hashicorp/aws {peer.version(found)}", found, "registry.terraform.io/hashicorp/aws",
                    "aws_cloudwatch_event_")]


class Workspace:
    """A directory with a configuration, a fresh account of a fresh emulator behind a counting proxy."""

    def __init__(self, subject, directory, proxy):
        self.subject, self.directory, self.proxy = subject, Path(directory), proxy
        self.account = Account(proxy.url, str(random.randrange(10 ** 11, 10 ** 12)))
        self._log = self.directory / "processes.log"
        name = f"terraform-provider-{subject.local}"
        stand_in, bare = self.directory / "measured" / name, self.directory / "bare" / name
        for place in (stand_in, bare):
            place.parent.mkdir()
        stand_in.write_text(f"#!{sys.executable} -SE\n" + Path(measured.__file__).read_text())
        stand_in.chmod(0o755)
        bare.symlink_to(subject.binary)
        self._measured, self._bare = self._terraform(stand_in.parent), self._terraform(bare.parent)

    def _terraform(self, plugins):
        """The command line with the provider from this directory; nothing is installed."""
        configuration = self.directory / f"{plugins.name}.tfrc"
        configuration.write_text(f'provider_installation {{\n  dev_overrides {{\n    "{self.subject.source}" = '
                                 f'"{plugins}"\n  }}\n  direct {{}}\n}}\n')
        return Terraform(self.directory, configuration=configuration, settings={
            **self.account.settings(), "BENCH_BINARY": self.subject.binary, "BENCH_LOG": self._log})

    def configure(self, text):
        """Writes the configuration."""
        required = (f'terraform {{\n  required_providers {{\n    {self.subject.local} = '
                    f'{{ source = "{self.subject.source}" }}\n  }}\n}}\n')
        (self.directory / "main.tf").write_text(required + text)

    def run(self, *arguments):
        """One command: its wall time, what the provider and Terraform itself used, the calls made."""
        self._log.write_text("")
        self.proxy.forget()
        wall, all_cpu = _run(self._measured, arguments)
        processes = [json.loads(line) for line in self._log.read_text().splitlines()]
        total = lambda name: sum(process[name] for process in processes)
        return {"wall_seconds": wall, "processes": len(processes), "calls": self.proxy.calls(),
                "cpu_seconds": total("cpu_seconds"),
                "terraform_cpu_seconds": all_cpu - total("cpu_seconds") - total("stand_in_cpu_seconds"),
                "max_rss_mib": max(process["max_rss_kib"] for process in processes) / 1024,
                "private_mib": max(process["private_kib"] for process in processes) / 1024,
                "together_mib": _together(processes) / 1024}

    def wall(self, *arguments):
        """The wall time of one command in seconds, the provider started without a stand-in before it."""
        return _run(self._bare, arguments)[0]


@contextmanager
def workspace(subject):
    """A workspace with an emulator of its own."""
    with TemporaryDirectory(prefix="bench-") as directory, emulators.ministack() as url, FaultProxy(url) as proxy:
        yield Workspace(subject, directory, proxy)


def _run(terraform, arguments):
    """(wall seconds, CPU seconds of the command and all that it started)."""
    before, began = os.times(), time.monotonic()
    terraform.check(*arguments, "-no-color")
    wall, after = time.monotonic() - began, os.times()
    return wall, sum(after[2:4]) - sum(before[2:4])


def _together(processes):
    """The most private memory that the processes had at one time, in KiB."""
    now, most = {}, 0
    samples = ((at, number, kib) for number, process in enumerate(processes) for at, kib in process["samples"])
    for _, number, kib in sorted(samples):
        now[number] = kib
        most = max(most, sum(now.values()))
    return most
