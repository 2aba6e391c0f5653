"""What is planned to be told about open answers: numbers by code (T13), and words (T14)?"""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from knutepunkt.analysis.coding.codebook import Code
from knutepunkt.analysis.coding.coded import CodedAnswers, CodedRound
from knutepunkt.analysis.coding.texts import OpenText
from knutepunkt.analysis.disclosure.ladder import Ladder
from knutepunkt.analysis.disclosure.statements import (
    Kind,
    Number,
    NumberKind,
    Quotation,
    Records,
    TableRequest,
    Variable,
)
from knutepunkt.analysis.report.design import RoundDesign
from knutepunkt.analysis.report.planning.planned import Place, Plan, Planned
from knutepunkt.analysis.report.populations import Answers

NUMBERS, WORDS = "T13", "T14"
NOT_SAID, SAID = (0,), (1,)
LADDER = Ladder.of((NOT_SAID, SAID))


def plan_texts(answers: Answers) -> Plan:
    """Per code and round how many said it, the last round first; then words from the last round.

    A code is a variable of the round like any other: 1 for who said it, 0 for who wrote something
    else, nothing for who wrote nothing. Words are planned for every code, whether or not anybody
    consented, so that the plan tells nothing of consent.
    """
    coded = answers.coded
    if coded is None:
        return Plan()
    rounds = [each for each in reversed(answers.design.rounds) if each.id in coded.rounds]
    figures = [
        _number(answers, coded.rounds[each.id], code, each)
        for each in rounds
        for code in coded.codebook.codes
    ]
    return Plan((*figures, *(_words(answers, coded, rounds[0]) if rounds else ())))


def variable_of(code: Code) -> Variable:
    """The code as a variable of the round."""
    return Variable(f"code:{code.id}", 0.0, 1.0)


def _records(answers: Answers, coded: CodedRound, code: Code, each: RoundDesign) -> Records:
    people = answers.in_round(each.id)["participant"].cast(pl.String).to_list()
    said = pl.Series(coded.said(code.id, people)).fill_nan(None)
    return answers.records_of(variable_of(code), each, said)


def _number(answers: Answers, coded: CodedRound, code: Code, each: RoundDesign) -> Planned:
    records = _records(answers, coded, code, each)
    request = TableRequest(
        NUMBERS,
        f"{code.id}@{each.id}",
        Kind.FREQUENCY,
        (records,),
        ladder=LADDER,
        numbers=_agreement(coded, code),
        interval_of=answers.interval_of_share(),
    )
    return Planned(Place(NUMBERS, request.cell, code.id, (each.id,)), request)


def _agreement(coded: CodedRound, code: Code) -> tuple[Number, ...]:
    """Three coefficients with their intervals; none where there is nothing to agree on."""
    found = {
        "agreement": coded.agreement(code.id),
        "kappa": coded.kappa(code.id),
        "ac1": coded.steady_agreement(code.id),
    }
    return tuple(
        Number(f"{name}{end}", value, NumberKind.COEFFICIENT)
        for name, each in found.items()
        if each is not None
        for end, value in (
            ("", each.value),
            ("_low", each.interval.low),
            ("_high", each.interval.high),
        )
    )


def _words(answers: Answers, coded: CodedAnswers, each: RoundDesign) -> tuple[Planned, ...]:
    texts = coded.rounds[each.id]
    candidates = _candidates(coded, texts)
    figures = []
    for code in coded.codebook.codes:
        records = _records(answers, texts, code, each)
        people = frozenset(
            person
            for person, value in zip(records.participants, records.values, strict=True)
            if value == SAID[0]
        )
        request = TableRequest(
            WORDS,
            f"{code.id}@{each.id}",
            Kind.QUOTATION,
            (records,),
            ladder=LADDER,
            quotations=tuple(_quotation(texts, code, text, people) for text in candidates[code.id]),
        )
        figures.append(Planned(Place(WORDS, request.cell, code.id, (each.id,)), request))
    return tuple(figures)


def _quotation(texts: CodedRound, code: Code, text: OpenText, people: frozenset[str]) -> Quotation:
    return Quotation(
        code=code.id,
        words=text.words,
        has_consent=text.may_quote,
        readers=texts.readers_who_found_fit(text),
        people_of_code=people,
        names_group_or_place=texts.names_somebody(text),
        language=text.language,
    )


def _candidates(coded: CodedAnswers, texts: CodedRound) -> dict[str, list[OpenText]]:
    """The texts that might be quoted, each under one of its codes, in the order of their ids.

    Ids are random, so the order says nothing. A text with several codes stands under the one with
    the fewest texts, so that a common theme does not take the words of a rare one.
    """
    fit = [
        each.text
        for each in sorted(texts.texts, key=lambda written: written.text.id)
        if texts.readers_who_found_fit(each.text)
    ]
    codes = {text.id: [c for c in coded.codebook.ids if c in texts.codes_of(text)] for text in fit}
    frequency = {c: sum(c in found for found in codes.values()) for c in coded.codebook.ids}
    under: dict[str, list[OpenText]] = defaultdict(list)
    for text in fit:
        if codes[text.id]:
            under[min(codes[text.id], key=lambda c: frequency[c])].append(text)
    return under
