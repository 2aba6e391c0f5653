"""How do closed rounds become frames for the analysis, and who is behind what was released?

This is one of the two doors to the vault, and the only reader and writer of contributor sets.
What leaves this module is handed to the analysis and never shown: figures come from the gate.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import polars as pl

from knutepunkt.analysis.coding import CodedAnswers
from knutepunkt.analysis.disclosure import Audience, Judgement, Ledger, RecordSet
from knutepunkt.analysis.disclosure.ledger import LedgerEntry
from knutepunkt.analysis.instruments import Texts
from knutepunkt.analysis.linking import Linkage
from knutepunkt.analysis.report import Conduct, Design, GroupInvited, Protocol, RoundDesign
from knutepunkt.evaluations.extract.following import People, let_go, people_of
from knutepunkt.evaluations.extract.laying import frame_of
from knutepunkt.evaluations.extract.texts import (
    coded_answers,
    enough_wrote,
    reading_policy,
    texts_in,
)
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.responses.actions import remember_contributors
from knutepunkt.responses.queries import contributors, opened_answers, slip_tallies
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.queries.rounds import FrameDesign, frame_design
from knutepunkt.surveys.vocabulary import Channel

__all__ = ["Material", "design_of", "ledger_for", "let_go", "material_of", "remember"]

SHIPPED_ATTENDANCE = "OPP2"


@dataclass(frozen=True)
class Material:
    """Everything a report is made of."""

    design: Design
    frame: pl.DataFrame
    coded: CodedAnswers | None = None


def material_of(evaluation: Evaluation, identities: Mapping[UUID, str] | None = None) -> Material:
    """Open the evaluation's rounds and lay the answers out, one row per answer.

    ``identities`` are keys handed in for rounds whose key lies offline. Raises the vault's
    refusals where a round is open or its key is missing.
    """
    rounds = list(evaluation.rounds.select_related("survey__organisation").order_by("number"))
    people = people_of(evaluation.survey, identities)
    frames, left_out, designs, texts = [], 0, [], {}
    for asked in rounds:
        described = frame_design(asked)
        frame, skipped, naming_key = _frame(asked, described, (identities or {}).get(asked.pk))
        frames.append(_with_people(frame, people))
        read = enough_wrote(frames[-1], described.instrument, reading_policy(asked))
        texts[asked.pk] = texts_in(read, described.instrument, naming_key)
        left_out += skipped
        designs.append(_round_design(asked, described))
    design = replace(
        _design(evaluation, rounds, tuple(designs)),
        linked=people is not None and len(rounds) > 1,
        linkages=_linkages(people, rounds),
        left_out=left_out,
    )
    coded = coded_answers(rounds, texts)
    return Material(design, pl.concat(frames, how="diagonal_relaxed"), coded)


def _with_people(frame: pl.DataFrame, people: People | None) -> pl.DataFrame:
    """Name answers by their persons where people are followed."""
    if people is None:
        return frame
    names = [people.person.get(ref, ref) for ref in frame["participant"]]
    return frame.with_columns(participant=pl.Series(names, dtype=pl.String))


def _linkages(people: People | None, rounds: Sequence[Round]) -> dict[str, Linkage]:
    if people is None:
        return {}
    found = {str(asked.pk): people.linkage(str(asked.pk)) for asked in rounds[1:]}
    return {name: linkage for name, linkage in found.items() if linkage is not None}


def design_of(evaluation: Evaluation, rounds: Sequence[Round]) -> Design:
    """Return everything but the answers: whom was asked, with which questions, under which plan."""
    designs = tuple(_round_design(asked, frame_design(asked)) for asked in rounds)
    return _design(evaluation, rounds, designs)


def _frame(
    asked: Round, described: FrameDesign, identity: str | None
) -> tuple[pl.DataFrame, int, bytes]:
    """Return the round's valid answers as a frame. What does not fit the instrument is left out.

    With it how many were left out, and the key under which its texts have their names.
    """
    opened = opened_answers(asked.pk, identity)
    known = {group.ref for group in described.groups}
    frame = frame_of(opened, str(asked.pk), described.instrument, known)
    left_out = opened.left_out + len(opened.answers) - frame.height
    return frame, left_out, opened.naming_key


def _round_design(asked: Round, described: FrameDesign) -> RoundDesign:
    tallies = slip_tallies(asked.pk)
    return RoundDesign(
        id=str(asked.pk),
        label=_round_label(asked),
        opened=asked.opens_on,
        closed=asked.closed_on or asked.closes_on,
        groups=tuple(
            GroupInvited(
                str(group.ref),
                handed_out=group.slips,
                used=tallies[group.ref].used,
                county=group.county,
                members=group.members,
            )
            for group in described.groups
            if group.ref in tallies
        ),
        is_closed=asked.is_closed,
        asked=frozenset(item.id for item in described.instrument.items),
    )


def _round_label(asked: Round) -> Texts:
    year, autumn = asked.opens_on.year, asked.opens_on.month >= 7
    return Texts(
        nb=f"{'høsten' if autumn else 'våren'} {year}",
        nn=f"{'hausten' if autumn else 'våren'} {year}",
        en=f"{'autumn' if autumn else 'spring'} {year}",
    )


def _design(
    evaluation: Evaluation, rounds: Sequence[Round], designs: tuple[RoundDesign, ...]
) -> Design:
    described = frame_design(rounds[-1])
    last_day = max(asked.closed_on or asked.closes_on for asked in rounds)
    locked_at = evaluation.survey.protocol.locked_at
    name = evaluation.organisation.name
    return Design(
        title=described.instrument.title,
        organisation=Texts(nb=name, nn=name, en=name),
        instrument=described.instrument,
        rounds=designs,
        protocol=Protocol(
            hash=described.protocol_hash,
            locked_on=locked_at.date() if locked_at else last_day,
            dated=last_day,
            primary=described.protocol.get("primary_outcome"),
            deviations=tuple(_deviation(*each) for each in described.deviations),
        ),
        audience=Audience(evaluation.audience),
        attendance=_attendance(described),
        conduct=_conduct(evaluation, rounds),
        sensitive_theme=described.is_sensitive,
        example=evaluation.organisation.is_example,
    )


def _conduct(evaluation: Evaluation, rounds: Sequence[Round]) -> Conduct:
    """How the survey was carried out, as it was set up; nothing of it comes from an answer."""
    survey = evaluation.survey
    described = [frame_design(asked) for asked in rounds]
    used = {group.channel for each in described for group in each.groups}
    by_questions = "card_and_questions" if survey.asks_about_oneself else "card"
    return Conduct(
        channels=tuple(channel for channel in Channel.values if channel in used),
        follows=by_questions if survey.follows_people else "nobody",
        key=survey.key_holding,
        asks_to_quote=any(item.consent_to_quote for item in described[-1].instrument.items),
        started_from=survey.groups_from,
        started_until=survey.groups_until,
    )


def _attendance(described: FrameDesign) -> str | None:
    """The question of attendance: the protocol's, or the one the participant survey ships with."""
    named = described.protocol.get("attendance", SHIPPED_ATTENDANCE)
    ids = {item.id for item in described.instrument.items}
    return named if named in ids else None


