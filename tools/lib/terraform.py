"""Runs terraform (or tofu) in one directory, with a clean environment and a CLI configuration of its own."""
import json
import os
import subprocess

from . import env, needs
from .build import SOURCE
from .say import Fail


def cli_configuration(path, *, mirror, override=None):
    """Writes a CLI configuration whose only source of providers is `mirror`.

    With `override`, a directory that holds the binary, commands need no
    `terraform init` and write no lock file.
    """
    overrides = f'  dev_overrides {{\n    "{SOURCE}" = "{override}"\n  }}\n' if override else ""
    path.write_text("disable_checkpoint = true\n"
                    f"provider_installation {{\n{overrides}"
                    f'  filesystem_mirror {{\n    path = "{mirror}"\n  }}\n}}\n')
    return path


class Terraform:
    """The command line, in one working directory.

    `settings` are environment variables for the provider: credentials, endpoints.
    """

    def __init__(self, directory, *, configuration, settings, binary=None):
        self.binary = binary or needs.terraform()
        self.directory = directory
        self.environment = env.clean(
            directory,
            TF_CLI_CONFIG_FILE=configuration,
            TF_IN_AUTOMATION="1",
            TF_INPUT="0",
            CHECKPOINT_DISABLE="1",
            **settings,
        )

    def start(self, *arguments, **more):
        """Starts a command; the caller waits for it."""
        return subprocess.Popen([self.binary, *map(str, arguments)], cwd=self.directory,
                                env={**self.environment, **more}, text=True, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def run(self, *arguments, **more):
        """Runs a command to its end; returns (status, stdout, stderr)."""
        process = self.start(*arguments, **more)
        try:
            stdout, stderr = process.communicate()
        except BaseException:
            # Terraform ends by itself, in order, once it is told; nothing is left running.
            process.terminate()
            process.communicate()
            raise
        return process.returncode, stdout, stderr

    def check(self, *arguments, **more):
        """Runs a command that has to succeed; returns what it printed."""
        status, stdout, stderr = self.run(*arguments, **more)
        if status != 0:
            name = os.path.basename(self.binary)
            raise Fail(f"`{name} {' '.join(map(str, arguments))}` ended with status {status}:\n{stdout}{stderr}")
        return stdout

    def output(self):
        """The root module's outputs, by name."""
        return {name: item["value"] for name, item in json.loads(self.check("output", "-json")).items()}
