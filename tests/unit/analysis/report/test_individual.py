"""Is one person's change told in classes, deterioration always, and only where error is known?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Ledger, policy_for
from knutepunkt.analysis.measurement import ChangeClass, reliable_change
from knutepunkt.analysis.report import Measure, Norm, build_report
from knutepunkt.analysis.report.planning.individual import classes_of
from knutepunkt.analysis.report.sentences import fill as sentence
from knutepunkt.analysis.report.structure import TableHere
from knutepunkt.analysis.report.values import Band, Below, NotMade, Number, Withheld
from tests.unit.analysis.report.sample import centre


def _report(design, frame):
    return build_report(design, frame, Ledger(), policy_for())[0]


def _known(design, **measure):
    known = Measure(**measure)
    measures = dict.fromkeys(("MES", "TIL", "KOM"), known)
    return replace(design, protocol=replace(design.protocol, measures=measures))


@pytest.fixture(scope="module")
def table():
    design, frame = centre(rounds=2, response=0.9)
    return _report(_known(design, reliability=0.85), frame).table("T7")


def test_the_classes_are_those_of_reliable_change():
    rng = np.random.default_rng(4)
    before = rng.normal(20, 6, 200)
    after = before + rng.normal(-4, 6, 200)
    measure = Measure(0.88, cutoff=14.0, lower_is_better=True)
    found = classes_of(before, after, 0.88, measure)
    wanted = reliable_change(before, after, reliability=0.88, higher_is_better=False, cutoff=14.0)
    order = (
        ChangeClass.DETERIORATED,
        ChangeClass.UNCHANGED,
        ChangeClass.IMPROVED,
        ChangeClass.RECOVERED,
    )
    counts = [int((found == code).sum()) for code in (1, 2, 3, 4)]
    assert counts == [wanted.count(each) for each in order]
    assert min(counts) > 0


def test_deterioration_is_always_told_and_comes_first(table):
    scales = {row.key.partition("@")[0] for row in table.rows}
    assert scales == {"MES", "TIL", "KOM"}
    for scale in scales:
        sides = [row.key for row in table.rows if row.key.startswith(scale)]
        assert "#worse" in sides[0]
        share = next(row.cells[4] for row in table.rows if row.key == sides[0])
        assert isinstance(share, Number | Band | Below)


def test_nobody_worse_is_told_as_fewer_than():
    # With more groups odds are fitted too, of answers that hardly vary: that takes a while.
    design, frame = centre(rounds=2, groups=9, response=0.9)
    # The second round is the first, somewhat better: nobody is worse.
    first = frame.filter(pl.col("round") == "r1")
    second = first.with_columns(
        pl.lit("r2").alias("round"),
        *((pl.col(f"MES{i}") + 1).clip(upper_bound=5) for i in range(1, 5)),
    )
    report = _report(_known(design, reliability=0.85), pl.concat([first, second], how="diagonal"))
    row = next(row for row in report.table("T7").rows if row.key.startswith("MES@r2#worse"))
    assert isinstance(row.cells[4], Below)


def test_it_stands_where_difficulty_is_told():
    design, frame = centre(rounds=2, response=0.9)
    report = _report(_known(design, reliability=0.85), frame)
    placed = [b.id for b in report.section("difficult").blocks if isinstance(b, TableHere)]
    assert placed == ["T7"]


def test_linked_subsets_cost_no_witnesses():
    """The subset is named for P4; nothing was told of it, so P5 needs not take it apart."""
    design, frame = centre(rounds=2, response=0.9)
    policy = replace(policy_for(), witnesses=100)
    _, judgement = build_report(_known(design, reliability=0.85), frame, Ledger(), policy)
    assert {each.table for each in judgement.released} >= {"T5", "T6", "T7"}
    assert not [each for each in judgement.withheld if each.table in ("T5", "T6", "T7")]


def test_without_a_known_error_a_sentence_stands_instead():
    design, frame = centre(rounds=2, groups=6, size=8, response=0.8)
    table = _report(design, frame).table("T7")
    assert not table.rows
    assert {note.message for note in table.notes} == {"note.no_reliability"}


def test_below_fifty_people_the_reliability_of_the_protocol_is_named_and_used():
    design, frame = centre(rounds=2, groups=6, size=8, response=0.8)
    report = _report(_known(design, reliability=0.85), frame)
    named = [note for note in report.table("T5").notes if note.message == "method.alpha_known"]
    assert {note.parameters["reliability"].value for note in named} == {0.85}
    assert any(row.key.startswith("MES@r2#worse") for row in report.table("T7").rows)
    assert "note.reliability_known" in {note.message for note in report.table("T7").notes}


def test_whether_reliability_is_refused_follows_from_how_many_were_asked_alone():
    """Of many who were asked few answered: it is withheld, as where all answered alike."""
    for response, is_told in ((0.2, False), (0.95, True)):
        design, frame = centre(groups=12, response=response)
        table = _report(design, frame).table("T5")
        alpha = next(row.cells[-6] for row in table.rows if row.key.startswith("MES@"))
        assert isinstance(alpha, Number if is_told else Withheld)
        assert ("method.alpha_refused" in {note.message for note in table.notes}) is not is_told
    few, frame = centre(groups=6)
    alpha = next(
        row.cells[-5] for row in _report(few, frame).table("T5").rows if row.key.startswith("MES@")
    )
    assert isinstance(alpha, NotMade)


def test_from_fifty_answers_the_report_estimates_the_error_itself():
    design, frame = centre(rounds=2, response=0.95)
    notes = {note.message for note in _report(design, frame).table("T7").notes}
    assert "note.reliability_estimated" in notes


def test_rounds_that_are_not_linked_tell_nothing_of_persons():
    report = _report(*centre(rounds=2, linked=False))
    assert "T7" not in {table.id for table in report.tables}


def test_the_report_says_between_whom_the_cutoff_lies():
    design, frame = centre(rounds=2)
    measure = Measure(0.8, None, 3.5, troubled=Norm(3.0, 0.5), well=Norm(4.0, 0.5))
    protocol = replace(design.protocol, measures={"MES": measure})
    notes = {
        n.message: n for n in _report(replace(design, protocol=protocol), frame).table("T7").notes
    }
    assert notes["note.cutoff"].parameters["cutoff"].value == 3.5
    assert sentence(notes["note.cutoff_between"], "en").startswith(
        "The cut-off lies where two populations meet: mean 3.00 (SD 0.50) with the trouble, 4.00"
    )
