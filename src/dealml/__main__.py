"""`python -m dealml`."""

from dealml.cli import main

main()
