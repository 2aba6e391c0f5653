"""Are the same people found over real rounds, told of through the gate, and let go when they ask?"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knutepunkt.audit.models import AuditEvent
from knutepunkt.cli.example.simulation import answers_of, members
from knutepunkt.directory.models import Group, Theme
from knutepunkt.evaluations import extract
from knutepunkt.evaluations.actions import approve, ask_colleague, make_evaluation
from knutepunkt.evaluations.extract.following import People, people_of
from knutepunkt.evaluations.models import Evaluation
from knutepunkt.people.models import Organisation, Person
from knutepunkt.people.vocabulary import OrganisationKind, Role
from knutepunkt.responses import actions as vault
from knutepunkt.responses.models import FollowedStudy, SealedAnswer, SealedCard
from knutepunkt.responses.queries import opened_answers, slip_standing
from knutepunkt.responses.queries.following import study_standing
from knutepunkt.responses.receipts import words_of
from knutepunkt.responses.sealing import seal_card, seal_letter
from knutepunkt.surveys.actions.planning import AskedGroup, SurveyPlan, plan_survey
from knutepunkt.surveys.actions.protocols import lock_protocol
from knutepunkt.surveys.actions.rounds import add_round, close_round, open_round
from knutepunkt.surveys.actions.slips import print_slips
from knutepunkt.surveys.models import Round, Survey
from knutepunkt.surveys.queries.instruments import instrument_of
from tests.unit.evaluations.conftest import person

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

GROUPS, SIZE = 9, 7


@dataclass
class Member:
    """Somebody in a group: where, which card, and what there is to tell about oneself."""

    group: int
    about: list[str]
    cards: list[bytes] = field(default_factory=list)


@dataclass
class Study:
    """A centre with a followed survey, and the people in its groups."""

    survey: Survey
    maker: Person
    colleague: Person
    asked: tuple[AskedGroup, ...]
    people: list[Member]
    truth: dict[int, dict[int, str]] = field(default_factory=dict)

    @property
    def last(self) -> Round:
        found = self.survey.rounds.order_by("number").last()
        assert found is not None
        return found

    def answer(
        self, rng: np.random.Generator, *, keep_card: float = 0.6, stay: float = 0.85
    ) -> Round:
        """Open the last round, let those who stay answer it, and close it."""
        asked = open_round(asked_round=self.last, by=self.maker)
        instrument = instrument_of(self.survey)
        codes = {
            str(printed.asked.group_id): list(printed.codes)
            for printed in print_slips(asked_round=asked, by=self.maker)
        }
        simulated = iter(members(len(self.people), rng))
        for number, member in enumerate(self.people):
            if rng.random() > stay:
                next(simulated)
                continue
            secret = rng.bytes(8)
            typed = ""
            if member.cards and rng.random() < keep_card:
                typed = " ".join(words_of(member.cards[-1]))
            code = codes[str(self.asked[member.group].group.pk)].pop()
            answers = answers_of(next(simulated), instrument, rng)
            answers["FRI1"] = {"text": f"person {number}", "may_quote": False}
            card = {"form": 1, "own": secret.hex(), "typed": typed, "about": member.about}
            _send(code, instrument.hash, answers, card, rng)
            member.cards.append(secret)
        if asked.number == 1:
            lock_protocol(survey=self.survey, by=self.maker)
        closed = close_round(asked_round=asked, by=self.maker)
        self.truth[closed.number] = {
            int(one.content["answers"]["FRI1"]["text"].split()[1]): str(one.answer_ref)  # type: ignore[index]
            for one in opened_answers(closed.pk).answers
        }
        return closed

    def again(self) -> None:
        """Add the next round."""
        before = self.last
        day = before.closes_on
        add_round(
            after=before,
            asked=self.asked,
            opens_on=day + dt.timedelta(days=180),
            closes_on=day + dt.timedelta(days=210),
            by=self.maker,
        )

    def evaluate(self, *rounds: Round) -> Evaluation:
        """Make a report for the centre."""
        return make_evaluation(survey=self.survey, rounds=rounds, audience="centre", by=self.maker)

    def share(self, evaluation: Evaluation) -> None:
        """Have the report approved."""
        ask_colleague(evaluation=evaluation, approver=self.colleague, by=self.maker)
        evaluation.refresh_from_db()
        approve(evaluation=evaluation, by=self.colleague)

    def leave(self, *numbers: int) -> None:
        """People of these numbers put their card in the queue."""
        for number in numbers:
            vault.queue_deletion(words=" ".join(words_of(self.people[number].cards[0])))


def _send(
    code: str, instrument: str, answers: dict[str, Any], card: Any, rng: np.random.Generator
) -> None:
    standing = slip_standing(code)
    content = {"form": 1, "instrument": instrument, "language": "nb", "answers": answers}
    vault.receive(
        code=code,
        sealed=seal_letter(content, standing.recipient, standing.size),
        receipt_digest=rng.bytes(32),
        card=seal_card(card, standing.card_recipient),
    )


@pytest.fixture
def make_study(settings: Any, tmp_path: Path) -> Callable[..., Study]:
    """Return a maker of followed surveys."""
    settings.KEY_DIR, settings.TRANSPORT_DIR = tmp_path / "keys", tmp_path / "transport"

    def make(*, planned: int = 2, seed: int = 1) -> Study:
        rng = np.random.default_rng(seed)
        organisation = Organisation.objects.create(
            name="Naustet", short_name="Naustet", slug="naustet", kind=OrganisationKind.CENTRE
        )
        maker = person("maker@naustet.example", organisation, Role.COORDINATOR)
        colleague = person("colleague@naustet.example", organisation, Role.APPROVER)
        theme, _new = Theme.objects.get_or_create(slug="open", defaults={"name_nb": "Åpent"})
        asked = tuple(
            AskedGroup(
                Group.objects.create(
                    organisation=organisation,
                    name=f"Gruppe {number}",
                    theme=theme,
                    state="running",
                    started_on=dt.date(2024, 1, 1),
                ),
                SIZE,
            )
            for number in range(GROUPS)
        )
        plan = SurveyPlan(
            title="Hva har gruppa gitt deg?",
            groups_from=dt.date(2023, 1, 1),
            groups_until=dt.date(2025, 1, 1),
            asked=asked,
            opens_on=dt.date(2025, 2, 1),
            closes_on=dt.date(2025, 3, 1),
            planned_rounds=planned,
            follows_people=True,
            asks_about_oneself=True,
        )
        first = plan_survey(organisation=organisation, plan=plan, by=maker)
        people = [
            Member(number // SIZE, [str(value) for value in rng.integers(0, 12, 8)])
            for number in range(GROUPS * SIZE)
        ]
        return Study(first.survey, maker, colleague, asked, people)

    return make


def _persons(study: Study) -> dict[int, dict[int, str]]:
    """The person found behind each number's answer, by round."""
    people = people_of(study.survey)
    assert people is not None
    return {
        number: {who: people.person[ref] for who, ref in by_number.items()}
        for number, by_number in study.truth.items()
    }


