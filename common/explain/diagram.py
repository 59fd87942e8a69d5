"""The drawing of a recurrent network, folded and unfolded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from common.explain import drawing

_CELL, _INPUT, _OUTPUT = "#cfe2f3", "#f3f3f3", "#d9ead3"
_EQUATIONS = (
    r"$p_t = W_x x_t + W_h h_{t-1}$",
    r"$c_t = f(p_t + b)$",
    r"plain:  $h_t = c_t$",
    r"gated:  $z_t = \sigma(p_t + b_z)$,   $h_t = z_t\, h_{t-1} + (1 - z_t)\, c_t$",
)


def draw(path: Path) -> None:
    """Draws the cell with its loop, the same cell at four steps, and the equations.

    Args:
        path: PNG file to write.
    """
    figure, axes = drawing.subplots(1, 1, 10, 4.2)
    axis = axes[0, 0]
    _column(axis, 0.8, "x_t", "h_t")
    axis.add_patch(_arrow((1.3, 2.25), (1.3, 1.75), curve=-3.2))
    axis.text(2.0, 2.45, "$W_h$", ha="center", fontsize=9)
    axis.text(0.8, 4.1, "one cell …", ha="center")
    axis.text(2.85, 2.0, "=", ha="center", va="center", fontsize=22)
    # Steps 1 to 3, and the last one, after some that are not drawn.
    places = (5.0, 6.7, 8.4, 11.0)
    for place, step in zip(places, ("1", "2", "3", "T"), strict=True):
        _column(axis, place, f"x_{step}", f"h_{step}")
    _state(axis, places[0] - 1.3, places[0] - 0.5, "$h_0$")
    for left, right in ((places[0], places[1]), (places[1], places[2])):
        _state(axis, left + 0.5, right - 0.5)
    _state(axis, places[2] + 0.5, places[2] + 1.05)
    axis.text(places[2] + 1.3, 2.0, "…", ha="center", va="center", fontsize=16)
    _state(axis, places[3] - 1.05, places[3] - 0.5)
    title = "… unfolded over time: the same weights at every step"
    axis.text(places[0] - 0.3, 4.1, title, ha="left")
    for index, equation in enumerate(_EQUATIONS):
        axis.text(0.3 + 4.4 * (index // 2), -0.7 - 0.6 * (index % 2), equation, fontsize=12)
    axis.set(xlim=(0.2, 11.6), ylim=(-1.5, 4.4), aspect="equal")
    axis.axis("off")
    drawing.save(figure, path)


def _column(axis: Any, x: float, given: str, made: str) -> None:
    """An input, the cell above it, and the state that comes out at the top."""
    for y, name, colour in ((0.3, given, _INPUT), (2.0, "cell", _CELL), (3.4, made, _OUTPUT)):
        size = 0.5 if name == "cell" else 0.3
        box = (x - size, y - size), 2 * size, 2 * size
        style = "round,pad=0,rounding_size=0.12"
        axis.add_patch(FancyBboxPatch(*box, boxstyle=style, facecolor=colour, edgecolor="black"))
        text = name if name == "cell" else f"${name}$"
        axis.text(x, y, text, ha="center", va="center")
    axis.add_patch(_arrow((x, 0.6), (x, 1.5)))
    axis.text(x + 0.1, 1.0, "$W_x$", fontsize=9)
    axis.add_patch(_arrow((x, 2.5), (x, 3.1)))


def _state(axis: Any, left: float, right: float, before: str = "") -> None:
    """The state on its way to the next step."""
    axis.add_patch(_arrow((left, 2.0), (right, 2.0)))
    if before:
        axis.text(left - 0.05, 2.0, before, ha="right", va="center")
    axis.text((left + right) / 2, 2.12, "$W_h$", ha="center", fontsize=9)


def _arrow(start: tuple[float, float], end: tuple[float, float], curve: float = 0.0) -> Any:
    return FancyArrowPatch(
        start,
        end,
        arrowstyle="-|>",
        mutation_scale=11,
        color="black",
        connectionstyle=f"arc3,rad={curve}",
    )
