"""Which columns are closed questions, and how is each written in a first design?"""

from __future__ import annotations

import json
from collections.abc import Iterable

import polars as pl

from knutepunkt.cli.existing.ordering import options_in_order
from knutepunkt.cli.existing.reading import Table

#: More words than this in a column is text, not the options of a question.
MOST_OPTIONS = 11
#: A column of words is a question where each word stands in at least this many rows on average.
ROWS_PER_OPTION = 4


def is_question(frame: pl.DataFrame, name: str) -> bool:
    """Whether the column holds a few words or two numbers, again and again."""
    held = frame[name].drop_nulls()
    options = held.n_unique()
    if held.dtype.is_numeric() or held.dtype == pl.Boolean:
        return options == 2
    few = 2 <= options <= MOST_OPTIONS
    return held.dtype == pl.String and few and options * ROWS_PER_OPTION <= held.len()


def question_lines(table: Table, ids: dict[str, str]) -> list[str]:
    """Write the columns named in `ids` as questions; the value is each question's identifier."""
    lines: list[str] = []
    for name, identifier in ids.items():
        words = _values(table.frame[name])
        ordered = options_in_order(words)
        labels = {f"{code:g}": text for code, text in table.value_labels.get(name, {}).items()}
        shown = ", ".join(
            f"{_quoted(word)} = {_quoted(labels.get(word, word))}" for word in ordered or words
        )
        lines += [
            "[[questions]]            # a closed question, reported as shares",
            f"id = {_quoted(identifier)}",
            f"name = {_quoted(table.column_labels.get(name, name))}",
            f"column = {_quoted(name)}",
            f"options = {{ {shown} }}",
            *_about_order(ordered is not None or len(words) == 2),
            "",
        ]
    return lines


def _values(values: pl.Series) -> tuple[str, ...]:
    texts = values.drop_nulls().unique().sort().cast(pl.String)
    return tuple(text.removesuffix(".0") for text in texts)


def _about_order(known: bool) -> Iterable[str]:
    if known:
        return ("# harm = true            # where it asks about something bad",)
    return (
        "ordered = false          # true once the options stand from the least to the most",
        "# harm = true            # where it asks about something bad",
    )


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
