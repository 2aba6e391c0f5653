"""Which words may be quoted (P9), and does anything tell how many stayed behind?"""

from __future__ import annotations

from dataclasses import replace

from knutepunkt.analysis.disclosure import (
    Audience,
    Judgement,
    Kind,
    Ledger,
    Quotation,
    Rung,
    TableRequest,
    judge,
    kp1,
)

GOOD = Quotation(
    code="belonging",
    words="Jeg er ikke alene lenger.",
    has_consent=True,
    readers=frozenset({"reader-1", "reader-2"}),
    people_of_code=frozenset({"p1", "p2"}),
)
REFUSED = (
    replace(GOOD, words="uten samtykke", has_consent=False),
    replace(GOOD, words="lest av én", readers=frozenset({"reader-1"})),
    replace(GOOD, words="alene om koden", people_of_code=frozenset({"p1"})),
    replace(GOOD, words="nevner gruppa", names_group_or_place=True),
)


def told(*quotations: Quotation) -> Judgement:
    planned = TableRequest("T14", "belonging", Kind.QUOTATION, quotations=quotations)
    return judge([planned], policy=kp1(), audience=Audience.PUBLIC, ledger=Ledger())


def test_only_words_with_everything_in_order_are_told() -> None:
    [shown] = told(*REFUSED, GOOD).released
    assert shown.rung is Rung.QUOTATIONS
    assert [quotation.as_json() for quotation in shown.quotations] == [
        {"code": "belonging", "words": "Jeg er ikke alene lenger."}
    ]


def test_each_reason_alone_keeps_the_words_inside() -> None:
    for quotation in REFUSED:
        assert not told(quotation).released


def test_the_order_is_that_of_the_words_and_nothing_tells_what_stayed_behind() -> None:
    first = replace(GOOD, words="A", people_of_code=frozenset({"p8", "p9"}))
    second = replace(GOOD, words="B")
    assert told(second, first).document == told(first, *REFUSED, second).document
