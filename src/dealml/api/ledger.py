"""The batches of the ledger: listed, and taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealml.api.session import ProjectSession

if TYPE_CHECKING:
    import pandas as pd


class LedgerMethods(ProjectSession):
    """What a project does with the batches that imports brought."""

    def ledger_list(self) -> pd.DataFrame:
        """List the batches of the ledger in the order of their import.

        Returns
        -------
        DataFrame
            One row a batch: `batch` (its digest), `source`, `number` (its place in the order of imports), `imported_at`, `rows_in`,
            `accepted`, `quarantined` and `duplicates`.

        Raises
        ------
        InputError
            When a batch is damaged, or a newer dealml wrote it.

        Example
        -------
        >>> project.ledger_list().batch.iloc[-1]
        """
        import pandas as pd

        from dealml.ledger.batch_list import COLUMNS, batch_list

        return pd.DataFrame(batch_list(self._project.ledger.folder), columns=list(COLUMNS))

    def ledger_undo(self, batch: str, *, force: bool = False) -> pd.DataFrame:
        """Take a batch out of the ledger.

        Parameters
        ----------
        batch
            The batch's digest, or how it begins: at least 4 characters.
        force
            Also when later imports may lack facts then, since they left out what this batch had brought.

        Returns
        -------
        DataFrame
            The batch that is gone, in the form of `ledger_list`.

        Raises
        ------
        UsageError
            When `batch` is no part of a digest.
        InputError
            When no batch, or more than one, begins so; or when later imports depend on it.
        SetupError
            When an import holds the ledger's lock.

        Example
        -------
        >>> result = project.import_source("company/export", "company/mapping.yaml")
        >>> project.ledger_undo(result.batch)
        """
        import pandas as pd

        from dealml.ledger.batch_list import COLUMNS, batch_entry
        from dealml.ledger.undo import undo

        return pd.DataFrame([batch_entry(undo(self._project.ledger.folder, batch, force))], columns=list(COLUMNS))
