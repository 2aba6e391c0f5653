"""How is the way from those asked to those who answered drawn?"""

from __future__ import annotations

from knutepunkt.analysis.report.sentences import cell
from knutepunkt.analysis.report.structure import Figure
from knutepunkt.analysis.report.values import Number
from knutepunkt.evaluations.presenters.drawing.canvas import Canvas
from knutepunkt.evaluations.presenters.drawing.ink import INK, QUIET, TONES
from knutepunkt.evaluations.presenters.drawing.type import text_width

BAR = 24.0


def draw_flow(canvas: Canvas, figure: Figure, language: str) -> float:
    """One bar per step, as long as its count; returns the height used."""
    values = [cell(line.marks[0].value, language) for line in figure.lines]
    room = max([text_width(value, 16, bold=True) for value in values], default=0.0) + 14
    full = canvas.width - room - 2
    y = 0.0
    for line, value in zip(figure.lines, values, strict=True):
        label = cell(line.label, language)
        canvas.text(0, y + 15, label[:1].upper() + label[1:], size=15.5)
        found = line.marks[0].value
        length = full * found.value / figure.high if isinstance(found, Number) else 0.0
        if length:
            canvas.add(
                "rect", x=1, y=y + 22, width=length, height=BAR,
                fill=TONES[1].fill, stroke=INK, stroke_width=1,
            )  # fmt: skip
        fill = INK if isinstance(found, Number) else QUIET
        canvas.text(length + 10, y + 22 + BAR / 2 + 5.5, value, size=16, bold=True, fill=fill)
        y += 22 + BAR + 14
    return y - 10
