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
from tests.unit.analysis.disclosure.centres import answers, frequency, records


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
    data = records(answers([0, 40, 40, 80, 80]), group_size=6)
    half = without(data, 120)
    judged = decide(frequency(data), frequency(half, cell="half"))
    assert [figure.rung for figure in judged.released] == [Rung.CATEGORIES, Rung.CATEGORIES]
    assert judged.certificate["solver"]["witnesses"] > 0


def test_the_solver_has_a_limit_beyond_which_nothing_is_told() -> None:
    data = records(answers([0, 40, 40, 80, 80]), group_size=6)
    tight = kp1().stricter(witnesses=3)
    planned = [frequency(data), frequency(without(data, 120), cell="half")]
    judged = judge(planned, policy=tight, audience=Audience.CENTRE, ledger=Ledger())
    assert [w.cause for w in judged.withheld] == ["solver_stopped"]


def test_a_set_comes_back_from_the_vault_as_it_went_in() -> None:
    data = records(answers([20, 20, 20, 20, 20]))
    judged = decide(frequency(data), TableRequest("T5", "BEN1", Kind.MEAN, (data,)))
    for record_set in judged.contributors.values():
        returned = RecordSet.from_json(record_set.as_json())
        assert returned == record_set
        assert returned.groups == record_set.groups
