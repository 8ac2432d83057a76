"""Where things are in this repository. Everything made by a command is under target/."""
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "target"
VENV = TARGET / "venv"
REQUIREMENTS = ROOT / "tools" / "requirements.txt"
CONSTRAINTS = ROOT / "tools" / "constraints.txt"
