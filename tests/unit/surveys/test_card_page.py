"""Is a card asked for only where people are followed, and about oneself only with consent?"""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import pytest

from knutepunkt.responses import actions as vault
from knutepunkt.responses.models import DeletionRequest
from knutepunkt.responses.queries import opened_answers
from knutepunkt.responses.queries.following import opened_cards
from knutepunkt.responses.receipts import words_of
from knutepunkt.surveys.forms.card import card_page, read_card
from knutepunkt.surveys.forms.planning import DatesForm, usual_dates
from knutepunkt.surveys.vocabulary import ELEMENTS
from tests.answering_case import AskingCentre, Participant, asking_centre

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

CARD = words_of(bytes(range(8)))
FOLLOWED: dict[str, Any] = {"planned_rounds": 3, "follows_people": True}
ABOUT = {
    f"about-{k}": value
    for k, value in enumerate(["A", "N", "17", "5", "1", "E", "40", "3"], start=1)
}
CARD_PAGE = "Så vi finner svaret ditt igjen"


@pytest.fixture(autouse=True)
def _keys_apart(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    settings.TRANSPORT_DIR = tmp_path / "transport"


def at_the_end(case: AskingCentre, slip: int = 0, lang: str = "nb") -> Participant:
    """Somebody who has skipped through all parts."""
    visitor = Participant(case.codes[slip], lang)
    visitor.start()
    for _part in range(6):
        visitor.press("next")
    return visitor


def opened(case: AskingCentre) -> list[Any]:
    vault.close_round(round_ref=case.ref)
    cards = opened_cards(case.round.survey_id, case.ref, elements=len(ELEMENTS))
    return list(cards.values())


def test_a_survey_of_one_round_shows_nothing_of_it() -> None:
    case = asking_centre()
    visitor = Participant(case.codes[0])
    assert "huskekort" not in visitor.text
    visitor = at_the_end(case)
    assert "Klart til å sendes" in visitor.text or 'value="send"' in visitor.text
    assert CARD_PAGE not in visitor.text
    visitor.press("send")
    assert "neste gang" not in visitor.text
    whole = visitor.client.get(f"/s/{case.codes[1]}?vis=alt").content.decode()
    assert "data-card" not in whole.replace("data-card>", "")
    assert "about-1" not in whole


def test_the_first_round_gives_a_card_and_asks_for_none() -> None:
    case = asking_centre(**FOLLOWED)
    assert "huskekort" in Participant(case.codes[0]).text
    visitor = at_the_end(case)
    assert CARD_PAGE not in visitor.text
    visitor.press("send")
    assert "Huskekortet ditt" in visitor.text
    (card,) = opened(case)
    (words,) = card.cards
    assert " ".join(words) in visitor.text


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_the_card_is_typed_again_in_the_next_round(lang: str) -> None:
    case = asking_centre(number=2, **FOLLOWED)
    visitor = at_the_end(case, lang=lang)
    assert 'name="card"' in visitor.text
    assert "about-1" not in visitor.text
    visitor.press("next", card=", ".join(CARD).upper())
    visitor.press("send")
    (card,) = opened(case)
    assert CARD in card.cards
    assert len(card.cards) == 2


def test_words_that_are_no_card_are_shown_once_more_and_then_kept() -> None:
    case = asking_centre(number=2, **FOLLOWED)
    visitor = at_the_end(case)
    wrong = " ".join((*CARD[:6], "blåbærsyltetøy"))
    visitor.press("next", card=wrong)
    assert visitor.page.status_code == 422
    assert "Se en gang til" in visitor.text
    visitor.press("next", card=wrong)
    assert 'value="send"' in visitor.text
    visitor.press("send")
    (card,) = opened(case)
    assert (*CARD[:6], "blåbærsyltetøy") in card.cards


def test_about_oneself_is_kept_only_with_consent() -> None:
    case = asking_centre(asks_about_oneself=True, **FOLLOWED)
    without, agreed = at_the_end(case, 0), at_the_end(case, 1)
    assert 'name="card"' not in agreed.text
    without.press("next", **ABOUT)
    without.press("send")
    agreed.press("next", agrees="yes", **{**ABOUT, "about-7": "99", "about-8": ""})
    agreed.press("send")
    told = sorted((card.about for card in opened(case)), key=str)
    assert told[1] == (None,) * 8
    assert told[0] == ("A", "N", "17", "5", "1", "E", None, None)


def test_what_was_told_stays_when_somebody_goes_back_and_can_be_changed() -> None:
    case = asking_centre(number=2, asks_about_oneself=True, **FOLLOWED)
    visitor = at_the_end(case)
    visitor.press("next", card=" ".join(CARD), agrees="yes", **ABOUT)
    assert "Fylt ut." in visitor.text
    visitor.press("part-7")
    assert html.escape(" ".join(CARD)) in visitor.text
    assert '<option value="17" selected>' in visitor.text
    visitor.press("back")
    visitor.press("next")
    visitor.press("next", card="")
    visitor.press("send")
    (card,) = opened(case)
    assert len(card.cards) == 1
    assert card.about == (None,) * 8


def test_nothing_of_the_card_stands_in_the_letter_of_the_answer() -> None:
    case = asking_centre(number=2, asks_about_oneself=True, **FOLLOWED)
    visitor = at_the_end(case)
    visitor.press("next", card=" ".join(CARD), agrees="yes", **ABOUT)
    visitor.press("send")
    vault.close_round(round_ref=case.ref)
    (answer,) = opened_answers(case.ref).answers
    assert set(answer.content) == {"form", "instrument", "language", "answers"}
    assert CARD[0] not in str(answer.content)


def test_all_on_one_page_has_the_card_too() -> None:
    case = asking_centre(number=2, asks_about_oneself=True, **FOLLOWED)
    visitor = Participant(case.codes[0])
    visitor.page = visitor.client.get(f"{visitor.address}&vis=alt")
    assert "data-card-recipient" in visitor.text
    visitor.press("next", card=" ".join(CARD), agrees="yes", **ABOUT)
    visitor.press("send")
    (card,) = opened(case)
    assert CARD in card.cards
    assert card.about[2] == "17"


def test_after_the_close_the_card_joins_the_queue() -> None:
    case = asking_centre(number=2, **FOLLOWED)
    visitor = at_the_end(case)
    visitor.press("next", card=" ".join(CARD))
    visitor.press("send")
    vault.close_round(round_ref=case.ref)
    page = visitor.client.post("/angre/?lang=nb", {"words": " ".join(CARD)}).content.decode()
    assert "Du står i køen" in page
    assert DeletionRequest.objects.count() == 1
    again = visitor.client.post("/angre/?lang=nb", {"words": "ikke et kort"})
    assert again.status_code == 422


def test_only_options_count_as_answers_about_oneself() -> None:
    card = read_card({"agrees": "yes", "about-1": "<script>", "about-3": "17", "card": " a\n b "})
    assert card["typed"] == "a b"
    assert card["about"] == [None, None, "17", None, None, None, None, None]
    assert read_card({"about-3": "17"})["about"] == []
    page = card_page(card, asks_card=True, asks_about=True)
    assert [option for option in page.fields[2].options if option[2]] == [("17", "17", True)]


@pytest.mark.parametrize(
    ("times", "following", "is_valid"),
    [
        ("2", "card", True),
        ("1", "card", False),
        ("1", "nobody", True),
        ("1", "", True),
        ("2", "x", False),
    ],
)
def test_people_are_followed_only_over_several_rounds(
    times: str, following: str, is_valid: bool
) -> None:
    typed = usual_dates("Høst") | {"planned_rounds": [times], "following": [following]}
    assert DatesForm(typed, usual_title="Høst").is_valid() is is_valid
