"""Errors that a user can act on, each with the exit code of the command line."""


class DealmlError(Exception):
    """A problem that is reported in one line; `exit_code` says which kind it is."""

    exit_code = 1


class UsageError(DealmlError):
    """The command was called in a way that makes no sense."""

    exit_code = 2


class InputError(DealmlError):
    """A file, a mapping, a ledger or a definition holds something that cannot be used."""

    exit_code = 3


class ModelError(DealmlError):
    """A model, a version or the registry is missing or damaged."""

    exit_code = 4


class SetupError(DealmlError):
    """The machine lacks something, or another process holds the lock."""

    exit_code = 5


class GateRefused(DealmlError):  # noqa: N818  (a verdict, not a mishap)
    """A check that guards trust said no."""

    exit_code = 6
