"""Does a page, a drawing, a Word file or a PDF hold a number that the report does not hold there?

Part of ``verify_release.py``. Every number, in digits, must stand in a text that the report has:
the same sentence, the same line of the same table, the same mark of the same drawing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from verify_files import (  # type: ignore[import-not-found]
    Drawing,
    Found,
    read_drawing,
    read_page,
    read_pdf,
    read_word,
)
from verify_words import Allowed, Writer, plain  # type: ignore[import-not-found]

Json = dict[str, Any]
Problems = Iterator[str]
LEAST_LETTERS = 4
DIGIT = re.compile(r"\d")
# What programs write of themselves: versions, formats, dates of the protocol.
OWN = re.compile(
    r"Typst [\d.]+|width=device-width, initial-scale=1|[\w+/]{20,}={0,2}|1|1\.7|U\d+x\d+y\d+"
)
READS_PDF = find_spec("pypdf") is not None
PAGES: dict[str, Callable[[bytes], Found]] = {
    "report.html": read_page, "report.docx": read_word, "report.pdf": read_pdf,
    "methods.pdf": read_pdf, "summary.pdf": read_pdf,
}  # fmt: skip


def page_problems(report: Json, language: str, folder: Path) -> Problems:
    """What any file in the folder says that the report does not."""
    writer = Writer(language)
    allowed = Allowed.of(report, writer)
    drawn = set()
    for path in sorted((folder / "figures").glob("*.svg")):
        found = read_drawing(path.stem, path.read_bytes())
        drawn |= {plain("".join(each.texts)) for each in found.drawings}
        yield from (f"{path.name}: {p}" for p in problems_of(found, report, allowed, writer))
    for name, read in PAGES.items():
        path = folder / name
        if not path.is_file() or (name.endswith(".pdf") and not READS_PDF):
            continue
        found = read(path.read_bytes())
        drawn |= {plain("".join(each.texts)) for each in found.drawings}
        if name.endswith(".pdf"):
            found = as_one(found, report, allowed, drawn, language)
        yield from (f"{name}: {p}" for p in problems_of(found, report, allowed, writer))


def problems_of(found: Found, report: Json, allowed: Allowed, writer: Writer) -> Problems:
    """What one file says that the report does not."""
    yield from found.problems
    known = {text for text in allowed.texts if DIGIT.search(text)}
    # A number alone is no text: it must be the whole, or stand in a line or a sentence.
    named = {t for t in known - allowed.numbers if sum(map(str.isalpha, t)) >= LEAST_LETTERS}
    inside = [*(named | known & (allowed.sentences | allowed.lines))]
    for text in found.texts:
        yield from uncovered(text, known, inside)
    tables = set(map(tuple, allowed.rows.values()))
    for rows in found.tables:
        told = tuple(row for row in map(plain, rows) if row)
        if told not in tables:
            yield from table_differs(told, allowed)
    figures = {figure["id"]: figure for figure in report["figures"]}
    for drawing in found.drawings:
        yield from drawing_problems(drawing, figures, allowed, writer)


def uncovered(text: str, known: set[str], inside: list[str]) -> Problems:
    """Digits of a text that stand in none of the report's texts."""
    written = plain(text)
    if not DIGIT.search(written) or written in known or OWN.fullmatch(text.strip()):
        return
    free = list(written)
    for start, end in stretches(written, inside):
        free[start:end] = " " * (end - start)
    left = "".join(free)
    for match in re.finditer(r"[−]?\d+([.,]\d+)*%?", left):
        around = written[max(0, match.start() - 30) : match.end() + 10]
        yield f"{match.group()} is no number of the report here: …{around}…"


def stretches(text: str, known: list[str]) -> list[tuple[int, int]]:
    """Where the report's texts stand in a text, each as a whole: not as a part of a longer number."""
    found = set()
    for each in known:
        start = text.find(each)
        while start >= 0:
            found.add((start, start + len(each)))
            start = text.find(each, start + 1)
    starts, ends = {start for start, _ in found}, {end for _, end in found}
    return [
        (start, end)
        for start, end in found
        if (start in ends or not re.match(r"\d\d", text[max(0, start - 1) : start + 1]))
        and (end in starts or not re.match(r"\d(\d|[.,]\d)", text[end - 1 : end + 2]))
    ]


