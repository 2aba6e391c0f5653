"""Does a round open, remind, extend, close and follow its plan, also when it is interrupted?"""

from __future__ import annotations

import datetime as dt

import pytest

from knutepunkt.audit.models import AuditEvent
from knutepunkt.responses.models import SealedRound, SlipMark
from knutepunkt.shared.errors import NotNow, NotPermitted
from knutepunkt.surveys.actions import rounds
from knutepunkt.surveys.actions.planning import AskedGroup, plan_survey
from knutepunkt.surveys.actions.protocols import lock_protocol
from knutepunkt.surveys.actions.rounds import (
    add_round,
    close_round,
    extend,
    has_enough_answers,
    largest_content,
    open_round,
    remind,
)
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.policies.refusals import (
    AlreadyReminded,
    DeadlineNotLater,
    ProtocolNotLocked,
    RoundStillOpen,
)
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.queries.rounds import frame_design

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture
def planned(centre, coordinator, plan) -> Round:
    return plan_survey(organisation=centre, plan=plan, by=coordinator)


@pytest.fixture
def opened(planned, coordinator) -> Round:
    return open_round(asked_round=planned, by=coordinator)


class Interrupted(RuntimeError):
    """The machine stopped here."""


def interrupt_at(monkeypatch, verb: str) -> None:
    real = rounds.record

    def record(said: str, *args, **kwargs):
        if said == verb:
            raise Interrupted
        return real(said, *args, **kwargs)

    monkeypatch.setattr(rounds, "record", record)


def test_opening_gives_the_round_its_keys_and_a_day(opened):
    assert opened.is_open
    assert opened.opened_on is not None
    assert SealedRound.objects.get(pk=opened.pk).is_open
    assert AuditEvent.objects.filter(verb="open", subject_id=str(opened.pk)).count() == 1


def test_a_round_is_opened_once(opened, coordinator):
    with pytest.raises(NotNow):
        open_round(asked_round=opened, by=coordinator)


def test_opening_that_stopped_between_the_databases_is_finished_by_opening_again(
    planned, coordinator, monkeypatch
):
    with monkeypatch.context() as patch:
        interrupt_at(patch, "open")
        with pytest.raises(Interrupted):
            open_round(asked_round=planned, by=coordinator)
    planned.refresh_from_db()
    assert planned.state == "draft"
    first = SealedRound.objects.get(pk=planned.pk).recipient
    assert open_round(asked_round=planned, by=coordinator).is_open
    assert SealedRound.objects.get(pk=planned.pk).recipient == first


def test_closing_that_stopped_between_the_databases_is_finished_by_closing_again(
    opened, coordinator, monkeypatch
):
    lock_protocol(survey=opened.survey, by=coordinator)
    with monkeypatch.context() as patch:
        interrupt_at(patch, "close")
        with pytest.raises(Interrupted):
            close_round(asked_round=opened, by=coordinator)
    opened.refresh_from_db()
    assert opened.is_open
    assert not SealedRound.objects.get(pk=opened.pk).is_open
    closed = close_round(asked_round=opened, by=coordinator)
    assert closed.is_closed
    assert closed.closed_on is not None
    assert AuditEvent.objects.filter(verb="close").count() == 1


def test_a_round_is_not_closed_before_its_plan_is_locked(opened, coordinator):
    with pytest.raises(ProtocolNotLocked):
        close_round(asked_round=opened, by=coordinator)
    assert SealedRound.objects.get(pk=opened.pk).is_open


def test_a_closed_round_stays_closed(opened, coordinator):
    lock_protocol(survey=opened.survey, by=coordinator)
    closed = close_round(asked_round=opened, by=coordinator)
    for act in (open_round, close_round, remind):
        with pytest.raises(NotNow):
            act(asked_round=closed, by=coordinator)
    with pytest.raises(NotNow):
        extend(asked_round=closed, closes_on=dt.date(2030, 1, 1), by=coordinator)
    assert not SlipMark.objects.exists()


def test_all_groups_are_reminded_once(opened, coordinator):
    assert remind(asked_round=opened, by=coordinator).reminded_on is not None
    with pytest.raises(AlreadyReminded):
        remind(asked_round=opened, by=coordinator)


def test_a_later_deadline_moves_the_report_and_the_plan_with_it(opened, coordinator):
    later = extend(asked_round=opened, closes_on=dt.date(2027, 2, 1), by=coordinator)
    # The report was expected 46 days after the old deadline.
    assert later.report_expected_on == dt.date(2027, 3, 19)
    protocol = later.survey.protocol
    protocol.refresh_from_db()
    assert protocol.content["rounds"]["days"][0]["closes_on"] == "2027-02-01"
    assert not protocol.deviations.exists()
    with pytest.raises(DeadlineNotLater):
        extend(asked_round=later, closes_on=dt.date(2027, 2, 1), by=coordinator)


def test_a_later_deadline_after_the_lock_is_noted_as_a_deviation(opened, coordinator):
    locked = lock_protocol(survey=opened.survey, by=coordinator)
    extend(asked_round=opened, closes_on=dt.date(2026, 12, 10), by=coordinator)
    locked.refresh_from_db()
    assert locked.content["rounds"]["days"][0]["closes_on"] == "2026-11-30"
    assert locked.deviations.count() == 1
    assert "2026" in locked.deviations.get().what


def test_a_second_round_asks_with_the_same_questions_once_the_first_is_closed(
    opened, coordinator, groups
):
    asked = tuple(AskedGroup(group, 4) for group in groups[:2])
    days = {"opens_on": dt.date(2027, 5, 1), "closes_on": dt.date(2027, 5, 31)}
    with pytest.raises(RoundStillOpen):
        add_round(after=opened, asked=asked, by=coordinator, **days)
    lock_protocol(survey=opened.survey, by=coordinator)
    closed = close_round(asked_round=opened, by=coordinator)
    second = add_round(after=closed, asked=asked, by=coordinator, **days)
    assert second.number == 2
    assert instrument_of(second.survey) == instrument_of(opened.survey)
    # One round was planned, and the plan was locked.
    assert frame_design(second).deviations[0][1]


def test_nobody_learns_more_than_enough_or_not_yet(opened):
    assert has_enough_answers(asked_round=opened) is False


def test_only_those_who_run_surveys_open_and_close(planned, starter):
    for act in (open_round, close_round, remind):
        with pytest.raises(NotPermitted):
            act(asked_round=planned, by=starter)


def test_the_deadline_day_itself_is_open(opened):
    assert opened.takes_answers_on(dt.date(2026, 11, 30))
    assert not opened.takes_answers_on(dt.date(2026, 12, 1))


def test_the_size_of_answers_follows_from_the_questions(opened):
    # Three texts of 1,500 letters, two bytes each, and 64 bytes for each of 34 items and the whole.
    assert largest_content(instrument_of(opened.survey)) == 2 * 4500 + 64 * 35
