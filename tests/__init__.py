"""A package, so that `tests.features` does not hide the project's own `features`."""
