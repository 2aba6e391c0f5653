"""Which words may be quoted (P9), and does anything tell how many stayed behind?"""

from __future__ import annotations

from dataclasses import replace

from knutepunkt.analysis.disclosure import (
    Audience,
    Judgement,
    Kind,
    Ladder,
    Ledger,
    Quotation,
    Records,
    ReleasedQuotation,
    Rung,
    TableRequest,
    Variable,
    judge,
    kp1,
)

GOOD = Quotation(
    code="belonging",
    words="Jeg er ikke alene lenger.",
    has_consent=True,
    readers=frozenset({"reader-1", "reader-2"}),
    people_of_code=frozenset({"p1", "p2"}),
    language="nb",
)
REFUSED = (
    replace(GOOD, words="uten samtykke", has_consent=False),
    replace(GOOD, words="lest av én", readers=frozenset({"reader-1"})),
    replace(GOOD, words="alene om koden", people_of_code=frozenset({"p1"})),
    replace(GOOD, words="nevner gruppa", names_group_or_place=True),
)


LADDER = Ladder.of(((0,), (1,)))


def said(people: int, of: int = 60) -> Records:
    """How many of so many, ten in each group, said it."""
    return Records.of(
        Variable("code:belonging", 0, 1),
        "r1",
        participants=[f"p{i}" for i in range(of)],
        groups=[f"g{i % 6}" for i in range(of)],
        values=[float(i < people) for i in range(of)],
        closed=True,
    )


def released(*quotations: Quotation, people: int = 24, numbered: bool = True) -> Judgement:
    """What comes out of a code so many people gave, with or without its number in the release."""
    records = (said(people),)
    number = TableRequest("T13", "belonging", Kind.FREQUENCY, records, ladder=LADDER)
    words = TableRequest(
        "T14", "belonging", Kind.QUOTATION, records, ladder=LADDER, quotations=quotations
    )
    planned = [number, words] if numbered else [words]
    return judge(planned, policy=kp1(), audience=Audience.PUBLIC, ledger=Ledger())


def told(*quotations: Quotation) -> tuple[ReleasedQuotation, ...]:
    figure = released(*quotations).figure("T14", "belonging")
    return figure.quotations if figure is not None else ()


def test_only_words_with_everything_in_order_are_told() -> None:
    shown = released(*REFUSED, GOOD).figure("T14", "belonging")
    assert shown is not None
    assert shown.rung is Rung.QUOTATIONS
    assert [quotation.as_json() for quotation in shown.quotations] == [
        {"code": "belonging", "words": "Jeg er ikke alene lenger.", "language": "nb"}
    ]


def test_each_reason_alone_keeps_the_words_inside() -> None:
    for quotation in REFUSED:
        assert not told(quotation)


def test_the_order_is_that_of_the_words_and_nothing_tells_what_stayed_behind() -> None:
    first = replace(GOOD, words="A", people_of_code=frozenset({"p8", "p9"}))
    second = replace(GOOD, words="B")
    assert released(second, first).document == released(first, *REFUSED, second).document


def test_two_stand_under_a_code_however_many_could() -> None:
    many = [replace(GOOD, words=f"Slik var det, {i}.") for i in range(9)]
    assert len(told(*many)) == 2


def test_words_stand_only_beside_a_number_that_is_told() -> None:
    """A quotation alone would say that somebody said it; beside "at least t" it says nothing new."""
    assert told(GOOD)
    assert released(GOOD, numbered=False).figure("T14", "belonging") is None
    for few in (0, 1, 2, 9):
        assert released(GOOD, people=few).figure("T14", "belonging") is None
    assert released(GOOD, people=20).figure("T14", "belonging") is not None


def test_a_band_at_the_low_end_carries_no_words() -> None:
    number = released(GOOD, people=3).figure("T13", "belonging")
    assert number is None or number.rung is not Rung.CATEGORIES
    assert released(GOOD, people=3).figure("T14", "belonging") is None