def _deviation(day: dt.date, what: str, why: str) -> Texts:
    text = f"{day.isoformat()}: {what} {why}"
    return Texts(nb=text, nn=text, en=text)


def ledger_for(
    entries: Sequence[LedgerEntry], rounds: Sequence[UUID], drafts: Sequence[UUID] = ()
) -> Ledger:
    """Return the whole ledger with the contributor sets that can be compared with these rounds.

    ``drafts`` are reports that were made and not released; staff have seen what they say.

    Records of different rounds are never compared, so sets of other rounds are not fetched; they
    are named as rounds the gate need not look for. A set of one of *these* rounds that is gone
    makes the gate refuse.
    """
    releases = [UUID(entry.release) for entry in entries]
    kept = contributors(releases, rounds)
    found = {key: RecordSet.from_json(stored) for key, stored in kept.items()}
    seen = tuple(each for draft in drafts for each in _preview(draft, rounds))
    return replace(ledger_alone(entries, rounds), contributors=found, previews=seen)


def ledger_alone(entries: Sequence[LedgerEntry], rounds: Sequence[UUID]) -> Ledger:
    """Return what was told, of whom there is nothing here: all but these rounds may be forgotten."""
    wanted = {str(one) for one in rounds}
    statements = (statement for entry in entries for statement in entry.statements)
    told_of = {row["round"] for statement in statements for row in statement["sets"]}
    return Ledger(tuple(entries), forgotten_rounds=frozenset(told_of - wanted))


def _preview(draft: UUID, rounds: Sequence[UUID]) -> list[RecordSet]:
    """What staff saw of a draft, under keys that no release has."""
    return [
        replace(
            RecordSet.from_json(stored), key=f"{draft.hex}-{key}", audience=str(Audience.CENTRE)
        )
        for key, stored in contributors([draft], rounds).items()
    ]


def remember(release_ref: UUID, judgement: Judgement) -> None:
    """Keep in the vault who the release rests on; done twice is done once."""
    by_round: dict[str, dict[str, dict[str, Any]]] = {}
    for key, record_set in judgement.contributors.items():
        by_round.setdefault(record_set.round, {})[key] = record_set.as_json()
    for round_ref, record_sets in by_round.items():
        remember_contributors(
            release_ref=release_ref, round_ref=UUID(round_ref), record_sets=record_sets
        )
