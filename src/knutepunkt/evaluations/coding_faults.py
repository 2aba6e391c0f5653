"""In which words is it told what is wrong in a codebook or a coding sheet, where, and what to do?"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from knutepunkt.analysis.coding import Codebook, CodebookFault, SheetFault, headings_of
from knutepunkt.analysis.coding.sheet import columns_of

SHEET_SENTENCES: dict[str, str | Promise] = {
    "no_column": gettext_lazy(
        "Row 1: the column “{column}” is missing. Take a fresh sheet, or put the column back."
    ),
    "column_twice": gettext_lazy("Row 1: the column “{column}” stands twice. Remove one of them."),
    "unknown_column": gettext_lazy(
        "Row 1: the column “{column}” is not in the codebook. Remove it."
    ),
    "unknown_text": gettext_lazy(
        "Row {row}, column “{column}”: no text here is called “{value}”. Use the sheet of this round."
    ),
    "text_twice": gettext_lazy(
        "Row {row}, column “{column}”: the text “{value}” stands twice. Keep one of the rows."
    ),
    "text_missing": gettext_lazy(
        "The text “{value}” is missing from the sheet. Put its row back, also if it has no codes."
    ),
    "not_a_mark": gettext_lazy(
        "Row {row}, column “{column}”: “{value}” is no mark. Write x, or leave the cell empty."
    ),
    "fit_without_consent": gettext_lazy(
        "Row {row}, column “{column}”: whoever wrote this has not said yes to being quoted. "
        "Leave the cell empty."
    ),
    "fit_and_identifies": gettext_lazy(
        "Row {row}, column “{column}”: a text where somebody can be recognised is not quoted. "
        "Leave the cell empty."
    ),
}
CODEBOOK_SENTENCES: dict[str, str | Promise] = {
    "empty": gettext_lazy("There are no codes. Write one on each line."),
    "no_name": gettext_lazy(
        "Line {line}: write a short name, a colon, and what the code means: “hope: Hope”."
    ),
    "bad_id": gettext_lazy(
        "Line {line}: “{value}” cannot be a short name. Use small letters a–z, digits and _."
    ),
    "twice": gettext_lazy(
        "Line {line}: the short name “{value}” stands twice. Change one of them."
    ),
    "name_twice": gettext_lazy(
        "Line {line}: “{value}” is called the same as another code. Change one of them."
    ),
    "names": gettext_lazy(
        "Line {line}: write one name, or three with | between: bokmål | nynorsk | English."
    ),
    "too_long": gettext_lazy("Line {line}: the name is longer than 120 characters. Shorten it."),
    "too_many": gettext_lazy("There are {value} codes. Thirty is the most."),
}


def sheet_sentence(fault: SheetFault, codebook: Codebook, language: str) -> str:
    """What is wrong in a sheet, where, and what to do."""
    names = dict(zip(columns_of(codebook), headings_of(codebook, language), strict=True))
    return str(SHEET_SENTENCES[fault.kind]).format(
        row=fault.row, column=names.get(fault.column, fault.column), value=fault.value
    )


def codebook_sentence(fault: CodebookFault) -> str:
    """What is wrong in a codebook, on which line, and what to do."""
    return str(CODEBOOK_SENTENCES[fault.kind]).format(line=fault.line, value=fault.value)
