"""What stands on a coder's page: texts with boxes, and texts the two coded differently?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knutepunkt.analysis.coding import (
    Codebook,
    CodedText,
    Coding,
    Difference,
    OpenText,
    shipped_codebook,
)
from knutepunkt.analysis.coding.sheet import FIT, HEADINGS, IDENTIFIES
from knutepunkt.evaluations.vocabulary import field_of

PER_PAGE = 10


@dataclass(frozen=True)
class Box:
    """One box to tick: its field, its words, and whether it is ticked."""

    field: str
    label: str
    is_ticked: bool


@dataclass(frozen=True)
class TextOnPage:
    """One text on a coder's page."""

    id: str
    number: int
    question: str
    words: str
    language: str
    may_quote: bool
    codes: tuple[Box, ...]
    identifies: Box
    fit: Box
    error: str = ""


def shipped_themes(language: str) -> list[str]:
    """The themes of the codebook that comes with the site, in words."""
    return [code.texts.in_language(language) for code in shipped_codebook().codes]


def texts_on_page(
    texts: Sequence[OpenText],
    codebook: Codebook,
    marked: Coding,
    *,
    questions: dict[str, str],
    language: str,
    page: int,
    errors: dict[str, str],
) -> list[TextOnPage]:
    """The texts of one page of the form, with what has been marked."""
    first = (page - 1) * PER_PAGE
    names = {key: texts_.in_language(language) for key, texts_ in HEADINGS.items()}
    found = []
    for number, text in enumerate(texts[first : first + PER_PAGE], start=first + 1):
        said = marked.get(text.id, CodedText())
        found.append(
            TextOnPage(
                text.id,
                number,
                questions.get(text.question, ""),
                text.words,
                text.language,
                text.may_quote,
                tuple(
                    Box(
                        field_of(text.id, code.id),
                        code.texts.in_language(language),
                        code.id in said.codes,
                    )
                    for code in codebook.codes
                ),
                Box(field_of(text.id, IDENTIFIES), names[IDENTIFIES], said.identifies),
                Box(field_of(text.id, FIT), names[FIT], said.fit),
                errors.get(text.id, ""),
            )
        )
    return found


@dataclass(frozen=True)
class DifferenceOnPage:
    """A text the two coded differently: what both gave, and what one of them gave."""

    number: int
    question: str
    words: str
    language: str
    both: tuple[str, ...]
    in_dispute: tuple[Box, ...]
    is_settled: bool
    id: str


def differences_on_page(
    found: Sequence[Difference],
    codebook: Codebook,
    settled: Coding,
    *,
    questions: dict[str, str],
    language: str,
    page: int,
) -> list[DifferenceOnPage]:
    """The differences of one page, with what has been settled."""
    first = (page - 1) * PER_PAGE
    shown = []
    for number, each in enumerate(found[first : first + PER_PAGE], start=first + 1):
        said = settled.get(each.text.id)
        codes = [code for code in codebook.codes if code.id in each.first.codes | each.second.codes]
        shown.append(
            DifferenceOnPage(
                number,
                questions.get(each.text.question, ""),
                each.text.words,
                each.text.language,
                tuple(
                    code.texts.in_language(language)
                    for code in codes
                    if code.id not in each.in_dispute
                ),
                tuple(
                    Box(
                        field_of(each.text.id, code.id),
                        code.texts.in_language(language),
                        said is not None and code.id in said.codes,
                    )
                    for code in codes
                    if code.id in each.in_dispute
                ),
                said is not None,
                each.text.id,
            )
        )
    return shown


def pages_of(count: int) -> int:
    """How many pages so many texts fill; one when there are none."""
    return max(1, -(-count // PER_PAGE))
