"""The same browser as for pages that are files."""

from tests.page.conftest import browser

__all__ = ["browser"]
