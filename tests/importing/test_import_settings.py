"""Settings of an import come from the project's."""

from pathlib import Path

from dealml.project import Project, make_project


def test_they_are_the_project_s(tmp_path: Path) -> None:
    make_project(tmp_path)
    file = tmp_path / "dealml.toml"
    file.write_text(
        file.read_text(encoding="utf-8")
        .replace('currency = "EUR"', 'currency = "PLN"')
        .replace("largest_amount = {}", "largest_amount = {PLN = 7}"),
        encoding="utf-8",
    )
    settings = Project(tmp_path).import_settings
    assert (settings.largest_amount, settings.largest_rate_change) == ({"PLN": 7}, 20)
    assert (settings.time_zone, settings.currency, settings.quarantine_rows) == ("UTC", "PLN", 20)
