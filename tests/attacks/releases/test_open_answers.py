"""A21: what open answers, their codes and the words that are quoted tell of who wrote them.

The attackers: somebody who searches all that is released for words of texts that were not quoted;
a co-member who asks whether a certain person consented; somebody who reads from a code's presence
that a single person wrote it; coders who try to join a person's two texts.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import numpy as np
import polars as pl

from knutepunkt.analysis.coding import CodedAnswers, CodedRound, CodedText, OpenText
from knutepunkt.analysis.disclosure import Ledger, Rung, kp1
from knutepunkt.analysis.report import build_report, to_json
from knutepunkt.evaluations.extract.texts import open_items, texts_in
from tests.attacks.measured import Measured, assert_harmless
from tests.unit.analysis.report.sample import RATES, centre, coded

DESIGN, FRAME = centre()


def everything_released(found: CodedAnswers) -> str:
    """All that leaves the gate: the report, the release, the certificate, the ledger's statements."""
    report, judgement = build_report(DESIGN, FRAME, Ledger(), kp1(), coded=found)
    told = [judgement.document, judgement.certificate, [s.as_json() for s in judgement.statements]]
    return to_json(report) + json.dumps(told, ensure_ascii=False)


def with_texts(found: CodedAnswers, change: dict[str, OpenText]) -> CodedAnswers:
    rounds = {
        name: replace(
            each,
            texts=tuple(
                replace(written, text=change.get(written.text.id, written.text))
                for written in each.texts
            ),
        )
        for name, each in found.rounds.items()
    }
    return CodedAnswers(found.codebook, rounds)


def each_in_own_words(found: CodedAnswers) -> CodedAnswers:
    """The same, with a word in every text that nobody else wrote."""
    texts = [written.text for each in found.rounds.values() for written in each.texts]
    return with_texts(
        found,
        {text.id: replace(text, words=f"{text.words} {own_word(text)}") for text in texts},
    )


def own_word(text: OpenText) -> str:
    """A rare word: letters alone, since numbers are never quoted."""
    return "særord" + "".join(chr(ord("a") + int(digit)) for digit in text.id[1:])


def only_round(found: CodedAnswers) -> CodedRound:
    return next(iter(found.rounds.values()))


def test_a_rare_word_of_a_text_that_may_not_be_quoted_stands_nowhere() -> None:
    """A21: every writer puts a word of their own in; those who said no are searched for."""
    found = each_in_own_words(coded(DESIGN, FRAME, consents=0.5))
    texts = [written.text for written in only_round(found).texts]
    told = everything_released(found)
    refused = [text for text in texts if not text.may_quote]
    hits = sum(own_word(text) in told for text in refused)
    assert sum(own_word(text) in told for text in texts) >= 2  # the search finds what is quoted
    says = "find a rare word of a text whose writer did not say yes"
    assert_harmless(Measured("A21", says, len(refused), hits, 0.0, hits))


def test_a_name_a_place_or_a_group_in_a_text_stands_nowhere() -> None:
    """A21: every text consents, both readers let it pass, and it names somebody or something."""
    found = coded(DESIGN, FRAME, consents=1.0)
    names = (
        "marit",
        "på vågsund",
        "sammen med Kari",
        "i onsdagsgruppa",
        "er 47 år",
        "kaja@post.no",
    )
    texts = [written.text for written in only_round(found).texts]
    marked = {
        text.id: replace(text, words=f"Jeg traff henne {names[at % len(names)]} her.")
        for at, text in enumerate(texts)
    }
    known = frozenset({"marit", "vågsund", "onsdagsgruppa"})
    named = with_texts(found, marked)
    rounds = {name: replace(each, names=known) for name, each in named.rounds.items()}
    told = everything_released(CodedAnswers(named.codebook, rounds))
    hits = sum(text.words in told for text in marked.values())
    says = "find a name, a place or a group that slipped past both readers"
    assert_harmless(Measured("A21", says, len(texts), hits, 0.0, hits))


