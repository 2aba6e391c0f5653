"""What may be said when tables, means and subsets speak about the same people?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from knutepunkt.analysis.disclosure import (
    Audience,
    Judgement,
    Kind,
    Ledger,
    Records,
    RecordSet,
    Rung,
    TableRequest,
    judge,
    kp1,
)
from tests.unit.analysis.disclosure.centres import answers, frequency, harm, records


def decide(*requests: TableRequest) -> Judgement:
    return judge(requests, policy=kp1(), audience=Audience.CENTRE, ledger=Ledger())


def without(data: Records, leave_out: int, seed: int = 3) -> Records:
    """The same records without some participants drawn at random."""
    keep = np.sort(np.random.default_rng(seed).permutation(data.values.size)[leave_out:])
    return replace(
        data,
        participants=data.participants[keep],
        groups=None if data.groups is None else data.groups[keep],
        values=data.values[keep],
        with_slip=data.with_slip[keep],
    )


def test_a_mean_beside_a_full_table_of_the_same_question_is_told() -> None:
    data = records(answers([20, 20, 20, 20, 20]))
    judged = decide(frequency(data), TableRequest("T5", "BEN1", Kind.MEAN, (data,)))
    assert [figure.rung for figure in judged.released] == [Rung.CATEGORIES, Rung.FIGURES]


def test_a_mean_that_would_sharpen_a_band_is_not_told() -> None:
    """ "At least 8 in 10" and "mean 4.0" leave room; fives with few others would not."""
    mixed = records(answers([0, 0, 10, 40, 10]))
    sharp = decide(frequency(mixed), TableRequest("T5", "BEN1", Kind.MEAN, (mixed,)))
    assert [figure.rung for figure in sharp.released] == [Rung.BAND, Rung.FIGURES]
    fives = records(answers([2, 0, 0, 0, 58]))
    blunt = decide(frequency(fives), TableRequest("T5", "BEN1", Kind.MEAN, (fives,)))
    assert [figure.rung for figure in blunt.released] == [Rung.BAND, Rung.ONLY_N]


def test_a_table_of_nearly_all_is_not_told_beside_the_table_of_all() -> None:
    data = records(answers([18, 18, 18, 18, 18]))
    judged = decide(frequency(data), frequency(without(data, 3), cell="linked"))
    assert [figure.cell for figure in judged.released] == ["BEN1"]


def test_a_subset_whose_complement_is_small_in_a_cell_is_not_told() -> None:
    """Eight people are outside the subset, but only one or two of them in each category."""
    data = records(answers([18, 18, 18, 18, 18]))
    subset = without(data, 8)
    assert decide(frequency(subset, cell="linked")).released[0].rung is Rung.CATEGORIES
    beside = decide(frequency(data), frequency(subset, cell="linked"))
    assert [withheld.cell for withheld in beside.withheld] == ["linked"]


def test_half_of_the_people_may_have_a_table_of_their_own() -> None:
    """No integer problem is needed: an exchange within the half and within the rest is a witness."""
    data = records(answers([0, 40, 40, 80, 80]), group_size=6)
    half = without(data, 120)
    judged = decide(frequency(data), frequency(half, cell="half"))
    assert [figure.rung for figure in judged.released] == [Rung.CATEGORIES, Rung.CATEGORIES]
    assert judged.witnesses == 0


def test_a_mean_beside_a_band_needs_integer_witnesses() -> None:
    fours = records(answers([0, 2, 4, 30, 24]))
    planned = [frequency(fours), TableRequest("T5", "BEN1", Kind.MEAN, (fours,))]
    assert decide(*planned).witnesses > 0
    tight = kp1().stricter(witnesses=0)
    judged = judge(planned, policy=tight, audience=Audience.CENTRE, ledger=Ledger())
    assert [w.cause for w in judged.withheld] == ["solver_stopped"]


def test_a_remainder_that_answered_alike_keeps_the_table_of_the_part_inside() -> None:
    """All thirty in "1" are in the part: the other forty of the whole would lie outside it."""
    data = records(answers([30, 0, 0, 45, 45]), group_size=6, seed=5)
    ones = np.flatnonzero(data.values == 1)
    others = np.flatnonzero(data.values != 1)
    keep = np.sort(np.concatenate([ones, others[:50]]))
    part = replace(
        data,
        participants=data.participants[keep],
        groups=None if data.groups is None else data.groups[keep],
        values=data.values[keep],
        with_slip=data.with_slip[keep],
    )
    assert decide(frequency(part, cell="part")).released[0].rung is Rung.CATEGORIES
    beside = decide(frequency(data), frequency(part, cell="part"))
    assert [figure.rung for figure in beside.released] == [Rung.CATEGORIES, Rung.ONLY_N]


def test_without_groups_leavers_who_answered_alike_are_not_subtracted() -> None:
    """Six people who all answered 5 left between two tables of a design without groups.

    The second is told as "at most 4 in 10", 41 to 53 of 134 once the nearer bands were not taken:
    three to six of the six lay in 4-5, and nobody of them is known to.
    """
    whole = replace(records(answers([28] * 5), seed=None), groups=None)
    part = replace(
        whole,
        participants=whole.participants[:134],
        values=whole.values[:134],
        with_slip=whole.with_slip[:134],
    )
    beside = decide(frequency(whole), frequency(part, cell="part"))
    assert [figure.rung for figure in beside.released] == [Rung.CATEGORIES, Rung.BAND]
    assert beside.contributors["1:T4:part:band"].high == 53


def test_the_certificate_is_the_same_whichever_rungs_failed() -> None:
    """Six joined since the first table; whether they all answered 1 must not show anywhere."""
    people = [f"p{i}" for i in range(106)]
    certificates = []
    for unhappy in range(2, 7):
        values = [*answers([20] * 5), *([1] * unhappy), *([5] * (6 - unhappy))]
        whole = records(values, participants=people, group_size=6, seed=None)
        first = replace(
            whole,
            participants=whole.participants[:100],
            groups=None if whole.groups is None else whole.groups[:100],
            values=whole.values[:100],
            with_slip=whole.with_slip[:100],
        )
        judged = decide(frequency(first, cell="first"), frequency(whole, cell="second"))
        assert judged.released[1].rung is Rung.ONLY_N
        certificates.append(judged.certificate)
    assert all(each == certificates[0] for each in certificates)


def test_people_without_a_slip_do_not_hide_a_small_remainder() -> None:
    """A hundred and three people, three of them with a slip, are left by subtraction: three."""
    people = [f"p{i}" for i in range(220)]
    slips = [i < 123 for i in range(220)]
    whole = records(
        answers([44] * 5), participants=people, with_slip=slips, seed=None, group_size=5
    )
    keep = np.array([i < 120 for i in range(220)])
    part = replace(
        whole,
        participants=whole.participants[keep],
        groups=None if whole.groups is None else whole.groups[keep],
        values=whole.values[keep],
        with_slip=whole.with_slip[keep],
    )
    planned = [
        TableRequest("T5", "all", Kind.MEAN, (whole,)),
        TableRequest("T5", "part", Kind.MEAN, (part,)),
    ]
    assert [withheld.cell for withheld in decide(*planned).withheld] == ["part"]


def test_a_set_comes_back_from_the_vault_as_it_went_in() -> None:
    data = records(answers([20, 20, 20, 20, 20]))
    judged = decide(frequency(data), TableRequest("T5", "BEN1", Kind.MEAN, (data,)))
    for record_set in judged.contributors.values():
        returned = RecordSet.from_json(record_set.as_json())
        assert returned == record_set
        assert returned.groups == record_set.groups


def test_a_class_of_harm_is_not_told_again_of_other_people() -> None:
    """Five of 28 were harmed, and four of the 21 without one group: it held the fifth."""
    values = [3, 3, 3, 3, *[1] * 17, 3, *[1] * 6]
    whole = records(values, group_size=7, seed=None)
    part = records(values[:21], group_size=7, seed=None)
    [first] = decide(harm(whole)).released
    assert first.rung is Rung.CLASS
    again = replace(harm(part), cell="corrected")
    assert [f.rung for f in decide(harm(whole), again).released] == [Rung.CLASS, Rung.ONLY_N]
    assert [f.rung for f in decide(harm(whole), replace(again, records=(whole,))).released] == [
        Rung.CLASS,
        Rung.CLASS,
    ]
