"""Which answers does a file hold, as numbers and codes inside their ranges?"""

from __future__ import annotations

import polars as pl

from knutepunkt.cli.existing.description import (
    Description,
    QuestionDescription,
    ScaleDescription,
)
from knutepunkt.cli.existing.problems import BadInput, Place
from knutepunkt.cli.existing.questionnaire import item_id
from knutepunkt.cli.existing.reading import Table


def outcomes(table: Table, frame: pl.DataFrame, description: Description) -> pl.DataFrame:
    """The keys of every row and one column per question, score and item, named as the items are.

    Raises BadInput for what is no number, lies outside its range, or is not among the options.
    """
    wanted: list[pl.Series] = []
    for scale in description.scales:
        wanted += [_codes(table, frame, scale, item) for item in scale.items]
    for score in description.scores:
        source = score.column or f"_{score.id}"
        named = score.column or "/".join(score.columns.values())
        values = _numbers(table, frame, source, named)
        _within(table, frame, values, score.low, score.high, named)
        wanted.append(values.alias(item_id(score.id)))
    for question in description.questions:
        wanted.append(_options(table, frame, question))
    return frame.select(
        "_row",
        "participant",
        "round",
        *(name for name in ("group", "organisation") if name in frame.columns),
    ).with_columns(wanted)


def _numbers(table: Table, frame: pl.DataFrame, column: str, named: str) -> pl.Series:
    values = frame[column]
    if values.dtype == pl.String:
        numbers = values.str.strip_chars().str.replace(",", ".").cast(pl.Float64, strict=False)
        wrong = frame.filter(values.is_not_null() & numbers.is_null())
        if wrong.height:
            raise BadInput(
                Place(table.file, int(wrong["_row"][0]), named),
                f"{wrong[column][0]!r} is not a number.",
                "Correct it, or list it under [missing].",
            )
        return numbers
    return values.cast(pl.Float64)


def _within(
    table: Table, frame: pl.DataFrame, values: pl.Series, low: float, high: float, named: str
) -> None:
    outside = frame.filter(values.is_not_null() & ~values.is_between(low, high).fill_null(False))
    if outside.height:
        row = int(outside["_row"][0])
        value = values.filter(frame["_row"] == row).drop_nulls()
        raise BadInput(
            Place(table.file, row, named),
            f"{float(value[0]):g} lies outside {low:g} to {high:g}.",
            "Correct it, widen low and high, or list it under [missing].",
        )


def _codes(table: Table, frame: pl.DataFrame, scale: ScaleDescription, item: str) -> pl.Series:
    """Return the item's answers as codes 1..k, whatever number the file starts from."""
    values = _numbers(table, frame, item, item)
    _within(table, frame, values, scale.low, scale.high, item)
    broken = frame.filter(values.is_not_null() & (values != values.round()))
    if broken.height:
        raise BadInput(
            Place(table.file, int(broken["_row"][0]), item),
            "An item of a scale is a whole number.",
            "Describe a column with decimals under [[scores]].",
        )
    return (values - (scale.low - 1)).cast(pl.Int8).alias(item_id(item))


def _options(table: Table, frame: pl.DataFrame, question: QuestionDescription) -> pl.Series:
    codes = {value: code for code, value in enumerate(question.options, start=1)}
    values = frame[question.column]
    text = values.cast(pl.String).str.replace(r"\.0$", "")
    unknown = frame.filter(text.is_not_null() & ~text.is_in(list(codes)))
    if unknown.height:
        raise BadInput(
            Place(table.file, int(unknown["_row"][0]), question.column),
            f"{unknown[question.column][0]!r} is not among the options.",
            f"Add it to options of {question.id}, or list it under [missing].",
        )
    return text.replace_strict(codes, default=None, return_dtype=pl.Int8).alias(
        item_id(question.id)
    )
