"""`python -m scripts.frozen dump PROJECT OUT_DIR --dealml PATH` and `python -m scripts.frozen compare DIR DIR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.frozen.compare import compare
from scripts.frozen.dump import dump


def main() -> int:
    """Run the subcommand; 0 if it went well and nothing differs."""
    parser = argparse.ArgumentParser(prog="python -m scripts.frozen", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    dumping = verbs.add_parser("dump", help="Write what a finished demo project says; the commands write into it: give a copy.")
    dumping.add_argument("project", type=Path)
    dumping.add_argument("out", type=Path)
    dumping.add_argument("--dealml", type=Path, required=True, help="the command of the version that made the project")
    dumping.add_argument("--deep", action="store_true", help="also evaluate, backtest and compare: some minutes more")
    dumping.add_argument("--workers", type=int, default=2, help="commands at once")
    comparing = verbs.add_parser("compare", help="Exit 1 if two dumps differ.")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("now", type=Path)
    given = parser.parse_args()
    if given.verb == "dump":
        return int(dump(given.project, given.out, given.dealml, given.deep, given.workers) > 0)
    return int(not compare(given.before, given.now))


if __name__ == "__main__":
    sys.exit(main())
