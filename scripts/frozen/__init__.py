"""Frozen values: dump what a finished demo project says, by the command line alone, and compare two such dumps.

`python -m scripts.frozen dump PROJECT OUT_DIR --dealml PATH` works with old and new code; `compare DIR DIR` exits 1 at a difference.
"""
