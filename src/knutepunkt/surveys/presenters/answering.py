"""How is a questionnaire laid out on a participant's pages?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from knutepunkt.analysis.instruments import (
    DOES_NOT_APPLY,
    PREFER_NOT_TO_SAY,
    Instrument,
    Item,
    ItemKind,
    Part,
)
from knutepunkt.analysis.instruments.validator import outside_codes_of
from knutepunkt.surveys.presenters.easy_words import said


@dataclass(frozen=True)
class Choice:
    """One answer that can be chosen."""

    value: int
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Question:
    """One question as it stands on the page."""

    id: str
    kind: str
    text: str
    lead: str
    choices: tuple[Choice, ...]
    apart: tuple[Choice, ...]
    value: str
    may_quote: bool
    asks_to_quote: bool
    longest: int
    minimum: float | None
    maximum: float | None
    error: str
    is_row: bool
    is_lead_new: bool = False
    is_first_text: bool = False

    @property
    def input_kind(self) -> str:
        """Several may be chosen, or one."""
        return "checkbox" if self.kind == ItemKind.MULTIPLE_CHOICE else "radio"


@dataclass(frozen=True)
class Page:
    """One part of the questionnaire."""

    number: int
    of: int
    id: str
    title: str
    lead: str
    needs_help_lines: bool
    questions: tuple[Question, ...]

    @property
    def errors(self) -> tuple[Question, ...]:
        """The questions with something to mend."""
        return tuple(question for question in self.questions if question.error)


@dataclass(frozen=True)
class SummaryLine:
    """One part on the last page: how much of it is answered, never what."""

    number: int
    title: str
    sentence: str


def page_of(
    instrument: Instrument,
    number: int,
    language: str,
    *,
    answers: Mapping[str, Any],
    faults: Mapping[str, str] | None = None,
    raw: Mapping[str, Sequence[str]] | None = None,
    only_visible: bool = True,
) -> Page:
    """Return part ``number`` (from 1) with what is answered so far."""
    part = instrument.parts[number - 1]
    visible = set(instrument.visible_items(answers)) | _called_for_here(instrument, part)
    questions: list[Question] = []
    for item in instrument.items_in(part.id):
        if only_visible and item.id not in visible:
            continue
        question = _question(instrument, item, language, answers, faults or {}, raw or {})
        said = questions[-1].lead if questions else ""
        is_text = item.kind == ItemKind.FREE_TEXT
        questions.append(
            replace(
                question,
                is_lead_new=question.lead not in ("", said),
                is_first_text=is_text and not any(each.kind == item.kind for each in questions),
            )
        )
    return Page(
        number=number,
        of=len(instrument.parts),
        id=part.id,
        title=part.texts.in_language(language),
        lead=part.lead.in_language(language) if part.lead else "",
        needs_help_lines=instrument.part_asks_about_harm(part.id),
        questions=tuple(questions),
    )


def _called_for_here(instrument: Instrument, part: Part) -> set[str]:
    """Return the questions that an answer on the same page decides about.

    Without script they are all shown: asking in a page of its own would tell whoever watches the
    line what was answered. An answer that turns out not to be asked for is left out.
    """
    here = {item.id for item in instrument.items_in(part.id)}
    rules = (rule for rule in instrument.skip_rules if rule.item in here)
    return {shown for rule in rules for shown in rule.show} & here


def summary_of(
    instrument: Instrument, language: str, answers: Mapping[str, Any]
) -> tuple[SummaryLine, ...]:
    """Return the parts with how many of their questions are answered."""
    visible = set(instrument.visible_items(answers))
    return tuple(
        _summary_line(number, part, language, _asked(instrument, part, visible), answers)
        for number, part in enumerate(instrument.parts, start=1)
    )


def _asked(instrument: Instrument, part: Part, visible: set[str]) -> list[str]:
    return [
        item.id
        for item in instrument.items_in(part.id)
        if item.takes_an_answer and item.id in visible
    ]


def _summary_line(
    number: int, part: Part, language: str, asked: Sequence[str], answers: Mapping[str, Any]
) -> SummaryLine:
    given = sum(item in answers for item in asked)
    if not asked:
        sentence = _("No questions for you here.")
    elif given == 0:
        sentence = _("Not answered.")
    elif given == len(asked):
        sentence = _("All answered.")
    else:
        sentence = _("{given} of {asked} answered.").format(given=given, asked=len(asked))
    return SummaryLine(number, part.texts.in_language(language), sentence)


def _question(
    instrument: Instrument,
    item: Item,
    language: str,
    answers: Mapping[str, Any],
    faults: Mapping[str, str],
    raw: Mapping[str, Sequence[str]],
) -> Question:
    answer = answers.get(item.id)
    fault = faults.get(item.id)
    chosen = answer if isinstance(answer, list) else [answer]
    choices: tuple[Choice, ...] = ()
    lead = ""
    if item.is_closed:
        shown = instrument.response_set_of(item)
        lead = said(shown.lead, language) if shown.lead else ""
        choices = tuple(
            Choice(option.code, option.texts.in_language(language), option.code in chosen)
            for option in shown.options
        )
    return Question(
        id=item.id,
        kind=item.kind.value,
        text=said(item.texts, language),
        lead=lead,
        choices=choices,
        apart=_apart(item, chosen),
        value=_written(item, answer, raw.get(item.id) if fault else None),
        may_quote=isinstance(answer, dict) and bool(answer.get("may_quote")),
        asks_to_quote=item.consent_to_quote,
        longest=item.longest,
        minimum=item.minimum,
        maximum=item.maximum,
        error=_sentence(fault, item) if fault else "",
        is_row=item.kind is ItemKind.SCALE,
    )


def _apart(item: Item, chosen: Sequence[Any]) -> tuple[Choice, ...]:
    words = {DOES_NOT_APPLY: _("Does not apply"), PREFER_NOT_TO_SAY: _("Prefer not to say")}
    return tuple(Choice(code, words[code], code in chosen) for code in outside_codes_of(item))


def _written(item: Item, answer: Any, raw: Sequence[str] | None) -> str:
    if raw is not None:
        return raw[0] if raw else ""
    if isinstance(answer, dict):
        return str(answer.get("text", ""))
    if item.kind is ItemKind.NUMBER and answer is not None and answer >= 0:
        return f"{answer:g}"
    return ""


def _sentence(fault: str, item: Item) -> str:
    """Say what is wrong and what to do; the words of the design's key moments where there are any."""
    if fault == "too_long":
        return _("The text is longer than {number} characters. Shorten it a little.").format(
            number=item.longest
        )
    if fault in ("out_of_range", "wrong_form") and item.kind is ItemKind.NUMBER:
        return _("Write a number from {low} to {high}.").format(
            low=f"{item.minimum or 0:g}", high=f"{item.maximum or 0:g}"
        )
    if fault == "control_characters":
        return _("The text has characters we cannot store. Write it without them.")
    return _("Choose one of the options, or choose “Prefer not to say”.")
