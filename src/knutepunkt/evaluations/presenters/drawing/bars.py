"""How are diverging bars drawn: one line per question, around a line between two kinds of answer?"""

from __future__ import annotations

from dataclasses import dataclass

from knutepunkt.analysis.report.sentences import cell, fill, fill_inside
from knutepunkt.analysis.report.structure import Figure, Line, Mark
from knutepunkt.analysis.report.values import AtLeast, Band, Below, Number, Sentence
from knutepunkt.evaluations.presenters.drawing.canvas import Canvas
from knutepunkt.evaluations.presenters.drawing.ink import INK, QUIET, TONES
from knutepunkt.evaluations.presenters.drawing.type import text_width, wrapped

BAR = 28.0
LABEL = 15.5
SMALL = 13.0
LINE_HEIGHT = 20.0
BETWEEN = 16.0


@dataclass(frozen=True)
class Scale:
    """Where the bars meet, and how long a percentage is."""

    origin: float
    per_percent: float


def extents(line: Line) -> tuple[float, float]:
    """How far a bar reaches to the left and to the right, in per cent."""
    left = right = 0.0
    for mark in line.marks:
        size = _size(mark)
        if mark.tone < 0:
            left += size
        elif mark.tone > 0:
            right += size
        else:
            left, right = left + size / 2, right + size / 2
    return left, right


def _size(mark: Mark) -> float:
    if isinstance(mark.value, Number):
        return mark.value.value
    if isinstance(mark.value, Band):
        return 100.0 if mark.value.at_least else mark.value.percent
    return 0.0


def scale_of(figure: Figure, width: float) -> Scale:
    """The same scale for every bar of a figure, with the widest bars filling the width."""
    reached = [extents(line) for line in figure.lines]
    left = max((each[0] for each in reached), default=0.0)
    right = max(max((each[1] for each in reached), default=0.0), 100.0 - left)
    per_percent = (width - 2) / max(left + right, 1.0)
    return Scale(1 + left * per_percent, per_percent)


def draw_bars(canvas: Canvas, figure: Figure, language: str) -> float:
    """Draw legend and lines; returns the height used."""
    scale = scale_of(figure, canvas.width)
    y = _legend(canvas, figure, language)
    for line in figure.lines:
        y = _label(canvas, line, y, language)
        draw_line(canvas, line, scale, y, language)
        y += BAR + BETWEEN
    return y - BETWEEN + 4


def draw_line(canvas: Canvas, line: Line, scale: Scale, y: float, language: str) -> None:
    """One bar with the numbers in it, and the line where the two kinds of answer meet."""
    left, _ = extents(line)
    x = scale.origin - left * scale.per_percent
    for mark in line.marks:
        if isinstance(mark.value, Number):
            length = mark.value.value * scale.per_percent
            canvas.tone_box(x, y, length, BAR, mark.tone)
            _inside(canvas, mark, x, length, y, language)
            x += length
        elif isinstance(mark.value, Band):
            _band(canvas, mark, mark.value, scale, y, language)
        else:
            _words(canvas, mark, scale.origin, y, language)
    canvas.add(
        "line", x1=scale.origin, x2=scale.origin, y1=y - 4, y2=y + BAR + 4,
        stroke=INK, stroke_width=1.6,
    )  # fmt: skip


def _label(canvas: Canvas, line: Line, y: float, language: str) -> float:
    note = fill_inside(line.note, language) if line.note is not None else ""
    room = canvas.width - text_width(note, SMALL) - 16
    rows = wrapped(cell(line.label, language), LABEL, room)
    for index, row in enumerate(rows):
        canvas.text(0, y + LINE_HEIGHT * (index + 1) - 5, row, size=LABEL)
    if note:
        end = y + LINE_HEIGHT * len(rows) - 5
        canvas.text(canvas.width, end, note, size=SMALL, fill=QUIET, anchor="end")
    return y + LINE_HEIGHT * len(rows) + 3


def _inside(canvas: Canvas, mark: Mark, x: float, length: float, y: float, language: str) -> None:
    """The number in its segment: whole, smaller, or without the sign, as there is room."""
    whole = cell(mark.value, language)
    bare = whole.rstrip("%\N{NO-BREAK SPACE}")
    named = [(f"{cell(mark.label, language)}: {whole}", 14.5)] if mark.named else []
    for text, size in (*named, (whole, 14.5), (whole, 12.0), (bare, 12.0), (bare, 10.5)):
        room = text_width(text, size, bold=True)
        if room + 4 <= length:
            _chip(canvas, mark.tone, x + length / 2, y, text, size)
            return


