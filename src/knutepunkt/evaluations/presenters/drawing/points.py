"""How are means over rounds (F4) and differences around zero (F5) drawn?"""

from __future__ import annotations

from collections.abc import Callable

from knutepunkt.analysis.report.sentences import cell
from knutepunkt.analysis.report.structure import Figure, Line, Mark
from knutepunkt.analysis.report.values import Number, Range
from knutepunkt.analysis.report.wording import decimal
from knutepunkt.evaluations.presenters.drawing.canvas import Canvas
from knutepunkt.evaluations.presenters.drawing.ink import ACCENT, INK, PAPER, QUIET, RULE
from knutepunkt.evaluations.presenters.drawing.type import text_width, wrapped

PANEL = 132.0
ROW = 26.0
AXIS = 34.0


def draw_trajectory(canvas: Canvas, figure: Figure, language: str) -> float:
    """One panel per outcome under another, all on the instrument's own range."""
    y = 0.0
    for line in figure.lines:
        rows = wrapped(cell(line.label, language), 15.5, canvas.width, bold=True)
        for index, row in enumerate(rows):
            canvas.text(0, y + 15 + 20 * index, row, size=15.5, bold=True)
        y += 20 * len(rows) + 6
        _panel(canvas, figure, line, y, language)
        y += PANEL + 46
    return y - 18


def draw_small_trajectory(canvas: Canvas, figure: Figure, language: str) -> float:
    """One outcome without its name: only the two ends of the range are written."""
    _panel(canvas, figure, figure.lines[0], 8, language, ticks=[figure.low, figure.high])
    return 8 + PANEL + 28


def _panel(
    canvas: Canvas,
    figure: Figure,
    line: Line,
    top: float,
    language: str,
    *,
    ticks: list[float] | None = None,
) -> None:
    left, right = AXIS, canvas.width - 8
    for value in ticks or _ticks(figure):
        y = _height(figure, value, top)
        canvas.add("line", x1=left, x2=right, y1=y, y2=y, stroke=RULE, stroke_width=0.8)
        text = decimal(value, 0 if value == int(value) else 1, language)
        canvas.text(left - 8, y + 4.5, text, size=13, fill=QUIET, anchor="end")
    places = _places(len(line.marks), left, right)
    told = [
        (x, mark) for x, mark in zip(places, line.marks, strict=True)
        if isinstance(mark.value, Number)
    ]  # fmt: skip
    points = [f"{x:.1f},{_height(figure, _value(mark), top):.1f}" for x, mark in told]
    if len(points) > 1:
        canvas.add("polyline", points=" ".join(points), fill="none", stroke=ACCENT, stroke_width=2)
    for x, mark in zip(places, line.marks, strict=True):
        _point(canvas, figure, mark, x, top, language)
        canvas.text(x, top + PANEL + 20, _named(mark, language), size=13.5, anchor="middle")


def _named(mark: Mark, language: str) -> str:
    """The name below a point, which stands alone and begins with a capital."""
    text = cell(mark.label, language)
    return text[:1].upper() + text[1:]


def _places(count: int, left: float, right: float) -> list[float]:
    step = (right - left) / max(count, 1)
    return [left + step * (index + 0.5) for index in range(count)]


def _value(mark: Mark) -> float:
    return mark.value.value if isinstance(mark.value, Number) else 0.0


def _ticks(figure: Figure) -> list[float]:
    span = figure.high - figure.low
    step = 1.0 if span <= 6 else span / 4
    return [figure.low + step * index for index in range(round(span / step) + 1)]


def _height(figure: Figure, value: float, top: float) -> float:
    inside = min(max(value, figure.low), figure.high)
    return top + PANEL * (1 - (inside - figure.low) / (figure.high - figure.low))


def _point(canvas: Canvas, figure: Figure, mark: Mark, x: float, top: float, language: str) -> None:
    if not isinstance(mark.value, Number):
        canvas.text(x, top + PANEL / 2, cell(mark.value, language), size=13, fill=QUIET,
                    anchor="middle")  # fmt: skip
        return
    y = _height(figure, mark.value.value, top)
    if isinstance(mark.interval, Range):
        ends = [_height(figure, end, top) for end in (mark.interval.low, mark.interval.high)]
        canvas.add("line", x1=x, x2=x, y1=ends[0], y2=ends[1], stroke=INK, stroke_width=1.6)
        for end in ends:
            canvas.add("line", x1=x - 7, x2=x + 7, y1=end, y2=end, stroke=INK, stroke_width=1.6)
    canvas.add("circle", cx=x, cy=y, r=4, fill=ACCENT, stroke=INK, stroke_width=1)
    canvas.text(x + 11, y - 7, cell(mark.value, language), size=14.5, bold=True)


def draw_forest(canvas: Canvas, figure: Figure, language: str) -> float:
    """One row per outcome: a point with its interval around the line at no difference."""
    left, right = 6.0, canvas.width - 6

    def place(value: float) -> float:
        inside = min(max(value, figure.low), figure.high)
        return left + (right - left) * (inside - figure.low) / (figure.high - figure.low)

    y, behind = 0.0, len(canvas.parts)
    for line in figure.lines:
        rows = wrapped(cell(line.label, language), 15.5, canvas.width)
        for index, row in enumerate(rows):
            canvas.text(0, y + 15 + 20 * index, row, size=15.5)
        y += 20 * len(rows) + 2
        for mark in line.marks:
            _estimate(canvas, mark, place(_value(mark)), y, place, language)
        y += ROW + 14
    base = y
    _axis(canvas, figure, place, base, language)
    zero = place(figure.reference or 0.0)
    canvas.add("line", x1=zero, x2=zero, y1=2, y2=base, stroke=INK, stroke_width=1.2,
               stroke_dasharray="5 4")  # fmt: skip
    canvas.parts.insert(behind, canvas.parts.pop())  # the line lies behind what is written
    return base + 28


def _estimate(
    canvas: Canvas, mark: Mark, x: float, y: float, place: Callable[[float], float], language: str
) -> None:
    middle = y + ROW / 2
    if not isinstance(mark.value, Number):
        canvas.text(x + 8, middle + 5, cell(mark.value, language), size=14.5, fill=QUIET)
        return
    if isinstance(mark.interval, Range):
        low, high = place(mark.interval.low), place(mark.interval.high)
        canvas.add("line", x1=low, x2=high, y1=middle, y2=middle, stroke=INK, stroke_width=2)
        for end in (low, high):
            canvas.add("line", x1=end, x2=end, y1=middle - 5, y2=middle + 5, stroke=INK,
                       stroke_width=2)  # fmt: skip
    canvas.add("rect", x=x - 5.5, y=middle - 5.5, width=11, height=11, fill=ACCENT, stroke=INK)
    text = cell(mark.value, language)
    room = text_width(text, 14, bold=True) + 6
    canvas.add("rect", x=x - room / 2, y=middle - 22, width=room, height=15, fill=PAPER)
    canvas.text(x, middle - 10, text, size=14, bold=True, anchor="middle")


def _axis(
    canvas: Canvas, figure: Figure, place: Callable[[float], float], y: float, language: str
) -> None:
    canvas.add("line", x1=place(figure.low), x2=place(figure.high), y1=y, y2=y, stroke=RULE)
    steps = 4
    for index in range(steps + 1):
        value = figure.low + (figure.high - figure.low) * index / steps
        anchor = "start" if index == 0 else "end" if index == steps else "middle"
        canvas.text(place(value), y + 20, decimal(value, 1, language), size=13, fill=QUIET,
                    anchor=anchor)  # fmt: skip
