"""Which open answers does a file hold, and how do its coding sheets become coded answers?

A text's id comes from the file, where it has a column of them. Otherwise it is a keyed function of
who, when and which question; the key is the hash of everybody's texts and ids, so that whoever has
only the coding sheet joins it to nothing.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl
from django.utils import translation

from knutepunkt.analysis.coding import (
    Codebook,
    CodebookFault,
    CodedAnswers,
    CodedRound,
    CodedText,
    OpenText,
    SheetFaults,
    WrittenText,
    name_of_text,
    read_codebook,
    read_sheet,
    shipped_codebook,
)
from knutepunkt.analysis.coding.sheet import YES
from knutepunkt.cli import say
from knutepunkt.cli.existing.description import Description, TextDescription
from knutepunkt.cli.existing.problems import BadInput, Place
from knutepunkt.cli.existing.reading import Table, file_bytes

Texts = Mapping[str, tuple[WrittenText, ...]]


def texts_in(table: Table, frame: pl.DataFrame, description: Description) -> Texts:
    """The texts of each round, in the order of their ids.

    Raises BadInput where a text has no id in the column of ids, or two have the same.
    """
    found: dict[str, list[WrittenText]] = defaultdict(list)
    taken: dict[str, int] = {}
    columns = [described.column for described in description.texts]
    whole = frame.select("participant", "round", *dict.fromkeys(columns)).write_csv()
    secret = hashlib.sha256(whole.encode()).digest()
    for described in description.texts:
        for row in frame.iter_rows(named=True):
            words = row[described.column]
            if words is None or not str(words).strip():
                continue
            name = _name(table, described, row, secret)
            if name in taken:
                raise BadInput(
                    Place(table.file, int(row["_row"]), described.ids),
                    f"The text id {name!r} stands in row {taken[name]} too.",
                    "Give each text its own.",
                )
            taken[name] = int(row["_row"])
            text = OpenText(
                name,
                described.name,
                str(words),
                _says_yes(row, described),
                described.language,
            )
            found[row["round"]].append(WrittenText(row["participant"], text))
    return {name: tuple(sorted(each, key=lambda w: w.text.id)) for name, each in found.items()}


def _name(table: Table, described: TextDescription, row: dict[str, object], secret: bytes) -> str:
    if described.ids is None:
        about = f"{row['participant']} {row['round']} {described.id}"
        return name_of_text(secret, about)
    name = row[described.ids]
    if name is None or not str(name).strip():
        raise BadInput(
            Place(table.file, int(str(row["_row"])), described.ids),
            "The text has no id.",
            "Give it one, or leave `ids` out of the design.",
        )
    return str(name).strip().removesuffix(".0")


def _says_yes(row: dict[str, object], described: TextDescription) -> bool:
    told = row[described.may_quote] if described.may_quote is not None else None
    return told is not None and str(told).strip().casefold().removesuffix(".0") in YES


def codebook_of(options: argparse.Namespace) -> Codebook:
    """The codebook that was named, or the one that goes with the participant survey.

    Raises BadInput with the line that is wrong.
    """
    if options.codebook is None:
        return shipped_codebook()
    from knutepunkt.evaluations.coding_faults import codebook_sentence

    try:
        return read_codebook(file_bytes(options.codebook).decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise BadInput(
            Place(options.codebook.name), "The letters cannot be read.", "Save it in UTF-8."
        ) from problem
    except CodebookFault as fault:
        with translation.override("en"):
            raise BadInput(Place(options.codebook.name), codebook_sentence(fault), "") from fault


def write_sheets(texts: Texts, options: argparse.Namespace, questions: Mapping[str, str]) -> None:
    """Write a sheet for each of two coders into the folder, as .xlsx and CSV, and the codebook."""
    from knutepunkt.evaluations.coding_sheets import sheet_file

    book, folder = codebook_of(options), options.coding_sheets
    everything = [each.text for round_ in texts.values() for each in round_]
    if not everything:
        raise BadInput(
            Place("--coding-sheets"),
            "There are no open answers.",
            "Describe their column under [[texts]] in the design.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    for kind in ("xlsx", "csv"):
        content = sheet_file(kind, everything, book, dict(questions), {}, options.language)
        for coder in ("first", "second"):
            (folder / f"{coder}-coder.{kind}").write_bytes(content)
    (folder / "codebook.txt").write_text(book.as_lines(), encoding="utf-8")
    say(f"Coding sheets for two people: {folder}. They hold what people wrote; delete them after.")


def coded(texts: Texts, names: Iterable[str], options: argparse.Namespace) -> CodedAnswers | None:
    """The coded answers from one or two coding sheets and what was settled; None without sheets.

    Raises BadInput where a sheet cannot be read, with each fault in a sentence.
    """
    if not options.coding:
        return None
    if len(options.coding) > 2:
        raise BadInput(Place("--coding"), "There are more than two sheets.", "Name one or two.")
    book = codebook_of(options)
    everything = [each.text for round_ in texts.values() for each in round_]
    first, *others = (_sheet(path, everything, book) for path in options.coding)
    settled: dict[str, CodedText] = {}
    if options.settled is not None:
        settled = _sheet(options.settled, everything, book)
    rounds = {
        name: CodedRound(written, first, others[0] if others else None, settled, frozenset(names))
        for name, written in texts.items()
    }
    return CodedAnswers(book, rounds) if rounds else None


def _sheet(path: Path, texts: Iterable[OpenText], book: Codebook) -> dict[str, CodedText]:
    from knutepunkt.evaluations.coding_faults import sheet_sentence
    from knutepunkt.evaluations.coding_sheets import SheetNotRead, rows_of

    with translation.override("en"):
        try:
            return read_sheet(rows_of(file_bytes(path)), texts, book)
        except SheetNotRead as refused:
            raise BadInput(Place(path.name), str(refused), "") from refused
        except SheetFaults as found:
            told = " ".join(sheet_sentence(each, book, "en") for each in found.faults)
            raise BadInput(Place(path.name), told, "") from found
