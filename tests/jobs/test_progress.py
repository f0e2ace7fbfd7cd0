"""Progress of a step is reported under its name."""

from dealml.jobs.progress import silent, within


def test_a_step_reports_under_its_name() -> None:
    reports: list[tuple[str, int, int]] = []
    within(lambda step, done, of: reports.append((step, done, of)), "features")(3, 7)
    assert reports == [("features", 3, 7)]


def test_silence_takes_any_report() -> None:
    silent("features", 1, 2)
