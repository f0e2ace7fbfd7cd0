"""The PostgreSQL cluster of the score store's tests serves those of overrides too."""

from tests.scoring.conftest import postgres

__all__ = ["postgres"]