def test_people_are_found_again_and_the_cards_destroyed(make_study: Callable[..., Study]) -> None:
    study, rng = make_study(), np.random.default_rng(2)
    first = study.answer(rng)
    study.again()
    second = study.answer(rng)
    evaluation = study.evaluate(first, second)
    persons = _persons(study)
    both = set(persons[1]) & set(persons[2])
    found = [who for who in both if persons[1][who] == persons[2][who]]
    assert len(found) >= 0.95 * len(both)
    only_second = set(persons[2]) - set(persons[1])
    assert not {persons[2][who] for who in only_second} & set(persons[1].values())
    material = extract.material_of(evaluation)
    assert material.design.linked
    assert set(material.design.linkages) == {str(second.pk)}
    assert not SealedCard.objects.exists()
    assert bytes(FollowedStudy.objects.get().wrapped_identity) == b""
    shown = json.dumps([evaluation.report, evaluation.judged], ensure_ascii=False)
    said = json.dumps(list(AuditEvent.objects.values()), default=str, ensure_ascii=False)
    for member in study.people:
        for secret in member.cards:
            words = " ".join(words_of(secret)[:2])
            assert words not in shown + said
            assert secret.hex() not in shown + said
        assert json.dumps(member.about) not in shown
    flow = next(table for table in evaluation.report["tables"] if table["id"] == "T1")
    assert any("linked" in str(row) for row in flow["rows"])


