"""The report of an import."""

from dealml.importing.report import ExtractCounts, ImportReport


def test_counts_add_up_over_extracts() -> None:
    counts = [ExtractCounts("a.csv", "deals", 3, 2, 1), ExtractCounts("b.csv", "outcomes", 4, 1, 0, 3)]
    report = ImportReport("0" * 64, False, counts)
    assert [report.total(what) for what in ("rows_in", "accepted", "quarantined", "duplicates")] == [7, 3, 1, 3]


def test_the_rows_of_a_file_are_accepted_quarantined_duplicates_or_not_selected() -> None:
    count = ExtractCounts("a.csv", "deals", 3, 1, 1, 1, not_selected=4, derived=2)
    assert count.rows_read == 7 == count.accepted + count.quarantined + count.duplicates + count.not_selected
