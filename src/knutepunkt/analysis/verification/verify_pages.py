"""Part 4, second half: does a file hold a number that the report does not hold there?

Every digit must stand in a text the report has, at its place: the same sentence, the same line of
the same table, the same mark of the same drawing. CSV and JSON are the report's tables word by word.
"""

from __future__ import annotations

import csv
import io
import json
import re
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from verify_figures import Json, Problems  # type: ignore[import-not-found]
from verify_files import READERS, Drawing, Found, files_in  # type: ignore[import-not-found]
from verify_words import DIGIT, Allowed, Writer, as_csv, as_json, plain  # type: ignore[import-not-found]

# What programs write of themselves: versions, formats, fingerprints, what an image is called.
OWN = re.compile(
    r"Typst \d+\.\d+\.\d+|width=device-width, initial-scale=1|[A-Za-z0-9+/]{22}==|1|1\.7"
    r"|U\d+x\d+y\d+|Picture \d\d?|xml version='1.0' encoding='UTF-8'( standalone='yes')?\?"
)


def sheet_problems(report: Json, language: str, folder: Path) -> Problems:
    """Where a table, as JSON or as CSV, says something else than the report."""
    writer = Writer(language)
    wanted: dict[str, Any] = {}
    for table in report["tables"]:
        wanted[f"{table['id']}.json"] = as_json(table, writer)
        wanted[f"{table['id']}.csv"] = as_csv(table, writer)
    if {path.name for path in folder.iterdir()} != set(wanted):
        yield "the folder holds other tables than the report"
        return
    for name, content in wanted.items():
        text = (folder / name).read_text(encoding="utf-8")
        found = json.loads(text) if name.endswith(".json") else list(csv.reader(io.StringIO(text)))
        if alike(found) != alike(content):
            yield f"{name}: not as in the report"


def alike(content: Any) -> Any:
    """A content with its texts as they are compared."""
    if isinstance(content, dict):
        return {name: alike(inner) for name, inner in content.items()}
    if isinstance(content, list):
        return [alike(inner) for inner in content]
    return plain(content) if isinstance(content, str) else content


def page_problems(report: Json, language: str, folder: Path) -> Problems:
    """What any file in the folder says that the report does not."""
    writer = Writer(language)
    allowed = Allowed(report, writer)
    drawings: list[Drawing] = []
    pictures: list[bytes] = []
    for path in files_in(folder):
        found = READERS[path.suffix](path.read_bytes())
        whole, inside = allowed.whole, allowed.inside
        if path.suffix == ".pdf":  # a table or a drawing is lines among others there
            found.texts.append(as_one(found.pages, plain(report["organisation"][language])))
            drawn = {plain("".join(drawing.texts)) for drawing in drawings}
            lines = allowed.lines | {each for each in drawn if len(re.findall(r"\d+", each)) > 1}
            whole, inside = whole | lines | {str(len(found.pages))}, inside | lines
        problems = found.problems
        problems += text_problems(found, whole, inside)
        problems += table_problems(found, allowed)
        for drawing in found.drawings:
            problems += drawing_problems(drawing, report, allowed, writer)
        for picture in found.pictures:
            problems += picture_problems(picture, path, drawings, pictures)
        yield from (f"{path.name}: {problem}" for problem in problems)
        drawings += found.drawings
        pictures += found.pictures


def as_one(pages: list[str], foot: str) -> str:
    """A PDF's pages as one text without their feet, for a sentence may go on over the page."""
    kept = ""
    for number, text in enumerate(map(plain, pages), start=1):
        for end in (f"{foot}{number}", f"{number}{foot}"):
            text = text.removesuffix(end).removeprefix(end)
        kept += text
    return kept


def text_problems(found: Found, whole: set[str], inside: set[str]) -> Problems:
    """Digits of a text that stand in none of the report's texts."""
    for text in found.texts:
        written = plain(text)
        if DIGIT.search(written) and written not in whole and not OWN.fullmatch(text.strip()):
            yield from uncovered(written, inside)