def table_differs(told: tuple[str, ...], allowed: Allowed) -> Problems:
    """Where a table departs from the one it is most like."""

    def alike(name: str) -> int:
        return len(set(told) & set(allowed.rows[name]))

    nearest = max(allowed.rows, key=alike)
    wanted = allowed.rows[nearest]
    wrong = next(
        (row for row in told if row not in wanted), "its lines are others, or in another order"
    )
    yield f"table {nearest} is not as in the report: {wrong[:90]}"


def drawing_problems(
    drawing: Drawing, figures: dict[str, Json], allowed: Allowed, writer: Writer
) -> Problems:
    """Numbers in a drawing that are not those of its marks, in their order."""
    names = [n for n in figures if drawing.id.lower().removeprefix("small-").startswith(n.lower())]
    if not names:
        yield f"a drawing is none of the report's: {drawing.id}"
        return
    name = max(names, key=len)
    marks, figure = allowed.figures[name], figures[name]
    if figure["kind"] == "tiles":
        yield from tile_problems(name, drawing, figure, writer)
        return
    free = labels_of(figure, writer)
    place = 0
    for text in map(plain, drawing.texts):
        if not DIGIT.search(text) or any(text in label for label in free):
            continue
        at = next((i for i in range(place, len(marks)) if text in marks[i]), None)
        if at is not None:
            place = at + 1
        elif text not in ticks_of(figure, writer):
            yield f"drawing {name}: {text} is no number of the report at this place"


def tile_problems(name: str, drawing: Drawing, figure: Json, writer: Writer) -> Problems:
    """A map's numbers stand in the order of the map, each before the name of its area."""
    lines = [
        (plain(writer.written(line["label"])), plain(writer.written(line["marks"][0]["value"])))
        for line in figure["lines"]
    ]
    texts = [plain(text) for text in drawing.texts]
    for text, after in zip(texts, [*texts[1:], ""], strict=True):
        told = (
            (text == value and after and label.startswith(after))
            or text == f"{label}:{value}"
            or text in label
            for label, value in lines
        )
        if DIGIT.search(text) and not any(told):
            yield f"drawing {name}: {text} is no number of the report at this place"


def labels_of(figure: Json, writer: Writer) -> list[str]:
    """Names of lines, marks and legend: a long one is written on several lines."""
    marks = [*figure["legend"], *(mark for line in figure["lines"] for mark in line["marks"])]
    labels = [line["label"] for line in figure["lines"]] + [mark["label"] for mark in marks]
    return [plain(writer.written(label)) for label in labels]


def ticks_of(figure: Json, writer: Writer) -> set[str]:
    """What may stand along the axis: its ends, and even steps between them."""
    low, high = figure["low"], figure["high"]
    if figure["kind"] not in ("trajectory", "forest", "spread"):
        return set()
    steps = {4, round(high - low)} if 1 <= high - low <= 6 else {4}
    places = {low + (high - low) * i / n for n in steps for i in range(n + 1)}
    return {plain(writer.digits(p, d)) for p in places for d in (0, 1)}


def as_one(found: Found, report: Json, allowed: Allowed, drawn: set[str], language: str) -> Found:
    """A PDF's pages as one text without its page numbers; tables and drawings are lines of it."""
    foot = plain(report["organisation"][language])
    pages: list[str] = []
    rest: list[str] = []
    for text in found.texts:
        page, written = str(len(pages) + 1), plain(text)
        for ending in (foot + page, page + foot):
            if written.endswith(ending) or written.startswith(ending):
                pages.append(written.removesuffix(ending).removeprefix(ending))
                break
        else:
            rest.append(text)
    allowed.lines |= {each for each in drawn if len(re.findall(r"\d+", each)) > 1}
    allowed.texts |= (
        {str(len(pages))} | drawn | allowed.lines | {rows[0] for rows in allowed.rows.values()}
    )
    return Found(texts=["".join(pages), *rest], problems=found.problems)
