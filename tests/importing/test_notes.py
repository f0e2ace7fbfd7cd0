"""Notes: counted by kind, with the first few examples."""

from dealml.importing.notes import MEANINGS, NoteExample, Notes


def example(row: int) -> NoteExample:
    return NoteExample("deals.csv", row, "x")


def test_notes_of_parts_add_up_and_the_first_examples_stay() -> None:
    whole, part = Notes(), Notes()
    whole.add("far_date", 2, [example(2), example(3)])
    part.add("far_date", 5, [example(row) for row in range(9, 14)])
    part.add("skipped_hour", 1, [example(4)])
    whole.merge(part)
    assert [(note.kind, note.count) for note in whole.listed] == [("far_date", 7), ("skipped_hour", 1)]
    assert [shown.row for shown in whole.listed[0].examples] == [2, 3, 9]


def test_every_kind_says_what_it_means() -> None:
    notes = Notes()
    for kind in MEANINGS:
        notes.add(kind, 1, [])
    assert all(note.meaning for note in notes.listed)
