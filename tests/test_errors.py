"""Each kind of error has an exit code of its own."""

from dealml import errors

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.DealmlError)]


def test_exit_codes_stand_once_and_begin_with_what_nobody_foresaw() -> None:
    codes = [kind.exit_code for kind in KINDS]
    assert sorted(codes) == list(range(1, len(KINDS) + 1))
    assert errors.DealmlError.exit_code == 1


def test_every_kind_says_what_it_means() -> None:
    assert all(kind.__doc__ for kind in KINDS)
