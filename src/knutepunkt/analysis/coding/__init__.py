"""How do open answers become numbers by code, and which of their words may be quoted?

A codebook is data. Two coders code each text apart; what they agree on counts. The unit that is
counted is the participant, whoever wrote one text or several.
"""

from knutepunkt.analysis.coding.codebook import (
    Code,
    Codebook,
    CodebookFault,
    read_codebook,
    shipped_codebook,
)
from knutepunkt.analysis.coding.coded import CodedAnswers, CodedRound
from knutepunkt.analysis.coding.naming import identifying_words, words_of_names
from knutepunkt.analysis.coding.settling import Difference, differences, settled_codes
from knutepunkt.analysis.coding.sheet import (
    SheetFault,
    SheetFaults,
    columns_of,
    headings_of,
    read_sheet,
    sheet_rows,
)
from knutepunkt.analysis.coding.texts import (
    CodedText,
    Coding,
    OpenText,
    WrittenText,
    coding_from_json,
    coding_to_json,
    name_of_text,
)

__all__ = [
    "Code",
    "Codebook",
    "CodebookFault",
    "CodedAnswers",
    "CodedRound",
    "CodedText",
    "Coding",
    "Difference",
    "OpenText",
    "SheetFault",
    "SheetFaults",
    "WrittenText",
    "coding_from_json",
    "coding_to_json",
    "columns_of",
    "differences",
    "headings_of",
    "identifying_words",
    "name_of_text",
    "read_codebook",
    "read_sheet",
    "settled_codes",
    "sheet_rows",
    "shipped_codebook",
    "words_of_names",
]
