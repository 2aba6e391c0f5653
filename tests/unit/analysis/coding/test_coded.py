"""Is the participant the unit, of what was said and of agreement?"""

from __future__ import annotations

import numpy as np
import pytest

from knutepunkt.analysis.coding import CodedRound, CodedText, OpenText, WrittenText

HOPE = CodedText(frozenset({"hope"}))
NONE = CodedText()


def round_of(rows: list[tuple[str, CodedText, CodedText]]) -> CodedRound:
    texts = [
        WrittenText(who, OpenText(f"t{i}", "FRI1", "ord")) for i, (who, _, _) in enumerate(rows)
    ]
    first = {f"t{i}": one for i, (_, one, _) in enumerate(rows)}
    second = {f"t{i}": other for i, (_, _, other) in enumerate(rows)}
    return CodedRound(tuple(texts), first, second)


def test_said_is_one_zero_or_nothing_for_each_participant() -> None:
    found = round_of([("p1", NONE, NONE), ("p1", HOPE, HOPE), ("p2", HOPE, NONE)])
    values = found.said("hope", ["p3", "p2", "p1"])
    assert np.isnan(values[0])
    assert values[1:].tolist() == [0.0, 1.0]


def test_agreement_is_krippendorffs_over_participants() -> None:
    """Ten participants, one disagreement: alpha worked out by hand over pairs of values.

    Values: coder one says hope of p0-p4, coder two of p0-p3. Ones 9, zeros 11 of 20;
    observed disagreement 2/20, expected 2*9*11/(20*19); alpha = 1 - 0.1/0.521052...
    """
    rows = [(f"p{i}", HOPE if i < 5 else NONE, HOPE if i < 4 else NONE) for i in range(10)]
    twice = [*rows, *[("p0", NONE, NONE)] * 3]
    for found in (round_of(rows), round_of(twice)):
        agreement = found.agreement("hope")
        assert agreement is not None
        assert agreement.value == pytest.approx(1 - 0.1 / (2 * 9 * 11 / (20 * 19)))
        assert agreement.units == 10


def test_agreement_says_nothing_where_nobody_said_it_or_one_coded() -> None:
    assert round_of([("p1", NONE, NONE), ("p2", NONE, NONE)]).agreement("hope") is None
    alone = CodedRound((WrittenText("p1", OpenText("t", "FRI1", "ord")),), {"t": HOPE})
    assert alone.agreement("hope") is None
    assert alone.readers_who_found_fit(OpenText("t", "FRI1", "ord")) == frozenset()


def test_a_reader_who_sees_somebody_in_a_text_takes_it_from_both() -> None:
    fit, sees = CodedText(fit=True), CodedText(identifies=True)
    text = OpenText("t0", "FRI1", "ord")
    assert len(round_of([("p1", fit, fit)]).readers_who_found_fit(text)) == 2
    assert not round_of([("p1", fit, sees)]).readers_who_found_fit(text)


def test_a_round_in_which_nobody_wrote_has_no_agreement_by_any_measure() -> None:
    silent = CodedRound((), {}, {})
    assert silent.agreement("time") is silent.kappa("time") is None
    assert silent.steady_agreement("time") is None
