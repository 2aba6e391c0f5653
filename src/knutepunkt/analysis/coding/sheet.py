"""How does a coding sheet look, and what is wrong with one that came back?

Rows and cells are text here; whoever calls reads and writes the file. Rows are counted as a
spreadsheet counts them: the names of the columns are row 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from knutepunkt.analysis.coding.codebook import Codebook
from knutepunkt.analysis.coding.texts import CodedText, OpenText
from knutepunkt.analysis.instruments.texts import Texts

ID, QUESTION, TEXT, CONSENT = "id", "question", "text", "may_be_quoted"
IDENTIFIES, FIT = "identifies_somebody", "fit_to_quote"
LEAD: Final = (ID, QUESTION, TEXT, CONSENT)
HEADINGS: Final = {
    ID: Texts(nb="id", nn="id", en="id"),
    QUESTION: Texts(nb="Spørsmål", nn="Spørsmål", en="Question"),
    TEXT: Texts(nb="Tekst", nn="Tekst", en="Text"),
    CONSENT: Texts(nb="Kan siteres", nn="Kan siterast", en="May be quoted"),
    IDENTIFIES: Texts(
        nb="Noen kan kjennes igjen", nn="Nokon kan kjennast att", en="Somebody can be recognised"
    ),
    FIT: Texts(nb="Egnet som sitat", nn="Eigna som sitat", en="Fit to be quoted"),
}
YES_AND_NO: Final = {"nb": ("ja", "nei"), "nn": ("ja", "nei"), "en": ("yes", "no")}
MARK: Final = "x"
YES: Final = frozenset({"x", "1", "ja", "yes", "true", "sann", "j", "y"})
NO: Final = frozenset({"", "0", "nei", "no", "false", "usann", "n", "-"})
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula; such texts get an apostrophe in front."""
MOST_FAULTS: Final = 20


@dataclass(frozen=True)
class SheetFault:
    """One thing that is wrong: the row, the column, which kind, and what stands there.

    Kinds: "no_column", "column_twice", "unknown_column", "unknown_text", "text_twice",
    "text_missing", "not_a_mark", "fit_without_consent", "fit_and_identifies".
    """

    row: int
    column: str
    kind: str
    value: str = ""


class SheetFaults(ValueError):
    """A sheet that is not taken, with everything that is wrong with it; nothing was kept."""

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        super().__init__(f"{len(faults)} faults in the sheet")
        self.faults = tuple(faults)


def columns_of(codebook: Codebook) -> tuple[str, ...]:
    """The columns of a sheet by key: what the coder reads, one per code, the two last questions."""
    return (*LEAD, *codebook.ids, IDENTIFIES, FIT)


def headings_of(codebook: Codebook, language: str) -> tuple[str, ...]:
    """The names of the columns as a coder reads them, in one language."""
    return tuple(_texts_of(key, codebook).in_language(language) for key in columns_of(codebook))


def _texts_of(key: str, codebook: Codebook) -> Texts:
    return HEADINGS[key] if key in HEADINGS else codebook.code(key).texts


def _keys_by_heading(codebook: Codebook) -> dict[str, str]:
    """Which column each heading means: the key itself, or its name in any of the languages."""
    found: dict[str, str] = {}
    for key in columns_of(codebook):
        texts = _texts_of(key, codebook)
        for heading in (key, texts.nb, texts.nn, texts.en):
            found.setdefault(heading.strip().casefold(), key)
    return found


def sheet_rows(
    texts: Iterable[OpenText],
    codebook: Codebook,
    questions: Mapping[str, str],
    coding: Mapping[str, CodedText] | None = None,
    language: str = "en",
) -> list[tuple[str, ...]]:
    """The rows of a sheet below its columns, in the order of the texts' ids.

    `questions` gives the wording of each question; `coding` what has been marked so far.
    """
    marked = coding or {}
    yes, no = YES_AND_NO[language]
    rows = []
    for text in sorted(texts, key=lambda each: each.id):
        said = marked.get(text.id, CodedText())
        words = f"'{text.words}" if text.words.startswith(FORMULA) else text.words
        lead = (text.id, questions.get(text.question, text.question), words)
        codes = [MARK if code in said.codes else "" for code in codebook.ids]
        ends = [MARK if each else "" for each in (said.identifies, said.fit)]
        rows.append((*lead, yes if text.may_quote else no, *codes, *ends))
    return rows


def read_sheet(
    rows: Sequence[tuple[int, Sequence[str]]], texts: Iterable[OpenText], codebook: Codebook
) -> dict[str, CodedText]:
    """One coder's coding from a sheet that came back.

    `rows` are (row number, cells), the names of the columns first. The columns may stand in any
    order, and those the coder only reads may be gone, apart from the id. Raises `SheetFaults`.
    """
    known = {text.id: text for text in texts}
    keys = _keys_by_heading(codebook)
    given = [cell.strip() for cell in rows[0][1]] if rows else []
    names = [keys.get(heading.casefold(), heading) for heading in given]
    faults = _heading_faults(names, codebook)
    if faults:
        raise SheetFaults(faults)
    coding: dict[str, CodedText] = {}
    for number, cells in rows[1:]:
        row = dict(zip(names, (*cells, *[""] * len(names)), strict=False))
        if any(cell.strip() for cell in row.values()):
            faults += _take(number, row, known, codebook, coding)
    if len(faults) == 0:
        missing = sorted(known.keys() - coding.keys())
        faults += [SheetFault(0, ID, "text_missing", each) for each in missing]
    if faults:
        raise SheetFaults(faults[:MOST_FAULTS])
    return coding


def _heading_faults(names: Sequence[str], codebook: Codebook) -> list[SheetFault]:
    wanted = columns_of(codebook)
    needed = (ID, *codebook.ids, IDENTIFIES, FIT)
    filled = [name for name in names if name]
    faults = [SheetFault(1, name, "no_column") for name in needed if name not in filled]
    twice = sorted({name for name in filled if filled.count(name) > 1})
    faults += [SheetFault(1, name, "column_twice") for name in twice]
    return faults + [SheetFault(1, name, "unknown_column") for name in filled if name not in wanted]


def _take(
    number: int,
    row: Mapping[str, str],
    known: Mapping[str, OpenText],
    codebook: Codebook,
    coding: dict[str, CodedText],
) -> list[SheetFault]:
    """Put one row into the coding, or say what is wrong with it."""
    text_id = row[ID].strip()
    if text_id not in known:
        return [SheetFault(number, ID, "unknown_text", text_id[:40])]
    if text_id in coding:
        return [SheetFault(number, ID, "text_twice", text_id)]
    marks = {
        name: row.get(name, "").strip().casefold() for name in (*codebook.ids, IDENTIFIES, FIT)
    }
    faults = [
        SheetFault(number, name, "not_a_mark", mark[:40])
        for name, mark in marks.items()
        if mark not in YES | NO
    ]
    chosen = {name for name, mark in marks.items() if mark in YES}
    if FIT in chosen and not known[text_id].may_quote:
        faults.append(SheetFault(number, FIT, "fit_without_consent"))
    if FIT in chosen and IDENTIFIES in chosen:
        faults.append(SheetFault(number, FIT, "fit_and_identifies"))
    codes = frozenset(chosen & set(codebook.ids))
    coding[text_id] = CodedText(codes, IDENTIFIES in chosen, FIT in chosen)
    return faults