def uncovered(text: str, inside: Iterable[str]) -> Problems:
    """Digits that are left when the report's texts are taken away, each as a whole.

    "2 %" is not in "12 %": a text may not begin or end within a number, but where another one does.
    """
    found = [m.span(1) for each in inside for m in re.finditer(f"(?=({re.escape(each)}))", text)]
    starts, ends = {start for start, _ in found}, {end for _, end in found}
    free = list(text)
    for start, end in found:
        begins = start in ends or not re.match(r"\d\d", text[max(0, start - 1) : start + 1])
        if begins and (end in starts or not re.match(r"\d(\d|[.,]\d)", text[end - 1 : end + 2])):
            free[start:end] = " " * (end - start)
    for match in re.finditer(r"[−]?\d+([.,]\d+)*%?", "".join(free)):
        around = text[max(0, match.start() - 30) : match.end() + 10]
        yield f"{match.group()} is no number of the report here: …{around}…"


def table_problems(found: Found, allowed: Allowed) -> Problems:
    """Each table is one of the report's, line by line."""
    known = {row for rows in allowed.tables.values() for row in rows}
    for rows in found.tables:
        told = tuple(row for row in map(plain, rows) if row)
        if told not in allowed.tables.values():
            strange = next((row for row in told if row not in known), "its lines stand otherwise")
            yield f"a table is none of the report's: {strange[:90]}"


def drawing_problems(drawing: Drawing, report: Json, allowed: Allowed, writer: Writer) -> Problems:
    """The numbers of a drawing are those of its marks, in their order, or stand along its axis."""
    # A drawing's own name begins with its figure's; a small one stands in a table.
    name = drawing.id.lower().removeprefix("small-")
    figures = [each for each in report["figures"] if name.startswith(each["id"].lower())]
    if not figures:
        yield f"a drawing is none of the report's: {drawing.id}"
        return
    figure = max(figures, key=lambda each: len(each["id"]))
    lines, marks = figure["lines"], [mark for line in figure["lines"] for mark in line["marks"]]
    named = (*lines, *marks, *figure["legend"])
    labels = [plain(writer.written(each["label"])) for each in named]
    if figure["kind"] == "tiles":  # a map has its own order: each number stands before its area
        areas = zip(labels, (line["marks"][0]["value"] for line in lines), strict=False)
        told = [(area, plain(writer.written(number))) for area, number in areas]
        pairs = [text for area, number in told for text in (number + area, f"{area}:{number}")]
        yield from uncovered(plain("".join(drawing.texts)), [*labels, *pairs])
        return
    place, in_order = 0, allowed.marks[figure["id"]]
    for text in map(plain, drawing.texts):
        # A long label is written on several lines.
        if not DIGIT.search(text) or any(text in label for label in labels):
            continue
        at = next((i for i in range(place, len(in_order)) if text in in_order[i]), None)
        if at is not None:
            place = at + 1
        elif text not in ticks_of(figure, writer):
            yield f"drawing {figure['id']}: {text} is no number of the report at this place"


def ticks_of(figure: Json, writer: Writer) -> set[str]:
    """What may stand along the axis: its ends, and even steps between them."""
    low, high = figure["low"], figure["high"]
    if figure["kind"] not in ("trajectory", "forest", "spread"):
        return set()
    steps = {4, round(high - low)} if 1 <= high - low <= 6 else {4}
    places = {low + (high - low) * i / n for n in steps for i in range(n + 1)}
    return {plain(writer.digits(p, d)) for p in places for d in (0, 1)}


def picture_problems(
    picture: bytes, path: Path, drawings: list[Drawing], pictures: list[bytes]
) -> Problems:
    """A picture is as large as its drawing and named like it; in Word it is one of those beside it."""
    sides = struct.unpack(">II", picture[16:24])
    if path.suffix == ".png":
        drawings = [each for each in drawings if each.id.startswith(f"{path.stem.lower()}-")]
    if sides not in [tuple(2 * float(side) + 64 for side in each.sides) for each in drawings]:
        yield "a picture has another size than its drawing"
    if path.suffix != ".png" and pictures and picture not in pictures:
        yield "a picture is none of those beside it"
