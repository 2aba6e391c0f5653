"""How is a map of counties drawn: a tile for each, about where it lies, and no tile larger than another?"""

from __future__ import annotations

from typing import Final

from knutepunkt.analysis.report.sentences import cell
from knutepunkt.analysis.report.structure import Figure
from knutepunkt.evaluations.presenters.drawing.canvas import Canvas
from knutepunkt.evaluations.presenters.drawing.ink import INK, QUIET, TONES
from knutepunkt.evaluations.presenters.drawing.type import wrapped

#: The counties of 2024, by column and row from the north-west.
TILES: Final[dict[str, tuple[int, int]]] = {
    "Troms": (2, 0),
    "Finnmark": (3, 0),
    "Nordland": (2, 1),
    "Trøndelag": (2, 2),
    "Møre og Romsdal": (1, 3),
    "Innlandet": (2, 3),
    "Vestland": (0, 4),
    "Buskerud": (1, 4),
    "Akershus": (2, 4),
    "Rogaland": (0, 5),
    "Telemark": (1, 5),
    "Oslo": (2, 5),
    "Østfold": (3, 5),
    "Agder": (1, 6),
    "Vestfold": (2, 6),
}
COLUMNS, ROWS = 4, 7
HEIGHT, GAP = 58.0, 6.0


def draw_tiles(canvas: Canvas, figure: Figure, language: str) -> float:
    """Counties that are told are filled and numbered; all others look alike, and are told together."""
    width = min(canvas.width, 560.0)
    tile = (width - GAP * (COLUMNS - 1)) / COLUMNS
    told = {line.key: cell(line.marks[0].value, language) for line in figure.lines}
    for name, (column, row) in TILES.items():
        x, y = column * (tile + GAP), row * (HEIGHT + GAP)
        number = told.get(name)
        if number is None:
            canvas.open_box(x + 0.5, y + 0.5, tile - 1, HEIGHT - 1)
        else:
            canvas.add(
                "rect", x=x + 0.5, y=y + 0.5, width=tile - 1, height=HEIGHT - 1,
                fill=TONES[1].fill, stroke=INK,
            )  # fmt: skip
            canvas.text(x + tile - 7, y + HEIGHT - 9, number, size=19, bold=True, anchor="end")
        size = 13.0 if tile > 100 else 11.0
        for index, words in enumerate(wrapped(name, size, tile - 10)):
            fill = INK if number is not None else QUIET
            canvas.text(x + 6, y + 16 + 14 * index, words, size=size, fill=fill)
    y = ROWS * (HEIGHT + GAP) + 4
    # As in the tiles, a number stands before the name it belongs to.
    for line in figure.lines:
        if line.key in TILES:
            continue
        canvas.open_box(0.5, y, 34, 26)
        canvas.text(17, y + 19, told[line.key], size=17, bold=True, anchor="middle")
        for words in wrapped(cell(line.label, language), 14.5, canvas.width - 46):
            canvas.text(44, y + 18, words, size=14.5)
            y += 20
        y += 12
    return y
