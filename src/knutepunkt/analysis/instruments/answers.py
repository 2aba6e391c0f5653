"""How do the fields of a web form become answers, and many answers a frame?"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from knutepunkt.analysis.instruments.instrument import Instrument
from knutepunkt.analysis.instruments.items import Item, ItemKind
from knutepunkt.analysis.instruments.validator import AnswerFault, AnswersRefused

MAY_QUOTE = ".may_quote"
WHOLE = re.compile(r"-?[0-9]{1,9}")
DECIMAL = re.compile(r"-?[0-9]{1,9}[.,][0-9]{1,6}")


def answers_from_form(
    instrument: Instrument,
    fields: Mapping[str, Sequence[str]],
    *,
    beside: Collection[str] = (),
) -> dict[str, Any]:
    """Answers, not yet validated, from a form whose fields are named by item id.

    `fields` maps a field name to its submitted strings. `ID.may_quote` present and non-empty means
    yes. An empty field is no answer. `beside` names the form's fields that are no answers; any
    other unknown name raises `AnswersRefused`. What cannot be read as a number is passed on as it
    is, for `validate_answers` to refuse.
    """
    known = {item.id: item for item in instrument.items if item.takes_an_answer}
    quoted = {item.id + MAY_QUOTE for item in known.values() if item.consent_to_quote}
    strange = [name for name in fields if name not in known.keys() | quoted | set(beside)]
    if strange:
        raise AnswersRefused(AnswerFault(name, "unknown_item") for name in strange)
    answers = {}
    for name, item in known.items():
        given = [text for text in fields.get(name, ()) if text.strip()]
        if given:
            may_quote = any(fields.get(name + MAY_QUOTE, ()))
            answers[name] = _value(item, given, may_quote=may_quote)
    return answers


def _value(item: Item, given: list[str], *, may_quote: bool) -> Any:
    if item.kind is ItemKind.FREE_TEXT:
        text = "\n".join(given).replace("\r\n", "\n").replace("\r", "\n").strip()
        return {"text": text, "may_quote": may_quote}
    values = [_number(text.strip(), whole=item.whole_numbers) for text in given]
    if len(values) > 1:
        return values
    outside = isinstance(values[0], int) and values[0] < 0
    return values if item.kind is ItemKind.MULTIPLE_CHOICE and not outside else values[0]


def _number(text: str, *, whole: bool) -> float | int | str:
    if WHOLE.fullmatch(text):
        return int(text) if whole else float(text)
    if DECIMAL.fullmatch(text) and not whole:
        return float(text.replace(",", "."))
    return text


def frame_schema(instrument: Instrument) -> dict[str, pl.DataType]:
    """The columns of `answers_frame`: Int8 codes, List(Int8), Float64, or String and Boolean."""
    columns: dict[str, pl.DataType] = {}
    for item in instrument.items_in_order:
        if item.kind in (ItemKind.SINGLE_CHOICE, ItemKind.SCALE):
            columns[item.id] = pl.Int8()
        elif item.kind is ItemKind.MULTIPLE_CHOICE:
            columns[item.id] = pl.List(pl.Int8)
        elif item.kind is ItemKind.NUMBER:
            columns[item.id] = pl.Float64()
        elif item.kind is ItemKind.FREE_TEXT:
            columns[item.id] = pl.String()
            columns[item.id + MAY_QUOTE] = pl.Boolean()
    return columns


def answers_frame(instrument: Instrument, answers: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """One row per participant's validated answers, in the order given; null for no answer.

    A multiple choice answered by one code outside the options is the list of that code. A text
    whose consent was not asked or not given has False in its `.may_quote` column.
    """
    schema = frame_schema(instrument)
    rows = list(answers)
    columns: dict[str, list[Any]] = {name: [None] * len(rows) for name in schema}
    for place, row in enumerate(rows):
        for item_id, value in row.items():
            if isinstance(value, dict):
                columns[item_id + MAY_QUOTE][place] = bool(value.get("may_quote", False))
                value = value["text"]
            nested = isinstance(schema[item_id], pl.List) and not isinstance(value, list)
            columns[item_id][place] = [value] if nested else value
    return pl.DataFrame(columns, schema=schema)