def test_links_stand_as_they_were_found_first(make_study: Callable[..., Study]) -> None:
    study, rng = make_study(planned=3), np.random.default_rng(3)
    study.answer(rng)
    study.again()
    study.answer(rng)
    before = people_of(study.survey)
    assert before is not None
    assert people_of(study.survey) == before
    assert study_standing(study.survey.pk).has_key  # type: ignore[union-attr]
    study.again()
    study.answer(rng)
    after = people_of(study.survey)
    assert after is not None
    assert {ref: after.person[ref] for ref in before.person} == before.person
    assert len(after.rounds) == 3
    assert not study_standing(study.survey.pk).has_key  # type: ignore[union-attr]
    persons = _persons(study)
    returned = (set(persons[1]) & set(persons[3])) - set(persons[2])
    assert sum(persons[1][who] == persons[3][who] for who in returned) >= 0.8 * len(returned)


def test_before_any_report_whoever_asks_leaves_at_once(make_study: Callable[..., Study]) -> None:
    study, rng = make_study(planned=3), np.random.default_rng(4)
    first = study.answer(rng, stay=1.0)
    study.leave(5)
    study.evaluate(first)
    assert len(opened_answers(first.pk).answers) == GROUPS * SIZE - 1
    assert study.truth[1][5] not in {str(row.pk) for row in SealedAnswer.objects.all()}


def test_after_a_report_they_leave_only_when_enough_leave_together(
    make_study: Callable[..., Study],
) -> None:
    study, rng = make_study(planned=3), np.random.default_rng(5)
    first = study.answer(rng, stay=1.0)
    study.share(study.evaluate(first))
    study.leave(0, 9, 18, 27)
    people_of(study.survey)
    assert len(opened_answers(first.pk).answers) == GROUPS * SIZE
    study.leave(36)
    people = people_of(study.survey)
    assert len(opened_answers(first.pk).answers) == GROUPS * SIZE - 5
    assert people is not None
    assert people.leaving == []


def test_after_the_last_report_is_shared_the_rest_of_the_queue_leaves(
    make_study: Callable[..., Study],
) -> None:
    study, rng = make_study(), np.random.default_rng(6)
    first = study.answer(rng, stay=1.0)
    study.share(study.evaluate(first))
    study.again()
    second = study.answer(rng, stay=1.0, keep_card=1.0)
    study.leave(3)
    evaluation = study.evaluate(first, second)
    assert len(opened_answers(first.pk).answers) == GROUPS * SIZE
    study.share(evaluation)
    assert len(opened_answers(first.pk).answers) == GROUPS * SIZE - 1
    assert study.truth[1][3] not in {str(row.pk) for row in SealedAnswer.objects.all()}


def test_a_survey_that_follows_nobody_is_left_alone(make_study: Callable[..., Study]) -> None:
    study = make_study()
    assert people_of(study.survey) is None
    Survey.objects.update(follows_people=False, asks_about_oneself=False)
    study.survey.refresh_from_db()
    assert people_of(study.survey) is None


def test_who_is_who_reads_as_it_was_written_and_prints_nobody() -> None:
    people = People(["r"], {"a": "b"}, {"r": [["b", "a", "card", 0.9, True]]}, ["a"])
    assert People.read(people.written()) == people
    assert "'b'" not in repr(people)
    assert People.read(b"") == People()