def _chip(canvas: Canvas, tone: int, x: float, y: float, text: str, size: float) -> None:
    """A number on a plain ground, so that hatching does not run through it."""
    if TONES[tone].hatch:
        room = text_width(text, size, bold=True) + 8
        canvas.add(
            "rect", x=x - room / 2, y=y + 4, width=room, height=BAR - 8, fill=TONES[tone].fill
        )
    canvas.text(x, y + BAR / 2 + size * 0.35, text, size=size, fill=TONES[tone].text, bold=True,
                anchor="middle")  # fmt: skip


def _band(canvas: Canvas, mark: Mark, band: Band, scale: Scale, y: float, language: str) -> None:
    """A band: what is sure is filled, what may be is a dashed outline."""
    sign = -1 if mark.tone < 0 else 1
    sure = band.percent * scale.per_percent if band.at_least else 0.0
    reach = (100.0 if band.at_least else band.percent) * scale.per_percent
    start = min(scale.origin, scale.origin + sign * reach)
    canvas.open_box(start, y, reach, BAR)
    text = _named(mark, sure if sure else canvas.width, language)
    if sure:
        canvas.tone_box(min(scale.origin, scale.origin + sign * sure), y, sure, BAR, mark.tone)
        _chip(canvas, mark.tone, scale.origin + sign * sure / 2, y, text, 14.5)
        return
    anchor = "start" if sign > 0 else "end"
    x = scale.origin + sign * (reach + 8)
    if sign < 0 and x - text_width(text, 14.5, bold=True) < 0:
        x, anchor = scale.origin + 8, "start"
    canvas.text(x, y + BAR / 2 + 5, text, size=14.5, bold=True, anchor=anchor)


def _named(mark: Mark, room: float, language: str) -> str:
    """The band with the answer it is about, where there is room for both."""
    short = cell(mark.value, language)
    whole = f"{cell(mark.label, language)}: {short}"
    return whole if text_width(whole, 14.5, bold=True) + 12 <= room else short


def _words(canvas: Canvas, mark: Mark, origin: float, y: float, language: str) -> None:
    """A class in words, or that the figure is not shown: on its own side, where there is room."""
    text = cell(mark.value, language)
    known = isinstance(mark.value, Below | AtLeast)
    if known:
        text = f"{cell(mark.label, language)}: {text}"
    rooms = {"end": origin - 8, "start": canvas.width - origin - 8}
    own = "end" if mark.tone < 0 else "start"
    needed = text_width(text, 14.5, bold=known)
    side = own if needed <= rooms[own] else max(rooms, key=lambda each: rooms[each])
    size = min(14.5, 14.5 * rooms[side] / max(needed, 1.0))
    x = origin - 8 if side == "end" else origin + 8
    fill = INK if known else QUIET
    canvas.text(x, y + BAR / 2 + 5, text, size=size, bold=known, fill=fill, anchor=side)


def _legend(canvas: Canvas, figure: Figure, language: str) -> float:
    """Swatches with words, flowing over as many lines as they need."""
    if not figure.legend:
        return 0.0
    x, y = 0.0, 0.0
    for text, tone in _swatches(figure, language):
        room = 22 + text_width(text, SMALL) + 18
        if x and x + room - 18 > canvas.width:
            x, y = 0.0, y + 22
        if tone is None:
            canvas.open_box(x + 0.5, y + 4, 14, 14)
        else:
            canvas.tone_box(x + 0.5, y + 4, 14, 14, tone)
        canvas.text(x + 22, y + 16, text, size=SMALL)
        x += room
    return y + 22 + 14


def _swatches(figure: Figure, language: str) -> list[tuple[str, int | None]]:
    """What the legend explains: every tone, and the dashed outline where a band is drawn."""
    found: list[tuple[str, int | None]] = [
        (cell(mark.label, language), mark.tone) for mark in figure.legend
    ]
    if any(isinstance(mark.value, Band) for line in figure.lines for mark in line.marks):
        found.append((fill(Sentence("figure.dashed"), language), None))
    return found
