"""How does the example play the whole job, from a planned survey to a shared report?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from knutepunkt.analysis.coding import shipped_codebook
from knutepunkt.cli.example import content
from knutepunkt.cli.example.building import play
from knutepunkt.cli.example.simulation import Member, answers_of, members
from knutepunkt.cli.example.visiting import Visit, answer_all, server
from knutepunkt.cli.example.writing import coded_by
from knutepunkt.directory.models import Group
from knutepunkt.evaluations import actions as evaluations
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.people.models import Organisation, Person
from knutepunkt.surveys.actions.planning import AskedGroup, SurveyPlan, plan_survey
from knutepunkt.surveys.actions.protocols import lock_protocol
from knutepunkt.surveys.actions.rounds import add_round, close_round, open_round
from knutepunkt.surveys.actions.slips import print_slips
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.queries.instruments import instrument_of

#: (opens, closes, report, share who answer, gain since the first round in standard deviations)
ROUNDS = (
    (dt.date(2026, 4, 13), dt.date(2026, 5, 4), dt.date(2026, 5, 29), 0.86, 0.0),
    (dt.date(2026, 10, 5), dt.date(2026, 10, 26), dt.date(2026, 11, 13), 0.80, 0.25),
)
#: Share of those who answer again who still have their card.
KEEP_CARD = 0.8


@dataclass
class Story:
    """Everything the steps hand on to each other."""

    centre: Organisation
    coordinator: Person
    approver: Person
    coders: tuple[Person, Person]
    groups: list[Group]
    seed: int = 2026

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.members: dict[object, list[Member]] = {}
        self.answering: list[tuple[Member, Visit]] = []

    def asked(self) -> tuple[AskedGroup, ...]:
        """Return the groups that started in the period, with how many are asked in each.

        Of a group that has split, its two parts are asked; each has about half of the members.
        """
        found = []
        for group in self.groups:
            if group.started_on is None or group.state == "split":
                continue
            if not content.FIRST_GROUPS <= group.started_on <= content.LAST_GROUPS:
                continue
            found.append(AskedGroup(group, group.members or 5))
        return tuple(found)

    def plan(self) -> Round:
        """Plan the survey with its first round."""
        opens, closes, report, _share, _gain = ROUNDS[0]
        play(opens)
        return plan_survey(
            organisation=self.centre,
            plan=SurveyPlan(
                title="Hva har gruppa gitt deg?",
                groups_from=content.FIRST_GROUPS,
                groups_until=content.LAST_GROUPS,
                asked=self.asked(),
                opens_on=opens,
                closes_on=closes,
                report_expected_on=report,
                planned_rounds=len(ROUNDS),
                follows_people=True,
            ),
            by=self.coordinator,
        )

    def next_round(self, after: Round) -> Round:
        """Plan the second round of the same survey."""
        opens, closes, report, _share, _gain = ROUNDS[1]
        play(opens)
        return add_round(
            after=after,
            asked=self.asked(),
            opens_on=opens,
            closes_on=closes,
            report_expected_on=report,
            by=self.coordinator,
        )

    def open(self, asked_round: Round) -> list[Visit]:
        """Open the round, print its slips, and return who will answer what."""
        asked_round = open_round(asked_round=asked_round, by=self.coordinator)
        *_dates, share, gain = ROUNDS[asked_round.number - 1]
        instrument = instrument_of(asked_round.survey)
        cards = {id(member): visit.words for member, visit in self.answering}
        visits = []
        for printed in print_slips(asked_round=asked_round, by=self.coordinator):
            people = self._members_of(printed.asked.group_id, len(printed.codes))
            for code, member in zip(printed.codes, people, strict=True):
                if self.rng.random() < share:
                    answers = answers_of(member, instrument, self.rng, gain=gain)
                    words = cards.get(id(member))
                    if words and self.rng.random() < KEEP_CARD:
                        answers["card"] = words[0]
                    visits.append(Visit(code, member.language, answers))
                    self.answering.append((member, visits[-1]))
        return visits

    def _members_of(self, group: object, count: int) -> list[Member]:
        """Return the group's members; a fifth of them are new each round."""
        known = self.members.get(group)
        if known is None:
            known = members(count, self.rng)
        else:
            fresh = members(count, self.rng)
            known = [
                new if self.rng.random() < 0.2 else old
                for old, new in zip(known, fresh, strict=True)
            ]
        self.members[group] = known
        return known

    def answer(self, asked_round: Round, visits: list[Visit]) -> Iterator[int]:
        """Let everyone answer over HTTP; yield how many have been thanked."""
        day = asked_round.opens_on + dt.timedelta(days=3)
        with server(day=day.isoformat()) as address:
            yield from answer_all(address, visits)

    def close(self, asked_round: Round) -> Round:
        """Lock the plan where it is not locked yet, and close the round."""
        play(asked_round.closes_on)
        if asked_round.number == 1:
            lock_protocol(survey=asked_round.survey, by=self.coordinator)
        return close_round(asked_round=asked_round, by=self.coordinator)

    def code(self, asked_round: Round) -> None:
        """Let two people who start no groups code the open answers apart, and settle them."""
        play(ROUNDS[asked_round.number - 1][2])
        coding = evaluations.appoint_coders(
            asked_round=asked_round,
            one=self.coders[0],
            other=self.coders[1],
            codebook=shipped_codebook(),
            by=self.coordinator,
        )
        for place, coder in enumerate(self.coders):
            reading = evaluations.read_texts(coding=coding, by=coder)
            marks = coded_by(reading.texts, place)
            evaluations.keep_marks(coding=coding, marks=marks, by=coder)
            coding = evaluations.hand_in(coding=coding, by=coder)
        evaluations.settle(coding=coding, by=self.coders[0])

    def report(self, rounds: list[Round], audience: str) -> Evaluation:
        """Make a report, let the second person approve it, and return it as shared."""
        play(ROUNDS[rounds[-1].number - 1][2])
        evaluation = evaluations.make_evaluation(
            survey=rounds[0].survey, rounds=rounds, audience=audience, by=self.coordinator
        )
        evaluations.ask_colleague(
            evaluation=evaluation, approver=self.approver, by=self.coordinator
        )
        evaluation.refresh_from_db()
        evaluations.approve(evaluation=evaluation, by=self.approver)
        evaluation.refresh_from_db()
        return evaluation