def test_a_code_of_one_a_few_or_all_but_a_few_is_never_told() -> None:
    """A21: a theme that so many people wrote of; the attacker reads whether it was more than none."""
    tries = hits = 0
    found = coded(DESIGN, FRAME, consents=1.0)
    texts = [written.text for written in only_round(found).texts]
    documents = []
    for people in range(5):
        alone = {text.id for text in texts[:people]}
        said = {
            text.id: CodedText(frozenset({"time"}) if text.id in alone else frozenset(), fit=True)
            for text in texts
        }
        rounds = {
            name: replace(each, first=said, second=said) for name, each in found.rounds.items()
        }
        _, judgement = build_report(
            DESIGN, FRAME, Ledger(), kp1(), coded=CodedAnswers(found.codebook, rounds)
        )
        figure = judgement.figure("T13", "time@r1")
        documents.append(None if figure is None else figure.as_json())
        tries += 1
        hits += figure is not None and figure.rung is Rung.CATEGORIES
        assert judgement.figure("T14", "time@r1") is None
    assert all(each == documents[0] for each in documents)
    says = "tell a theme that a few wrote of from one that nobody did"
    assert_harmless(Measured("A21", says, tries, hits, 0.0, hits))


def test_the_quotations_tell_nothing_of_whether_somebody_else_consented() -> None:
    """A21: a co-member knows who wrote of which theme, sees the quotations, and guesses consent.

    Where a theme has two quotations more people may have said yes, where it has fewer nobody else
    did; so the guess is "yes" for the first and "no" for the others. Those who are quoted are known
    to have said yes and are not counted.
    """
    rng = np.random.default_rng(21)
    tries = right = commoner = 0
    for _ in range(6):
        found = each_in_own_words(coded(DESIGN, FRAME, seed=int(rng.integers(10**6))))
        texts = only_round(found)
        told = everything_released(found)
        quoted = [w.text for w in texts.texts if own_word(w.text) in told]
        others = [w.text for w in texts.texts if own_word(w.text) not in told]
        counts = {code: sum(code in texts.codes_of(text) for text in quoted) for code in RATES}
        yes = sum(text.may_quote for text in others)
        for text in others:
            guess = any(counts[code] >= 2 for code in texts.codes_of(text))
            right += guess == text.may_quote
        tries += len(others)
        commoner += max(yes, len(others) - yes)
    says = "guess whether somebody who is not quoted said yes to it"
    measured = Measured("A21", says, tries, right, commoner / tries, 0)
    assert_harmless(measured)


def test_two_texts_by_one_person_have_names_that_do_not_go_together() -> None:
    """A21: a coder guesses which text under one question is by the writer of one under another."""
    instrument = DESIGN.instrument
    rng = np.random.default_rng(3)
    people = [str(UUID(int=int(rng.integers(2**63)))) for _ in range(200)]
    items = open_items(instrument)[:2]
    columns: dict[str, list[Any]] = {
        "participant": people,
        "answer": people,
        "language": ["nb"] * 200,
    }
    for item in open_items(instrument):
        columns[item] = ["ord" if item in items else None for _ in people]
        columns[f"{item}.may_quote"] = [False] * 200
    written = texts_in(pl.DataFrame(columns), instrument, b"a key nobody at the centre sees")
    by_item = {item: [w for w in written if w.text.question == item] for item in items}
    first, second = (by_item[item] for item in items)
    # The best a coder has is the order of the names.
    hits = sum(
        one.participant == other.participant for one, other in zip(first, second, strict=True)
    )
    shared = sum(
        one.text.id[:4] == other.text.id[:4]
        for one in first
        for other in second
        if one.participant == other.participant
    )
    says = "join two texts by one person from their names"
    assert_harmless(Measured("A21", says, 200, hits, 1 / 200, shared))


def test_one_reader_is_not_enough_whatever_the_text() -> None:
    found = each_in_own_words(coded(DESIGN, FRAME, consents=1.0, second=False))
    told = everything_released(found)
    hits = sum(own_word(written.text) in told for written in only_round(found).texts)
    says = "read words that one person alone has let pass"
    tries = len(only_round(found).texts)
    assert_harmless(Measured("A21", says, tries, hits, 0.0, hits))
