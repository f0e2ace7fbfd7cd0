"""The report of an import."""

from dealml.importing.report import ExtractCounts, ImportReport


def test_counts_add_up_over_extracts() -> None:
    counts = [ExtractCounts("a.csv", "deals", 3, 2, 1), ExtractCounts("b.csv", "outcomes", 4, 1, 0, 3)]
    report = ImportReport("0" * 64, False, counts)
    assert [report.total(what) for what in ("rows_in", "accepted", "quarantined", "duplicates")] == [7, 3, 1, 3]
