"""What each subject contributes to the forecasts, segment by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dealml.evaluation.figures.figure import DrawnFigure, new_figure, plain, shortened, signed
from dealml.evaluation.holdout.predictions import Flags

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Matrix = NDArray[np.float64]

COLUMNS = 4
_INK = "#1f3b64"


def group_contributions(
    contributions: ArrayLike, subjects: Sequence[str], segments: Mapping[str, Flags], *, shown: int = 12
) -> DrawnFigure:
    """Draw the mean contribution of each subject's features together, in a panel for all rows and one for each segment.

    Parameters
    ----------
    contributions : array (n, features)
        Parts of the margin in log-odds, without the base; n at least 1.
    subjects : sequence of text (features,)
        What each feature is about: champion, activity.
    segments : mapping
        Of each segment its rows, (n,).
    shown : int
        Lines in a panel; the subjects past it are summed up in the last one.

    Raises
    ------
    ValueError
        If there is nothing to draw, or the shapes do not fit.
    """
    parts = np.asarray(contributions, dtype=np.float64)
    if parts.ndim != 2 or parts.shape[1] != len(subjects):
        raise ValueError(f"contributions {parts.shape} and {len(subjects)} subjects do not fit")
    if parts.size == 0:
        raise ValueError("contributions are empty: there is nothing to draw")
    sums = _by_subject(parts, subjects, shown)
    lines, of_rows = list(sums), np.column_stack(list(sums.values()))
    panels = [("all", np.ones(len(parts), dtype=bool)), *((name, which) for name, which in segments.items() if which.any())]
    means = [of_rows[which].mean(axis=0) for _, which in panels]
    figure = new_figure(*_size(len(panels), len(lines)))
    _draw_all(figure, panels, means, lines)
    named = [_named(name, which) for name, which in panels]
    sentence = "; ".join(
        f"{name}: " + ", ".join(f"{line} {signed(mean)}" for line, mean in zip(lines, of_panel, strict=True))
        for name, of_panel in zip(named, means, strict=True)
    )
    return DrawnFigure(
        "contributions_by_segment", figure, f"Mean contribution in log-odds by subject, for all rows and by segment. {sentence}."
    )


def _by_subject(parts: Matrix, subjects: Sequence[str], shown: int) -> dict[str, NDArray[np.float64]]:
    """Of each row the sum of each subject, the strongest subject first, the weakest summed up."""
    of = np.array(subjects, dtype=object)
    sums = {subject: parts[:, of == subject].sum(axis=1) for subject in sorted(set(subjects))}
    ranked = sorted(sums, key=lambda subject: (-float(np.abs(sums[subject]).mean()), subject))
    if len(ranked) <= shown:
        return {subject: sums[subject] for subject in ranked}
    strongest, rest = ranked[: shown - 1], ranked[shown - 1 :]
    return {subject: sums[subject] for subject in strongest} | {
        f"{len(rest)} other subjects": sum((sums[s] for s in rest), np.zeros(len(parts)))
    }


def _size(panels: int, lines: int) -> tuple[float, float]:
    columns, rows = min(COLUMNS, panels), -(-panels // COLUMNS)
    return 1.6 + 2.5 * columns, 0.9 + rows * (0.8 + 0.28 * lines)


def _draw_all(figure: Figure, panels: Sequence[tuple[str, Flags]], means: Sequence[NDArray[np.float64]], lines: Sequence[str]) -> None:
    grid = figure.subplots(-(-len(panels) // COLUMNS), min(COLUMNS, len(panels)), squeeze=False, sharex=True, sharey=True).ravel()
    reach = 1.45 * max(float(np.abs(of_panel).max()) for of_panel in means) or 1.0
    for axes, (name, which), of_panel in zip(grid, panels, means, strict=False):
        _draw(axes, of_panel, lines)
        axes.set_title(plain(_named(shortened(name), which)), fontsize="small")
        axes.set_xlim(-reach, reach)
    for axes in grid[len(panels) :]:
        axes.set_axis_off()
    figure.suptitle("What moves the forecasts, by segment (strongest subject first)", fontsize="medium")
    figure.supxlabel("mean contribution in log-odds: left lowers, right raises the forecast", fontsize="small")


def _named(name: str, which: Flags) -> str:
    return f"{name} ({int(which.sum())} rows)"


def _draw(axes: Axes, means: NDArray[np.float64], lines: Sequence[str]) -> None:
    """Bars that raise are filled and run right, bars that lower are hatched and run left; each has its number."""
    positions, down = np.arange(len(lines)), means < 0
    bars = axes.barh(positions, means, color=np.where(down, "white", _INK).tolist(), edgecolor=_INK, linewidth=0.8)
    for bar, is_down in zip(bars, down, strict=True):
        bar.set_hatch("////" if is_down else "")
    for position, mean in zip(positions, means, strict=True):
        axes.annotate(
            signed(mean, 2),
            (mean, position),
            xytext=(-3 if mean < 0 else 3, 0),
            textcoords="offset points",
            ha="right" if mean < 0 else "left",
            va="center",
            fontsize="x-small",
        )
    axes.axvline(0.0, color="#6b6b6b", linewidth=0.8)
    axes.set_yticks(positions, [plain(line) for line in lines], fontsize="small")
    axes.tick_params(axis="x", labelsize="small")
    axes.set_ylim(len(lines) - 0.5, -0.5)
