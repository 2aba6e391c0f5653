"""Which open answers does a round hold, under which names, and who has said what of them?

A text's name is a keyed function of the answer it stands in and of the question. The key follows
from the round's own, so that no list joins the two: whoever cannot open the answers cannot find the
answer a text is from, and two texts by the same person have names that do not go together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import polars as pl

from knutepunkt.analysis.coding import (
    Codebook,
    CodedAnswers,
    CodedRound,
    Coding,
    OpenText,
    WrittenText,
    coding_from_json,
    coding_to_json,
    name_of_text,
    words_of_names,
)
from knutepunkt.analysis.disclosure import Audience, Policy
from knutepunkt.analysis.disclosure.interval import Crowd
from knutepunkt.analysis.instruments import Instrument, ItemKind
from knutepunkt.directory.queries import names_around
from knutepunkt.evaluations.extract.laying import frame_of
from knutepunkt.evaluations.lifecycle import SETTLED
from knutepunkt.evaluations.models import Coder, TextCoding
from knutepunkt.people.queries import people_with_role
from knutepunkt.responses.actions import keep_coding
from knutepunkt.responses.queries import opened_answers
from knutepunkt.responses.queries.codings import kept_codings
from knutepunkt.shared.disclosure_policy import policy_of
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.queries.rounds import frame_design

MAY_QUOTE = ".may_quote"


def open_items(instrument: Instrument) -> tuple[str, ...]:
    """The ids of the questions that are answered in one's own words."""
    return tuple(item.id for item in instrument.items_in_order if item.kind is ItemKind.FREE_TEXT)


def texts_in(
    frame: pl.DataFrame, instrument: Instrument, naming_key: bytes
) -> tuple[WrittenText, ...]:
    """The texts of one round's frame, in the order of their names, which are random."""
    found = []
    for item in open_items(instrument):
        columns = frame.select("participant", "answer", "language", item, f"{item}{MAY_QUOTE}")
        for person, answer, language, words, may_quote in columns.iter_rows():
            if words is None or not words.strip():
                continue
            name = name_of_text(naming_key, f"{answer} {item}")
            found.append(
                WrittenText(person, OpenText(name, item, words, bool(may_quote), language or ""))
            )
    return tuple(sorted(found, key=lambda each: each.text.id))


def enough_wrote(frame: pl.DataFrame, instrument: Instrument, policy: Policy) -> pl.DataFrame:
    """Empty each open question that too few answered for anybody to read their words.

    Words tell more than a number does. Nobody reads them where the number of their writers could
    not be told to a centre either: too few people, or all of them from too few groups.
    """
    with_slip = frame.filter(pl.col("with_slip"))
    sizes = sorted(with_slip.group_by("group").len()["len"].to_list(), reverse=True)
    threshold = policy.threshold(Audience.CENTRE)
    for item in open_items(instrument):
        wrote = with_slip.filter(pl.col(item).str.strip_chars() != "").height
        if not Crowd(wrote, tuple(sizes), threshold).supports_figures(policy):
            frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(item))
    return frame


def reading_policy(asked: Round) -> Policy:
    """The policy by which a round's words may be read; raises ``PolicyRefused``."""
    survey = asked.survey
    return policy_of(survey.organisation.slug, sensitive=survey.is_sensitive)


def texts_for_coders(coding: TextCoding) -> tuple[OpenText, ...]:
    """Open the round and return its texts alone: no group, no other answer, nobody's order."""
    described = frame_design(coding.round)
    opened = opened_answers(coding.round_id)
    known = {group.ref for group in described.groups}
    frame = frame_of(opened, str(coding.round_id), described.instrument, known)
    frame = enough_wrote(frame, described.instrument, reading_policy(coding.round))
    return tuple(each.text for each in texts_in(frame, described.instrument, opened.naming_key))


def keep(coding: TextCoding, ref: UUID, said: Coding) -> None:
    """Keep what a coder said, or what was settled (``ref`` is then the coding's own)."""
    keep_coding(round_ref=coding.round_id, coding_ref=ref, content=coding_to_json(said))


def said_in(coding: TextCoding) -> dict[UUID, dict[str, Any]]:
    """What each coder said so far, by coder, and under the coding's own id what was settled."""
    kept = kept_codings(coding.round_id)
    return {ref: coding_from_json(content) for ref, content in kept.items()}


def names_of(asked: Round) -> frozenset[str]:
    """The words that name a group, a place, or somebody of the centre, in small letters."""
    organisation = asked.survey.organisation
    staff = [person.name for person in people_with_role(organisation)]
    return words_of_names([*names_around(organisation), *staff])


def coded_round(
    coding: TextCoding, texts: Iterable[WrittenText], names: frozenset[str]
) -> CodedRound:
    """What the two coders of a round said of its texts."""
    said = said_in(coding)
    first, second = (said.get(coder.pk, {}) for coder in coders_of(coding))
    return CodedRound(tuple(texts), first, second, said.get(coding.pk, {}), names)


def coders_of(coding: TextCoding) -> list[Coder]:
    """The two coders, in the order of their random ids."""
    return list(coding.coders.order_by("pk"))


def coded_answers(
    rounds: Iterable[Round], texts: Mapping[UUID, tuple[WrittenText, ...]]
) -> CodedAnswers | None:
    """The settled codings of these rounds; None where there are none.

    Rounds coded with another codebook than the last one's are left out: their themes are not the
    same.
    """
    settled = {
        coding.round_id: coding
        for coding in TextCoding.objects.filter(round__in=list(rounds), state=SETTLED)
    }
    if not settled:
        return None
    last = [settled[asked.pk] for asked in rounds if asked.pk in settled][-1]
    return CodedAnswers(
        Codebook.from_json(last.codebook),
        {
            str(asked.pk): coded_round(settled[asked.pk], texts[asked.pk], names_of(asked))
            for asked in rounds
            if asked.pk in settled and settled[asked.pk].codebook == last.codebook
        },
    )
