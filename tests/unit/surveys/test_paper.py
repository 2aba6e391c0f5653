"""Is a paper answer typed by two, compared, sealed like any other, and readable by nobody meanwhile?"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from django.urls import reverse

from knutepunkt.analysis.instruments import AnswersRefused
from knutepunkt.responses.actions import withdraw
from knutepunkt.responses.models import CoveredAnswer, SlipMark
from knutepunkt.responses.queries import opened_answers
from knutepunkt.responses.queries.following import opened_cards
from knutepunkt.responses.receipts import words_of
from knutepunkt.surveys.actions import paper
from knutepunkt.surveys.actions.paper import enter_paper_answer, paper_words
from knutepunkt.surveys.actions.planning import plan_survey
from knutepunkt.surveys.actions.protocols import lock_protocol
from knutepunkt.surveys.actions.rounds import close_round, open_round
from knutepunkt.surveys.actions.slips import print_slips
from knutepunkt.surveys.models import PaperEntry
from knutepunkt.surveys.policies.refusals import NeedsSecondPerson, NothingTyped, UnknownCode
from knutepunkt.surveys.vocabulary import Channel

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

ANSWERS = {"BEN1": 4, "BEN2": 5, "FRI1": {"text": "Kaffe og ro", "may_quote": False}}


@pytest.fixture
def opened(centre, coordinator, plan):
    plan = dataclasses.replace(plan, groups_get=Channel.PAPER)
    return open_round(
        asked_round=plan_survey(organisation=centre, plan=plan, by=coordinator), by=coordinator
    )


@pytest.fixture
def printed(opened, coordinator):
    return print_slips(asked_round=opened, by=coordinator)[0]


def test_the_first_time_waits_and_the_second_seals(opened, printed, coordinator, colleague):
    code = printed.codes[0]
    first = enter_paper_answer(asked_round=opened, code=code, answers=ANSWERS, by=coordinator)
    assert first.waits_for_second
    assert not CoveredAnswer.objects.exists()
    second = enter_paper_answer(
        asked_round=opened, code=code.lower().replace("-", " "), answers=ANSWERS, by=colleague
    )
    assert second.is_sealed
    assert not PaperEntry.objects.exists()
    lock_protocol(survey=opened.survey, by=coordinator)
    close_round(asked_round=opened, by=coordinator)
    found = opened_answers(opened.pk).answers
    assert [each.content["answers"] for each in found] == [ANSWERS]
    assert found[0].group_ref == printed.asked.group_id
    assert found[0].by_slip


def test_the_same_person_cannot_type_it_twice(opened, printed, coordinator):
    code = printed.codes[0]
    enter_paper_answer(asked_round=opened, code=code, answers=ANSWERS, by=coordinator)
    with pytest.raises(NeedsSecondPerson):
        enter_paper_answer(asked_round=opened, code=code, answers=ANSWERS, by=coordinator)


def test_differences_are_shown_and_nothing_is_sealed_until_they_are_settled(
    opened, printed, coordinator, colleague
):
    code = printed.codes[0]
    enter_paper_answer(asked_round=opened, code=code, answers=ANSWERS, by=coordinator)
    other = {"BEN1": 3, "BEN2": 5, "MES1": 2, "FRI1": ANSWERS["FRI1"]}
    outcome = enter_paper_answer(asked_round=opened, code=code, answers=other, by=colleague)
    assert not outcome.is_sealed
    assert [each.item_id for each in outcome.differences] == ["BEN1", "MES1"]
    assert not CoveredAnswer.objects.exists()
    outcome = enter_paper_answer(
        asked_round=opened, code=code, answers=other, by=colleague, looked_at={"BEN1", "MES1"}
    )
    assert outcome.is_sealed
    assert CoveredAnswer.objects.count() == 1


def test_what_waits_cannot_be_read_in_the_database(opened, printed, coordinator):
    code = printed.codes[0]
    enter_paper_answer(asked_round=opened, code=code, answers=ANSWERS, by=coordinator)
    entry = PaperEntry.objects.get()
    everything = bytes(entry.locked_answers) + entry.digest.encode()
    assert b"Kaffe" not in everything
    assert code.replace("-", "").encode() not in everything


def test_the_close_destroys_what_waits_and_its_key(opened, printed, coordinator):
    enter_paper_answer(asked_round=opened, code=printed.codes[0], answers=ANSWERS, by=coordinator)
    folder = Path(paper.settings.TRANSPORT_DIR)
    assert list(folder.glob("paper-*"))
    lock_protocol(survey=opened.survey, by=coordinator)
    close_round(asked_round=opened, by=coordinator)
    assert not PaperEntry.objects.exists()
    assert not list(folder.glob("paper-*"))


def test_a_stop_after_sealing_does_not_count_the_answer_twice(
    opened, printed, coordinator, colleague, monkeypatch
):
    code = printed.codes[0]
    enter_paper_answer(asked_round=opened, code=code, answers=ANSWERS, by=coordinator)
    with monkeypatch.context() as patch:
        patch.setattr(paper, "record", lambda *a, **k: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            enter_paper_answer(asked_round=opened, code=code, answers=ANSWERS, by=colleague)
    assert CoveredAnswer.objects.count() == 1
    again = enter_paper_answer(asked_round=opened, code=code, answers=ANSWERS, by=colleague)
    assert again.is_sealed
    assert CoveredAnswer.objects.count() == 1
    assert not PaperEntry.objects.exists()


def test_whether_a_slip_was_used_is_told_nobody(opened, printed, coordinator, colleague):
    code = printed.codes[0]
    SlipMark.objects.update(is_used=True)
    enter_paper_answer(asked_round=opened, code=code, answers=ANSWERS, by=coordinator)
    outcome = enter_paper_answer(asked_round=opened, code=code, answers=ANSWERS, by=colleague)
    assert outcome.is_sealed
    assert not CoveredAnswer.objects.exists()


def test_the_words_on_the_kept_half_delete_the_answer(opened, printed, coordinator, colleague):
    code = printed.codes[0]
    words = printed.words[0]
    assert words == " ".join(paper_words(asked_round=opened, code=code))
    assert len(set(printed.words)) == len(printed.words)
    for person in (coordinator, colleague):
        enter_paper_answer(asked_round=opened, code=code, answers=ANSWERS, by=person)
    withdraw(words=words)
    lock_protocol(survey=opened.survey, by=coordinator)
    close_round(asked_round=opened, by=coordinator)
    assert opened_answers(opened.pk).answers == ()


def test_wrong_codes_empty_papers_and_impossible_answers_are_refused(opened, printed, coordinator):
    with pytest.raises(UnknownCode):
        enter_paper_answer(asked_round=opened, code="AAA-AAA-AAA", answers=ANSWERS, by=coordinator)
    with pytest.raises(NothingTyped):
        enter_paper_answer(asked_round=opened, code=printed.codes[0], answers={}, by=coordinator)
    with pytest.raises(AnswersRefused):
        enter_paper_answer(
            asked_round=opened, code=printed.codes[0], answers={"BEN1": 9}, by=coordinator
        )
    assert not PaperEntry.objects.exists()


ABOUT = ["B", "N", "17", "5", "1", None, "40", "3"]


@pytest.fixture
def followed(centre, coordinator, plan):
    """Return an open round of a survey that follows people, the second of two."""
    plan = dataclasses.replace(
        plan,
        groups_get=Channel.PAPER,
        follows_people=True,
        asks_about_oneself=True,
        planned_rounds=2,
    )
    planned = plan_survey(organisation=centre, plan=plan, by=coordinator)
    return open_round(asked_round=planned, by=coordinator)


def test_the_card_on_paper_is_typed_by_two_and_finds_the_person_again(
    followed, coordinator, colleague
):
    """The second letter holds the card that was typed, and the words on the half that was kept."""
    code = print_slips(asked_round=followed, by=coordinator)[0].codes[0]
    old = " ".join(words_of(bytes(range(8))))
    card = {"typed": old, "agrees": True, "about": ABOUT}
    enter_paper_answer(asked_round=followed, code=code, answers=ANSWERS, by=coordinator, card=card)
    wrong = {**card, "typed": "", "about": [*ABOUT[:-1], "4"]}
    outcome = enter_paper_answer(
        asked_round=followed, code=code, answers=ANSWERS, by=colleague, card=wrong
    )
    assert [each.item_id for each in outcome.differences] == ["card", "about"]
    assert not CoveredAnswer.objects.exists()
    same = {**card, "typed": old.upper().replace(" ", ", ")}
    outcome = enter_paper_answer(
        asked_round=followed, code=code, answers=ANSWERS, by=colleague, card=same
    )
    assert outcome.is_sealed, "capitals and commas are no difference"
    kept = paper_words(asked_round=followed, code=code)
    lock_protocol(survey=followed.survey, by=coordinator)
    close_round(asked_round=followed, by=coordinator)
    (found,) = opened_cards(followed.survey_id, followed.pk, elements=8).values()
    assert found.cards == {words_of(bytes(range(8))), kept}
    assert found.about == tuple(ABOUT)


def test_the_page_asks_for_the_card_only_where_people_are_followed(
    client, opened, followed, coordinator
):
    client.force_login(coordinator)
    for asked, is_asked in ((opened, False), (followed, True)):
        code = print_slips(asked_round=asked, by=coordinator)[0].codes[0]
        page = client.post(
            reverse("surveys:round-paper-entry", args=[asked.pk]), {"slip_code": code}
        )
        assert ('name="about-1"' in page.content.decode()) is is_asked
