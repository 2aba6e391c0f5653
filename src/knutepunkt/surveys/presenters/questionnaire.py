"""How do the questions look on paper, in ordinary or large print?

The paper is made from the same instrument as the pages, part by part. Statements next to each
other that share their answers stand in one table; in large print each has a list of its own.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from knutepunkt.analysis.instruments import Instrument, Item, ItemKind, Part
from knutepunkt.shared.wording import date_in_words, reader_language
from knutepunkt.surveys.models import Round
from knutepunkt.surveys.presenters.typesetting import typeset
from knutepunkt.surveys.queries.instruments import instrument_of
from knutepunkt.surveys.vocabulary import ELEMENTS

#: Fewer statements than this read better as lists than as a table.
LEAST_IN_TABLE = 2
LINES_FOR_TEXT = 6


def questionnaire_pdf(asked_round: Round, *, is_large: bool = False) -> bytes:
    """Return the survey's questions as a paper form in the language that is active."""
    survey = asked_round.survey
    instrument = instrument_of(survey)
    language = reader_language()
    numbers = _numbers(instrument)
    hard = (part for part in instrument.parts if instrument.part_asks_about_harm(part.id))
    first_hard = next(hard, None)
    content = {
        "centre": survey.organisation.name,
        "large": is_large,
        "opening": [
            instrument.intro.in_language(language),
            _(
                "Your answer is locked before it is stored. We do not store names, addresses or "
                "times with it. The report only shows figures for many people together."
            ),
            _(
                "If you write about something only your group knows, someone may recognise you. "
                "Please leave out names, places and details."
            ),
            _("Two people at the centre type your answer. Then the paper is shredded."),
        ],
        "code_label": _("The code on your slip"),
        "code_why": _(
            "Copy the code from your slip, or put the slip in the envelope. "
            "Without a code the answer cannot be counted."
        ),
        "page_word": _("Page"),
        "parts": [
            {
                **_part(instrument, part, language, numbers, is_large=is_large),
                "warning": _warning() if part is first_hard else "",
            }
            for part in instrument.parts
        ],
        "card": _card(asked_round),
        "ending_head": _("Thank you!"),
        "ending": [
            _(
                "Put the sheets in the envelope and seal it. Hand it in or post it by {date}. "
                "Do not write your name on anything."
            ).format(date=date_in_words(asked_round.closes_on)),
        ],
    }
    return typeset("questionnaire", content, title=instrument.title.in_language(language))


def _numbers(instrument: Instrument) -> dict[str, int]:
    asked = (item for item in instrument.items_in_order if item.takes_an_answer)
    return {item.id: number for number, item in enumerate(asked, start=1)}


def _part(
    instrument: Instrument, part: Part, language: str, numbers: dict[str, int], *, is_large: bool
) -> dict[str, Any]:
    groups: list[dict[str, Any]] = []
    for _shared, run in groupby(instrument.items_in(part.id), key=_answers_key):
        items = list(run)
        in_table = items[0].kind is ItemKind.SCALE and len(items) >= LEAST_IN_TABLE
        if in_table and not is_large:
            groups.append(_table(instrument, items, language, numbers))
        else:
            groups += [_single(instrument, item, language, numbers) for item in items]
    return {
        "heading": part.texts.in_language(language),
        "lead": part.lead.in_language(language) if part.lead is not None else "",
        "groups": groups,
    }


def _card(asked_round: Round) -> dict[str, Any] | None:
    """Return the last part, where the survey follows people: the card, and eight questions."""
    survey = asked_round.survey
    asks_card, asks_about = asked_round.number > 1, survey.asks_about_oneself
    if not survey.follows_people or not (asks_card or asks_about):
        return None
    return {
        "heading": _("So that we find your answer again"),
        "why": _(
            "We ask the same groups several times. If your answers can be laid side by side, we "
            "see how it goes over time. We still do not know who you are."
        ),
        "words": _("The words on your card from last time") if asks_card else "",
        "without": _("Seven words. If you have no card, leave it empty."),
        "agrees": _("Yes, you may use these eight answers to find my answer again.")
        if asks_about
        else "",
        "not_agreed": _("Without a tick here they are not typed. You can skip any of them."),
        "questions": [str(each.question) for each in ELEMENTS] if asks_about else [],
    }


def _answers_key(item: Item) -> tuple[str, str, bool, bool]:
    key = item.response_set if item.kind is ItemKind.SCALE else item.id
    return (item.kind, key or item.id, item.does_not_apply, item.prefer_not_to_say)


def _warning() -> str:
    return _(
        "Some of the questions may be hard. You can skip any of them. If things are difficult now, "
        "call 116 123 at any hour. If a life is in danger, call 113."
    )


def _options(instrument: Instrument, item: Item, language: str) -> list[str]:
    options = [
        option.texts.in_language(language) for option in instrument.response_set_of(item).options
    ]
    # On paper a question is passed over by leaving it open; only "does not apply" needs a box.
    return [*options, _("Does not apply")] if item.does_not_apply else options


def _table(
    instrument: Instrument, items: list[Item], language: str, numbers: dict[str, int]
) -> dict[str, Any]:
    lead = instrument.response_set_of(items[0]).lead
    return {
        "kind": "matrix",
        "head": lead.in_language(language) if lead is not None else "",
        "options": _options(instrument, items[0], language),
        "items": [
            {"number": str(numbers[item.id]), "text": item.texts.in_language(language)}
            for item in items
        ],
    }


def _single(
    instrument: Instrument, item: Item, language: str, numbers: dict[str, int]
) -> dict[str, Any]:
    text = item.texts.in_language(language)
    if item.kind is ItemKind.INFORMATION:
        return {"kind": "information", "text": text}
    number = str(numbers[item.id])
    if item.kind is ItemKind.NUMBER:
        return {"kind": "number", "number": number, "text": text}
    if item.kind is ItemKind.FREE_TEXT:
        return {
            "kind": "text",
            "number": number,
            "text": text,
            "lines": LINES_FOR_TEXT,
            "consent": _("You may quote this answer without my name.")
            if item.consent_to_quote
            else "",
        }
    lead = instrument.response_set_of(item).lead
    several = _("Tick all that fit.") if item.kind is ItemKind.MULTIPLE_CHOICE else ""
    return {
        "kind": "list",
        "number": number,
        "text": text,
        "head": lead.in_language(language) if lead is not None else several,
        "options": _options(instrument, item, language),
    }
