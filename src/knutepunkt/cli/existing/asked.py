"""In which rounds was a question asked, where the design says so?

The design says it, and never the answers: that a column is empty in a round may mean that nobody
was asked, or that nobody wanted to answer, and only the first may be told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

import polars as pl

from knutepunkt.cli.existing.description import Description
from knutepunkt.cli.existing.problems import BadInput, Place
from knutepunkt.cli.existing.questionnaire import item_id
from knutepunkt.cli.existing.reading import Table

#: The item's id, the column in the file, and the rounds in which the design says it was asked.
Said = tuple[str, str, tuple[str, ...]]


def said_of_rounds(description: Description) -> Iterator[Said]:
    """Each question the design describes; no rounds where it says nothing of them."""
    for scale in description.scales:
        yield from ((item_id(item), item, _names(scale.rounds)) for item in scale.items)
    for score in description.scores:
        # Columns beside each other name their rounds themselves.
        rounds = tuple(score.columns) or _names(score.rounds)
        yield item_id(score.id), score.column or score.id, rounds
    for question in description.questions:
        yield item_id(question.id), question.column, _names(question.rounds)
    for text in description.texts:
        yield item_id(text.id), text.column, _names(text.rounds)


def asked_in(description: Description, round_name: str) -> frozenset[str] | None:
    """The ids of what was asked in a round, or None where the design limits nothing."""
    said = list(said_of_rounds(description))
    if not any(rounds for _, _, rounds in said):
        return None
    return frozenset(item for item, _, rounds in said if not rounds or round_name in rounds)


def check_rounds(
    table: Table, frame: pl.DataFrame, description: Description, rounds: Sequence[str]
) -> tuple[str, ...]:
    """Refuse answers to what was not asked; return a sentence for each column empty in a round.

    ``frame`` holds the answers by round under the items' ids.
    """
    remarks = []
    for item, column, asked in said_of_rounds(description):
        unknown = [name for name in asked if name not in rounds]
        if unknown:
            raise BadInput(
                Place(table.file, column=column),
                f"The design says it was asked in {unknown[0]!r}, and the file has no such round.",
                f"The file's rounds are: {', '.join(map(repr, rounds))}.",
            )
        if item not in frame.columns:
            continue
        answered = frame.filter(pl.col(item).is_not_null())
        strange = answered.filter(~pl.col("round").is_in(asked)) if asked else answered.clear()
        if strange.height:
            row = strange.row(0, named=True)
            raise BadInput(
                Place(table.file, int(row["_row"]), column),
                f"There is an answer in {row['round']!r}, where the design says it was not asked.",
                "Add the round to rounds, or correct the answer.",
            )
        held = set(answered["round"].to_list())
        remarks += [
            f"The column {column!r} is empty in {name!r}. If it was not asked then, write where it "
            "was: rounds = [...]. Until then the report says that it is not shown."
            for name in rounds
            if name not in held and not asked
        ]
    return tuple(remarks)


def _names(given: Sequence[str]) -> tuple[str, ...]:
    """Names of rounds, as those of the file are read."""
    return tuple(" ".join(unicodedata.normalize("NFC", name).split()) for name in given)
