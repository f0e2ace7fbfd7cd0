"""A drawing together with the words for those who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class DrawnFigure:
    """A figure, the name of its file, and a text that tells the same (`alt`)."""

    name: str
    figure: Figure
    alt: str
    _drawn: dict[tuple[float, float], str] = field(default_factory=dict, init=False, repr=False)
    """The text by width and height: a run and its model card show the same figures, and to draw them is slow."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height for which it was drawn, in inches."""
        width, height = self.figure.get_size_inches()
        return float(width), float(height)

    def svg(self, width: float, height: float) -> str:
        """The figure as SVG text, drawn once for a size in inches; the same text each time."""
        if (width, height) not in self._drawn:
            self._drawn[width, height] = self._draw(width, height)
        return self._drawn[width, height]

    def _draw(self, width: float, height: float) -> str:
        from io import StringIO

        from matplotlib import rc_context
        from matplotlib.backends.backend_svg import FigureCanvasSVG

        self.figure.set_size_inches(width, height)
        # `savefig` draws everything twice, the first time only to lay it out, which drawing does by itself.
        canvas: Any = FigureCanvasSVG(self.figure)  # its writers have no types
        text = StringIO()
        with rc_context({"svg.hashsalt": self.name}):
            canvas.print_svg(text, metadata={"Date": None})
        return text.getvalue()


def new_figure(width: float = 6.4, height: float = 4.8) -> Figure:
    """Return an empty figure of a size in inches.

    It belongs to its holder alone: pyplot keeps figures alive until closed and
    is not safe in threads. matplotlib is loaded here, so that the command
    line's help need not wait for it.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def square_axes(figure: Figure, title: str, x_label: str, y_label: str) -> Axes:
    """Return axes running from 0 to 1 both ways, in percent, with a title and labels."""
    from matplotlib.ticker import PercentFormatter

    axes = figure.subplots()
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel=plain(x_label), ylabel=plain(y_label))
    axes.set_title(plain(title), fontsize="medium")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0))
    axes.grid(alpha=0.3)
    return axes


def plain(text: str) -> str:
    """Escape dollar signs, so that matplotlib does not read the text between two of them as a formula."""
    return text.replace("$", r"\$")


def percent(share: float) -> str:
    """A share as a whole percentage for a sentence, `unknown` where it is nan."""
    return "unknown" if share != share else f"{share:.0%}"


def number(value: float) -> str:
    """A measure with three decimals for a sentence, `unknown` where it is nan."""
    return "unknown" if value != value else f"{value:.3f}"


def signed(value: float, digits: int = 3) -> str:
    """A contribution with its sign, which one that is rounded to zero does not have."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}".replace("-", "\u2212") if rounded else f"{0:.{digits}f}"


def shortened(text: str, most: int = 22) -> str:
    """A text for which there is little room: its beginning, where it is longer than that."""
    return text if len(text) <= most else text[: most - 1] + "…"
