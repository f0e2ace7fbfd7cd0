"""A run of the searches tells which planted leaks it did not find."""

from dealml.leaks.findings import Canary, Inspection


def test_an_inspection_is_blind_to_the_planted_leaks_that_no_search_found() -> None:
    seen, missed = Canary("copy", "strong", "", 1.0, "power"), Canary("noisy", "weak", "", 0.1, None)
    assert Inspection((), (seen, missed)).blind_to == (missed,)
