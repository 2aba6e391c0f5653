"""How do opened answers become rows, wherever they were opened?"""

from __future__ import annotations

import re
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

WHO = {
    "participant": pl.String,
    "group": pl.String,
    "with_slip": pl.Boolean,
    "answer": pl.String,
    "language": pl.String,
}
LANGUAGE = re.compile(r"[a-z]{2,3}")


def frame_of(
    opened: OpenedRound, round_id: str, instrument: Instrument, known: Collection[UUID]
) -> pl.DataFrame:
    """Return one row for each answer that fits the instrument and comes from a known group.

    ``answer`` names the answer itself, also where ``participant`` later becomes a person who is
    followed; ``language`` is the one it was given in, "" where it does not say.
    """
    who: dict[str, list[Any]] = {name: [] for name in WHO}
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
        who["answer"].append(str(answer.answer_ref))
        who["language"].append(_language(answer.content))
        kept.append(content)
    columns = pl.DataFrame(who, schema=WHO).with_columns(round=pl.lit(round_id))
    return pl.concat([columns, answers_frame(instrument, kept)], how="horizontal")


def _fits(instrument: Instrument, content: object) -> bool:
    if not isinstance(content, dict):
        return False
    try:
        validate_answers(instrument, content)
    except AnswersRefused:
        return False
    return True


def _language(content: Mapping[str, object]) -> str:
    """The language an answer says it was given in, if it is one; a browser can send anything."""
    told = content.get("language")
    return told if isinstance(told, str) and LANGUAGE.fullmatch(told) else ""
