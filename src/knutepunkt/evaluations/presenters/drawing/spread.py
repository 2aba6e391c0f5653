"""How is the model's distribution of groups drawn: a bell for each outcome, and no group in it?"""

from __future__ import annotations

import math
from collections.abc import Callable

from knutepunkt.analysis.report.sentences import cell
from knutepunkt.analysis.report.structure import Figure
from knutepunkt.analysis.report.values import Range
from knutepunkt.analysis.report.wording import decimal
from knutepunkt.evaluations.presenters.drawing.canvas import Canvas
from knutepunkt.evaluations.presenters.drawing.ink import INK, PAPER, QUIET, RULE, TONES
from knutepunkt.evaluations.presenters.drawing.type import text_width, wrapped

BELL = 56.0
POINTS = 61
EIGHT_OF_TEN = 1.2815515594457415
"""How many standard deviations the middle eight of ten reach to either side (normal)."""


def draw_spread(canvas: Canvas, figure: Figure, language: str) -> float:
    """One bell per outcome on a common axis, the middle eight of ten shaded and named."""
    left, right = 6.0, canvas.width - 6

    def place(value: float) -> float:
        inside = min(max(value, figure.low), figure.high)
        return left + (right - left) * (inside - figure.low) / (figure.high - figure.low)

    y = 0.0
    for line in figure.lines:
        rows = wrapped(cell(line.label, language), 15.5, canvas.width)
        for index, row in enumerate(rows):
            canvas.text(0, y + 15 + 20 * index, row, size=15.5)
        y += 20 * len(rows) + 2
        middle = line.marks[0].value
        base = y + BELL
        if isinstance(middle, Range) and middle.high > 0:
            _bell(canvas, place, figure, middle, base)
            _named(canvas, place(0.0), base, cell(middle, language))
        elif isinstance(middle, Range):
            x = place(0.0)
            canvas.add("line", x1=x, x2=x, y1=base - BELL, y2=base, stroke=INK, stroke_width=2)
            canvas.text(x + 10, base - 10, cell(middle, language), size=14, bold=True)
        canvas.add("line", x1=left, x2=right, y1=base, y2=base, stroke=RULE)
        y = base + 14
    for value in (figure.low, 0.0, figure.high):
        anchor = {figure.low: "start", figure.high: "end"}.get(value, "middle")
        canvas.text(place(value), y + 6, decimal(value, 1, language), size=13, fill=QUIET,
                    anchor=anchor)  # fmt: skip
    canvas.tone_box(left, y + 20, 14, 14, 1)
    canvas.text(left + 22, y + 32, cell(figure.lines[0].marks[0].label, language), size=13)
    return y + 40


def _bell(
    canvas: Canvas, place: Callable[[float], float], figure: Figure, middle: Range, base: float
) -> None:
    deviation = max(middle.high / EIGHT_OF_TEN, (figure.high - figure.low) / 400)

    def curve(low: float, high: float) -> str:
        steps = [low + (high - low) * index / (POINTS - 1) for index in range(POINTS)]
        tops = [BELL * math.exp(-0.5 * (value / deviation) ** 2) for value in steps]
        points = [f"{place(v):.1f},{base - t:.1f}" for v, t in zip(steps, tops, strict=True)]
        ends = (f"{place(low):.1f},{base:.1f}", f"{place(high):.1f},{base:.1f}")
        return " ".join((ends[0], *points, ends[1]))

    canvas.add("polygon", points=curve(figure.low, figure.high), fill=PAPER, stroke=INK)
    canvas.add(
        "polygon", points=curve(middle.low, middle.high), fill=TONES[1].fill, stroke=INK,
    )  # fmt: skip


def _named(canvas: Canvas, x: float, base: float, text: str) -> None:
    room = text_width(text, 14, bold=True) + 8
    canvas.add("rect", x=x - room / 2, y=base - 24, width=room, height=18, fill=PAPER)
    canvas.text(x, base - 10, text, size=14, bold=True, anchor="middle")
