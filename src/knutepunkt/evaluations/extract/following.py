"""Who answered several rounds, where a survey follows people, and who has asked to leave?

Second letters are opened here, to link and for nothing else. What was found is kept in the vault as
it was found first: a later round adds to it and changes nothing, so that the same figures can be made
again. When the last planned round is linked, the study's key and all second letters are destroyed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from knutepunkt.analysis.disclosure import Audience
from knutepunkt.analysis.linking import (
    ELEMENTS,
    UNANSWERED,
    By,
    Link,
    Linkage,
    Trace,
    link_rounds,
)
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.responses.actions import delete_answers, destroy_cards, keep_links
from knutepunkt.responses.queries import OpenedRound, opened_answers
from knutepunkt.responses.queries.following import (
    OpenedCard,
    kept_links,
    opened_cards,
    study_standing,
)
from knutepunkt.shared.disclosure_policy import policy_of
from knutepunkt.shared.errors import NotNow
from knutepunkt.surveys.models import Round, Survey

FORM = 1
Identities = Mapping[UUID, str]


@dataclass
class People:
    """Who is who in a survey that follows people. It prints nobody.

    Attributes:
        rounds: the rounds that are linked, in order.
        person: the person behind each answer, by the answer's ref: the ref of that person's first
            answer.
        candidates: for each round but the first, the pairs that were weighed: person so far, answer,
            what it rests on, probability, and whether it became a link.
        leaving: answers whose people stand in the queue to leave.
    """

    rounds: list[str] = field(default_factory=list)
    person: dict[str, str] = field(default_factory=dict, repr=False)
    candidates: dict[str, list[list[Any]]] = field(default_factory=dict, repr=False)
    leaving: list[str] = field(default_factory=list, repr=False)

    @classmethod
    def read(cls, text: bytes) -> People:
        """Return what was kept; nobody where nothing was."""
        if not text:
            return cls()
        kept = json.loads(text)
        return cls(kept["rounds"], kept["person"], kept["candidates"], kept["leaving"])

    def written(self) -> bytes:
        """Return it as the vault keeps it, in an order that says nothing."""
        content = {
            "form": FORM,
            "rounds": self.rounds,
            "person": dict(sorted(self.person.items())),
            "candidates": self.candidates,
            "leaving": sorted(self.leaving),
        }
        return json.dumps(content, separators=(",", ":")).encode("ascii")

    def linkage(self, round_ref: str) -> Linkage | None:
        """Return how a round was linked to those before it, for the sensitivity analysis.

        Answers are named by their persons, as in the frame.
        """
        rows = self.candidates.get(round_ref)
        if rows is None:
            return None
        pairs = [
            (Link(a, self.person[b], By(by), p), used)
            for a, b, by, p, used in rows
            if b in self.person
        ]
        links = tuple(link for link, used in pairs if used)
        candidates = tuple(link for link, _used in pairs)
        return Linkage(links, candidates, (), 0.0, 0, 0, ())


def people_of(survey: Survey, identities: Identities | None = None) -> People | None:
    """Link the closed rounds that are not linked yet, let leave who may, and say who is who.

    None where the survey follows nobody. Order and recovery: links are written before cards are
    destroyed, and answers are deleted before the links forget them; stopped in between, doing it
    again finishes.
    """
    if not survey.follows_people or (standing := study_standing(survey.pk)) is None:
        return None
    closed = [one for one in survey.rounds.order_by("number") if one.is_closed]
    if not closed:
        return None
    keys = identities or {}
    key = keys.get(closed[-1].pk) or next(iter(keys.values()), None)
    people = People.read(kept_links(survey.pk, key) if standing.has_links else b"")
    if standing.has_key:
        before = people.written()
        _link(survey, closed, people, keys, key)
        if people.written() != before:
            keep_links(study_ref=survey.pk, round_ref=closed[-1].pk, links=people.written())
        if len(people.rounds) >= survey.planned_rounds:
            destroy_cards(study_ref=survey.pk)
    _let_leave(survey, people)
    return people


def let_go(survey: Survey, identities: Identities | None = None) -> None:
    """Delete the answers of everybody in the queue, after the last planned round has been told of.

    Nobody can join them any more. What was shared stands; figures that would differ by fewer than the
    threshold are withheld by the gate from now on.
    """
    standing = study_standing(survey.pk)
    if standing is None or standing.has_key or not standing.has_links:
        return
    last = survey.rounds.order_by("number").last()
    key = (identities or {}).get(last.pk) if last is not None else None
    try:
        people = People.read(kept_links(survey.pk, key))
    except NotNow:
        return  # the key lies offline: whoever holds it deletes them with the next report
    if people.leaving:
        _delete(survey, people, set(people.leaving))


def _link(
    survey: Survey, closed: list[Round], people: People, keys: Identities, key: str | None
) -> None:
    """Link what is new, and see who stands in the queue now."""
    known: dict[str, Trace] = {}
    leaving: set[str] = set()
    for asked in closed:
        cards = opened_cards(survey.pk, asked.pk, elements=ELEMENTS, identity=key)
        traces = _traces(opened_answers(asked.pk, keys.get(asked.pk)), cards)
        if str(asked.pk) not in people.rounds:
            _add(str(asked.pk), traces, known, people)
        for trace in traces:
            person = people.person.get(trace.ref, trace.ref)
            known[person] = _merged(person, known.get(person), trace)
        wanted = (str(ref) for ref, card in cards.items() if card.wants_out)
        leaving |= {people.person[ref] for ref in wanted if ref in people.person}
    people.leaving = sorted(ref for ref, person in people.person.items() if person in leaving)


def _traces(opened: OpenedRound, cards: Mapping[UUID, OpenedCard]) -> list[Trace]:
    nothing = OpenedCard(frozenset(), UNANSWERED, wants_out=False)
    return [
        Trace(str(one.answer_ref), str(one.group_ref), card.cards, card.about)
        for one in opened.answers
        if (card := cards.get(one.answer_ref, nothing))
    ]


def _add(round_ref: str, traces: list[Trace], known: dict[str, Trace], people: People) -> None:
    """Link one more round to everybody met so far."""
    linkage = link_rounds(list(known.values()), traces)
    found = {link.later: link.earlier for link in linkage.links}
    people.person.update({trace.ref: found.get(trace.ref, trace.ref) for trace in traces})
    if people.rounds:
        used = {(link.earlier, link.later) for link in linkage.links}
        people.candidates[round_ref] = [
            [
                one.earlier,
                one.later,
                one.by.value,
                one.probability,
                (one.earlier, one.later) in used,
            ]
            for one in linkage.candidates
        ]
    people.rounds.append(round_ref)


def _merged(person: str, before: Trace | None, now: Trace) -> Trace:
    """What is known of a person: every card, the latest group, the latest of each element."""
    if before is None:
        return Trace(person, now.group, now.cards, now.elements)
    elements = tuple(
        new if new is not None else old
        for old, new in zip(before.elements, now.elements, strict=True)
    )
    return Trace(person, now.group, before.cards | now.cards, elements)


def _let_leave(survey: Survey, people: People) -> None:
    """Delete answers of those in the queue where enough can leave a round together.

    From a round of which nobody has seen a report everybody can leave at once; from another only so
    many that no two reports differ by fewer than the threshold (P4). A report that was made and not
    shared counts too: somebody has seen it. Until then they stay.
    """
    if not people.leaving:
        return
    made = Evaluation.objects.filter(survey=survey).exclude(root="")
    audiences = {Audience(one) for one in made.values_list("audience", flat=True)}
    told = set(made.values_list("rounds__pk", flat=True))
    policy = policy_of(survey.organisation.slug, sensitive=survey.is_sensitive)
    fewest = max((policy.threshold(one) for one in audiences), default=1)
    of_round = _by_round(people.leaving, told)
    free = {ref for asked, refs in of_round.items() if asked not in told for ref in refs}
    free |= {ref for refs in of_round.values() if len(refs) >= fewest for ref in refs}
    if free:
        _delete(survey, people, free)


def _by_round(answers: Iterable[str], told: set[UUID]) -> dict[UUID, list[str]]:
    """Which of these answers lie in which round that was told of; the rest under no round."""
    left = {UUID(ref) for ref in answers}
    found: dict[UUID, list[str]] = {}
    for asked in sorted(told, key=str):
        here = {one.answer_ref for one in opened_answers(asked).answers} & left
        found[asked] = [str(ref) for ref in here]
        left -= here
    found[UUID(int=0)] = [str(ref) for ref in left]
    return found


def _delete(survey: Survey, people: People, refs: set[str]) -> None:
    people.leaving = [ref for ref in people.leaving if ref not in refs]
    people.person = {ref: person for ref, person in people.person.items() if ref not in refs}
    last = people.rounds[-1]
    delete_answers(answer_refs=[UUID(ref) for ref in refs])
    keep_links(study_ref=survey.pk, round_ref=UUID(last), links=people.written())
