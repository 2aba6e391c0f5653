"""How do opened answers become rows, wherever they were opened?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import polars as pl

from knutepunkt.analysis.instruments import (
    AnswersRefused,
    Instrument,
    answers_frame,
    validate_answers,
)
from knutepunkt.responses.queries import OpenedRound


def frame_of(
    opened: OpenedRound, round_id: str, instrument: Instrument, known: Collection[UUID]
) -> pl.DataFrame:
    """Return one row for each answer that fits the instrument and comes from a known group."""
    who: dict[str, list[Any]] = {"participant": [], "group": [], "with_slip": []}
    kept: list[Mapping[str, Any]] = []
    for answer in opened.answers:
        content = answer.content.get("answers")
        is_asked = answer.content.get("instrument") == instrument.hash
        if answer.group_ref not in known or not is_asked or not _fits(instrument, content):
            continue
        assert isinstance(content, dict)
        who["participant"].append(str(answer.answer_ref))
        who["group"].append(str(answer.group_ref))
        who["with_slip"].append(answer.by_slip)
        kept.append(content)
    schema = {"participant": pl.String, "group": pl.String, "with_slip": pl.Boolean}
    columns = pl.DataFrame(who, schema=schema).with_columns(round=pl.lit(round_id))
    return pl.concat([columns, answers_frame(instrument, kept)], how="horizontal")


def _fits(instrument: Instrument, content: object) -> bool:
    if not isinstance(content, dict):
        return False
    try:
        validate_answers(instrument, content)
    except AnswersRefused:
        return False
    return True
