"""Does the browser seal, keep, show and check as the server would, and does nothing unsealed leave it?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from knutepunkt.analysis.instruments import (
    AnswersRefused,
    Instrument,
    definition_for_browser,
    validate_answers,
)
from knutepunkt.analysis.instruments.skip_rules import visible_items
from knutepunkt.responses.models import CoveredAnswer
from knutepunkt.responses.receipts import receipt_digest, words_of
from tests.answering_case import AskingCentre, asking_centre
from tests.browser.answering import NOTHING, at_the_screen, opened
from tests.browser.conftest import Visit

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "vault"], transaction=True),
]
SCRIPT = "/static/surveys/answering/built/answering.js"
TEXT = "Å bli møtt – «nok» og 🙂"


@pytest.fixture(autouse=True)
def _keys_apart(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR = tmp_path / "keys"
    settings.TRANSPORT_DIR = tmp_path / "transport"


@pytest.fixture
def centre() -> AskingCentre:
    return asking_centre()


def test_the_answer_is_sealed_in_the_browser_and_opens_in_the_vault(
    visit: Visit, centre: AskingCentre
) -> None:
    somebody = at_the_screen(visit, centre.codes[0], width=360)
    assert somebody.page.get_by_text("Det låses i nettleseren din").is_visible()
    somebody.press("Begynn")
    somebody.choose("OPP1", 2)
    for _part in range(5):
        somebody.press("Gå videre")
    somebody.page.locator("#FRI1").fill(TEXT)
    somebody.page.get_by_label("Dere kan sitere").first.check()
    somebody.press("Gå videre")
    assert somebody.heading() == "Klart til å sendes"
    assert somebody.posted == []
    somebody.press("Send svaret")
    somebody.page.get_by_role("heading", name="Takk! Svaret ditt er levert.").wait_for()
    (sent,) = somebody.posted
    body = json.loads(sent)
    assert body.keys() == {"letter", "digest", "card"}
    assert body["card"] == ""  # this survey follows nobody
    # Longer than what turns up in sealed letters by chance: 22,000 letters hold any three of them.
    for secret in (TEXT, "FRI1", "OPP1", "«nok»", "answers"):
        assert secret not in sent
        assert json.dumps(secret)[1:-1] not in sent
    assert somebody.kept() == NOTHING
    assert somebody.page.context.cookies() == []
    somebody.seen.is_sound()
    (content,) = opened(centre)
    assert content == {
        "form": 1,
        "instrument": centre.round.survey.instrument_id,
        "language": "nb",
        "answers": {"OPP1": 2, "FRI1": {"text": TEXT, "may_quote": True}},
    }


def test_the_words_of_the_browser_take_the_answer_back(visit: Visit, centre: AskingCentre) -> None:
    somebody = at_the_screen(visit, centre.codes[0], all_at_once=True)
    somebody.choose("BEN1", 5)
    somebody.press("Gå videre")
    somebody.press("Send svaret")
    somebody.page.get_by_text("Vil du kunne angre?").click()
    somebody.page.locator("[data-words]").wait_for()
    words = somebody.page.locator("[data-words]").inner_text()
    assert len(words.split()) == 7
    somebody.page.goto(somebody.seen.origin + "/angre/?lang=nb")
    somebody.page.locator("#words").fill(words)
    somebody.press("Slett svaret mitt")
    somebody.page.get_by_text("blir slettet når undersøkelsen lukkes").wait_for()
    assert opened(centre) == []


def test_offline_says_so_and_sends_later_once(visit: Visit, centre: AskingCentre) -> None:
    somebody = at_the_screen(visit, centre.codes[0], width=360)
    somebody.page.wait_for_load_state("networkidle")
    somebody.page.context.set_offline(True)
    somebody.press("Begynn")
    somebody.choose("OPP1", 1)
    for _part in range(6):
        somebody.press("Gå videre")
    somebody.press("Send svaret")
    summary = somebody.page.locator(".ds-error-summary")
    summary.wait_for()
    assert "Svaret er ikke sendt. Du mangler nett akkurat nå." in summary.inner_text()
    assert somebody.page.evaluate("document.activeElement.className") == "ds-error-summary"
    somebody.seen.keep("answering-offline")
    somebody.page.context.set_offline(False)
    somebody.press("Send svaret")
    somebody.page.get_by_role("heading", name="Takk! Svaret ditt er levert.").wait_for()
    assert CoveredAnswer.objects.count() == 1
    assert opened(centre)[0]["answers"] == {"OPP1": 1}


def test_a_lost_receipt_and_a_reload_count_once(visit: Visit, centre: AskingCentre) -> None:
    somebody = at_the_screen(visit, centre.codes[0])
    somebody.press("Begynn")
    somebody.choose("OPP1", 3)

    def stored_but_unheard(route: Any) -> None:
        route.fetch()
        route.abort()

    somebody.page.route("**/s/*", stored_but_unheard, times=1)
    for _part in range(6):
        somebody.press("Gå videre")
    somebody.press("Send svaret")
    somebody.page.locator(".ds-error-summary").wait_for()
    assert CoveredAnswer.objects.count() == 1
    somebody.press("Send svaret")
    somebody.page.get_by_text("Det var levert fra før og teller én gang.").wait_for()
    assert CoveredAnswer.objects.count() == 1


def test_a_reload_offers_what_was_written_and_shows_nothing_before(
    visit: Visit, centre: AskingCentre
) -> None:
    somebody = at_the_screen(visit, centre.codes[0], width=360)
    somebody.press("Begynn")
    for _part in range(5):
        somebody.press("Gå videre")
    somebody.page.locator("#FRI1").fill(TEXT)
    somebody.page.wait_for_function("localStorage.length === 1")
    assert TEXT not in somebody.page.evaluate("JSON.stringify({...localStorage})")
    somebody.page.reload()
    somebody.named("Gå videre der du slapp").wait_for()
    assert TEXT not in somebody.page.content()
    somebody.seen.is_sound()
    somebody.seen.keep("answering-begun")
    somebody.press("Gå videre der du slapp")
    assert somebody.page.locator("#FRI1").input_value() == TEXT
    somebody.page.get_by_text("Bruker andre denne enheten?").click()
    somebody.press("Glem svaret på denne enheten")
    somebody.named("Begynn").wait_for()
    assert somebody.kept() == NOTHING


def test_another_slip_on_the_same_device_reads_nothing(visit: Visit, centre: AskingCentre) -> None:
    somebody = at_the_screen(visit, centre.codes[0])
    somebody.press("Begynn")
    somebody.choose("OPP1", 3)
    somebody.page.wait_for_function("localStorage.length === 1")
    somebody.page.goto(f"{somebody.seen.origin}/s/{centre.codes[1]}?lang=nb")
    somebody.page.wait_for_load_state("networkidle")
    assert not somebody.named("Gå videre der du slapp").is_visible()
    somebody.press("Begynn")
    somebody.choose("OPP1", 1)
    somebody.page.wait_for_function("localStorage.length === 2")


def test_the_language_changes_in_the_browser_alone(visit: Visit, centre: AskingCentre) -> None:
    somebody = at_the_screen(visit, centre.codes[0])
    somebody.press("Begynn")
    somebody.choose("OPP1", 2)
    somebody.press("Nynorsk")
    somebody.page.get_by_text("Kor lenge har du vore").wait_for()
    assert somebody.page.locator('input[name="OPP1"][value="2"]').is_checked()
    assert somebody.page.evaluate("document.documentElement.lang") == "nn"
    assert somebody.posted == []
    for _part in range(6):
        somebody.press("Gå vidare")
    somebody.press("Send svaret")
    somebody.page.get_by_role("heading", name="Takk! Svaret ditt er levert.").wait_for()
    assert opened(centre)[0]["language"] == "nn"


@pytest.mark.parametrize("closed", [False, True])
def test_a_slip_used_meanwhile_or_a_closed_round_is_told(
    visit: Visit, centre: AskingCentre, closed: bool
) -> None:
    first = at_the_screen(visit, centre.codes[0], all_at_once=True)
    second = at_the_screen(visit, centre.codes[0], all_at_once=True)
    for each in (first, second):
        each.choose("BEN1", 3)
        each.press("Gå videre")
    if closed:
        opened(centre)
    else:
        first.press("Send svaret")
        first.page.get_by_role("heading", name="Takk! Svaret ditt er levert.").wait_for()
    second.press("Send svaret")
    told = "Undersøkelsen er lukket. Fristen var" if closed else "Denne lappen er brukt."
    second.page.get_by_text(told).wait_for()
    assert second.kept() == NOTHING


WORDS = {"nb": "Ord", "nn": "Ord på nynorsk", "en": "Word"}
OPTIONS = [{"code": code, "texts": WORDS} for code in (1, 2, 3)]


def every_kind() -> Instrument:
    """Return an instrument with every kind of item and every operator of a rule."""
    kinds: dict[str, dict[str, Any]] = {
        "S1": {"kind": "scale", "response_set": "S"},
        "C1": {"kind": "single_choice", "response_set": "S", "does_not_apply": False},
        "M1": {"kind": "multiple_choice", "response_set": "S"},
        "N1": {"kind": "number", "minimum": 0, "maximum": 10},
        "N2": {"kind": "number", "minimum": -5, "maximum": 5, "whole_numbers": False},
        "F1": {"kind": "free_text", "longest": 20, "consent_to_quote": True},
        "F2": {"kind": "free_text", "longest": 20},
        "I1": {"kind": "information"},
    }
    rules = [
        {"item": "S1", "operator": "in", "values": [1, -1], "show": ["M1"]},
        {"item": "S1", "operator": "at_least", "values": [2], "show": ["N1"]},
        {"item": "C1", "operator": "not_in", "values": [2], "show": ["N2", "I1"]},
        {"item": "M1", "operator": "in", "values": [3], "show": ["F1"]},
        {"item": "N1", "operator": "at_most", "values": [4], "show": ["F1"]},
        {"item": "F1", "operator": "not_answered", "show": ["F2"]},
        {"item": "N2", "operator": "answered", "show": ["F2"]},
    ]
    source = {
        "id": "every_kind", "version": "1", "title": WORDS, "intro": WORDS,
        "licence": "MIT", "source": "own", "parts": [{"id": "P", "texts": WORDS}],
        "items": [{"id": one, "part": "P", "texts": WORDS, **kind} for one, kind in kinds.items()],
        "response_sets": [{"id": "S", "options": OPTIONS}],
        "skip_rules": rules,
    }  # fmt: skip
    return Instrument.from_json(json.dumps(source))


SAID: dict[str, list[Any]] = {
    "S1": [None, 1, 3, -1, -2, 4, "1", 1.5, [1]],
    "C1": [None, 2, 3, -1, -2],
    "M1": [None, [1], [3, 1], [1, 1], [], -1, [1, -1], [4], 2],
    "N1": [None, 0, 4, 10, 11, -1, 2.5, "to"],
    "N2": [None, 2.5, -5, 5.5, "x"],
    "F1": [
        None, {"text": "ja", "may_quote": True}, {"text": "x" * 21, "may_quote": False},
        {"text": " ", "may_quote": False}, {"text": "🙂" * 20, "may_quote": False},
        {"text": "a\u0000b", "may_quote": False}, "bare tekst", {"text": "ja"},
    ],
    "F2": [None, {"text": "a\nb\tc", "may_quote": False}, {"text": "ja", "may_quote": True}],
}  # fmt: skip


def cases(instrument: Instrument) -> list[dict[str, Any]]:
    """Return answers in which the values meet each other: possible ones, and possible or not."""
    possible = {
        item: [one for one in values if one is None or not server_faults(instrument, {item: one})]
        for item, values in SAID.items()
    }
    made = []
    for turn in range(600):
        chosen = {
            item: values[(turn * (place + 1) + turn // 7 + turn // 31 * place) % len(values)]
            for place, (item, values) in enumerate((possible if turn % 3 else SAID).items())
        }
        made.append({item: value for item, value in chosen.items() if value is not None})
    return made


def server_faults(instrument: Instrument, answers: dict[str, Any]) -> set[str]:
    try:
        validate_answers(instrument, answers)
    except AnswersRefused as refused:
        return {fault.item for fault in refused.faults if fault.code != "hidden"}
    return set()


def test_the_browser_shows_and_refuses_what_the_server_does(
    visit: Visit, centre: AskingCentre
) -> None:
    instrument = every_kind()
    definition, asked = definition_for_browser(instrument), cases(instrument)
    page = at_the_screen(visit, centre.codes[0]).page
    found = page.evaluate(
        """async ([address, definition, cases]) => {
            const script = await import(address);
            return cases.map(answers => ({
                visible: script.visibleItems(definition, answers),
                faults: script.faultsOf(definition, answers),
            }));
        }""",
        [SCRIPT, definition, asked],
    )
    order = [item.id for item in instrument.items_in_order]
    shown = set()
    for answers, browser in zip(asked, found, strict=True):
        refused = server_faults(instrument, answers)
        if not refused:  # the rules meet possible answers alone, here as there
            visible = visible_items(order, instrument.skip_rules, answers)
            assert browser["visible"] == list(visible), answers
            shown.add(visible)
        # A text without its consent field is one the page cannot make; the vault takes it as "no".
        made_here = {key: said for key, said in answers.items() if said != {"text": "ja"}}
        faults = set(browser["faults"]) if made_here == answers else set(browser["faults"]) - {"F1"}
        assert faults == refused, answers
    assert len(shown) >= 12


def test_words_and_digest_are_the_servers(visit: Visit, centre: AskingCentre) -> None:
    secrets = [bytes(range(at, at + 8)) for at in range(0, 240, 8)] + [bytes(8), b"\xff" * 8]
    salt = bytes(range(16))
    page = at_the_screen(visit, centre.codes[0]).page
    found = page.evaluate(
        """async ([address, secrets, salt]) => {
            const script = await import(address);
            const made = [];
            for (const secret of secrets) {
                const words = await script.wordsOf(Uint8Array.from(secret));
                const digest = await script.digestOf(words, Uint8Array.from(salt), 4096);
                made.push([words, Array.from(digest)]);
            }
            return made;
        }""",
        [SCRIPT, [list(one) for one in secrets], list(salt)],
    )
    for secret, (words, digest) in zip(secrets, found, strict=True):
        assert tuple(words) == words_of(secret)
        assert bytes(digest) == receipt_digest(words_of(secret), salt)
