"""`python -m dealml` is the command."""

import subprocess
import sys


def test_it_is_the_command() -> None:
    help_text = subprocess.run([sys.executable, "-m", "dealml", "--help"], capture_output=True, text=True, check=True).stdout
    assert "explain" in help_text
