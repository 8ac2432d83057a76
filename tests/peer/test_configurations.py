"""`adopt` on configurations in the styles that people write: valid before, valid after, nothing lost."""
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from test_adopt import adopt, open_project
from lib.aws import Account

CONFIGURATIONS = Path(__file__).parent / "configurations"
# What stays theirs, and is told.
LEFT = {
    "alerts": ['mock_provider "awsprovider" needs a mock_provider "eventbridge" beside it'],
    "counted": ["text between quotes names aws_cloudwatch_event_*"],
    "later": ["a moved block", "a removed block"],
    "mixed_files": ["JSON syntax names aws_cloudwatch_event_*"],
    "texts": ["text between quotes names aws_cloudwatch_event_*"],
}


@pytest.fixture(params=sorted(path.name for path in CONFIGURATIONS.iterdir()))
def configuration(request, tmp_path):
    """The name of one of them, and terraform on a copy of it."""
    shutil.copytree(CONFIGURATIONS / request.param, tmp_path / "project")
    nobody = Account("http://127.0.0.1:9")
    return request.param, open_project(tmp_path, nobody, nobody.url)


def texts(directory):
    return {path.relative_to(directory).as_posix(): path.read_bytes().decode()
            for path in sorted(directory.rglob("*")) if path.is_file() and ".terraform" not in path.parts}


def comments(text):
    return Counter(re.findall(r"(?:#|//)[^\n]*|/\*[\s\S]*?\*/", text))


def test_what_is_written_is_valid_and_says_the_same(configuration):
    name, terraform = configuration
    terraform.check("validate")
    before = texts(terraform.directory)
    said = adopt(terraform)
    after = texts(terraform.directory)
    assert "valid" in terraform.check("validate"), said

    told = said.partition("Left alone:")[2].partition("Next:")[0].strip().splitlines()
    assert len(told) == len(LEFT.get(name, [])), said
    for line, why in zip(told, LEFT.get(name, [])):
        assert why in line, said

    for path, text in before.items():
        assert comments(text) - comments(after[path]) == Counter(), path
        # Of the old names only what was told is left.
        names = re.findall(r"(?m)^(?!\s*(?:#|//|from ))[^#\n]*aws_cloudwatch_event_\w+", after[path])
        assert len(names) <= len(told) + (1 if name == "later" else 0), names

    assert "Adopted 0 resources" in adopt(terraform)
    assert texts(terraform.directory) == after, "a second run changes nothing"


def test_a_module_is_formatted_as_before(configuration):
    """`terraform fmt` finds no more than it found before."""
    _, terraform = configuration
    unformatted = set(terraform.run("fmt", "-check", "-recursive")[1].split())
    adopt(terraform)
    assert set(terraform.run("fmt", "-check", "-recursive")[1].split()) - unformatted == set()
