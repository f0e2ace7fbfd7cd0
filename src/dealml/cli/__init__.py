"""The command line: one file for each verb."""

from dealml.cli.main import main

__all__ = ["main"]
