"""How does a frame of answer codes become item values and scale scores?"""

from __future__ import annotations

import polars as pl

from knutepunkt.analysis.instruments.instrument import Instrument
from knutepunkt.analysis.instruments.items import Item, ItemKind
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.instruments.validator import outside_codes_of


def item_value(instrument: Instrument, item: Item) -> pl.Expr:
    """The value of a scale item, turned where the item is reversed.

    Input: a column named by the item id with codes 1..k, null for no answer and negative codes for
    "does not apply" and "prefer not to say". Output: Int16 codes low..high with null for all that
    is not an option; a reversed item gives low + high - code. A number (the one item of a score
    that was made elsewhere) is itself, as Float64.
    """
    if item.kind is ItemKind.NUMBER:
        return pl.col(item.id).cast(pl.Float64)
    answers = instrument.response_set_of(item)
    code = pl.col(item.id).cast(pl.Int16)
    # Only the two known codes outside the options may vanish here; anything else is an error
    # that `outside_codes` finds, since answers are validated before they are scored.
    value = pl.when(code >= answers.low, code <= answers.high).then(code)
    turned = (answers.low + answers.high) - value if item.reversed else value
    return turned.alias(item.id)


def scale_score(instrument: Instrument, scale: Scale) -> pl.Expr:
    """The score of one scale per row, Float64 on low..high, named by the scale id.

    score = sum of the answered items' values / number answered, when at least
    `scale.least_answered` items are answered; otherwise null. An answer that is no option ("does
    not apply", "prefer not to say") counts as not answered. Source: the person-mean rule with a
    two-thirds requirement (half-rule family; Fayers and Machin, Quality of Life, ch. 15).
    """
    values = [item_value(instrument, instrument.item(item)) for item in scale.items]
    answered = pl.sum_horizontal([value.is_not_null().cast(pl.Int16) for value in values])
    total = pl.sum_horizontal(values, ignore_nulls=True)
    mean = total.cast(pl.Float64) / answered
    return pl.when(answered >= scale.least_answered).then(mean).alias(scale.id)


def score_expressions(instrument: Instrument) -> tuple[pl.Expr, ...]:
    """One expression per scale, in the order of the instrument."""
    return tuple(scale_score(instrument, scale) for scale in instrument.scales)


def score(frame: pl.DataFrame, instrument: Instrument) -> pl.DataFrame:
    """The frame with one Float64 column more per scale.

    `frame` has one row per answer and a column per scale item (see `item_value`); other columns
    pass through. Raises polars' ColumnNotFoundError when an item of a scale has no column.
    """
    return frame.with_columns(score_expressions(instrument))


def outside_codes(frame: pl.DataFrame, instrument: Instrument) -> dict[str, int]:
    """How many codes per closed single-answer column are neither an option nor a known exception.

    Returns {item id: count} for columns with at least one; an empty dict when all is well.
    """
    counts: dict[str, int] = {}
    for item in instrument.items:
        if item.id not in frame.columns or not item.is_closed:
            continue
        if frame.schema[item.id].is_nested():
            continue
        allowed = [*instrument.response_set_of(item).codes, *outside_codes_of(item)]
        strange = (frame[item.id].is_not_null() & ~frame[item.id].is_in(allowed)).sum()
        if strange:
            counts[item.id] = int(strange)
    return counts
