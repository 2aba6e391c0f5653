"""Which drawing belongs to a figure, and how is it named and described?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from knutepunkt.analysis.report.sentences import fill
from knutepunkt.analysis.report.structure import Figure, FigureKind
from knutepunkt.evaluations.presenters.drawing.bars import (
    BAR,
    draw_bars,
    draw_line,
    scale_of,
)
from knutepunkt.evaluations.presenters.drawing.canvas import Canvas
from knutepunkt.evaluations.presenters.drawing.flow import draw_flow
from knutepunkt.evaluations.presenters.drawing.points import (
    draw_forest,
    draw_small_trajectory,
    draw_trajectory,
)
from knutepunkt.evaluations.presenters.drawing.spread import draw_spread
from knutepunkt.evaluations.presenters.drawing.tiles import draw_tiles

WIDE = 680.0
NARROW = 330.0

DRAWINGS: dict[FigureKind, Callable[[Canvas, Figure, str], float]] = {
    FigureKind.DIVERGING: draw_bars,
    FigureKind.FLOW: draw_flow,
    FigureKind.TRAJECTORY: draw_trajectory,
    FigureKind.FOREST: draw_forest,
    FigureKind.SPREAD: draw_spread,
    FigureKind.TILES: draw_tiles,
}


def alternative_text(figure: Figure, language: str) -> str:
    """The figure in words, from the same released numbers."""
    return " ".join(fill(sentence, language) for sentence in figure.alternative)


def draw(
    figure: Figure, language: str, *, width: float = WIDE, css: str = "", mark: str = ""
) -> str:
    """The figure as an SVG document, the same bytes every time.

    `mark` keeps the ids apart where several drawings stand on one page; by default the figure's id
    and width, so that a wide and a narrow drawing of one figure can stand together.
    """
    canvas = Canvas(width, mark=mark or f"{figure.id.lower()}-{width:.0f}")
    height = DRAWINGS[figure.kind](canvas, figure, language)
    return canvas.document(
        height,
        title=fill(figure.title, language),
        description=alternative_text(figure, language),
        language=language,
        css=css,
    )


def draw_small(figure: Figure, key: str, language: str, *, width: float = 220.0) -> str:
    """One line of a figure alone, for the side of a finding; empty where it has no small form."""
    line = next((each for each in figure.lines if each.key == key), None)
    if line is None or figure.kind not in (FigureKind.DIVERGING, FigureKind.TRAJECTORY):
        return ""
    one = replace(figure, lines=(line,), alternative=(), legend=())
    canvas = Canvas(width, mark=f"small-{figure.id}-{key}".lower())
    if figure.kind is FigureKind.DIVERGING:
        draw_line(canvas, line, scale_of(one, width), 6, language)
        height = BAR + 12
    else:
        height = draw_small_trajectory(canvas, one, language)
    said = " ".join(
        fill(sentence, language)
        for sentence in figure.alternative
        if sentence.parameters.get("line") == line.label
    )
    return canvas.document(height, title=said, description="", language=language)
