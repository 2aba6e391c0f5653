"""Does the report say what doubtful links mean, and only where people were linked?"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Ledger, policy_for
from knutepunkt.analysis.linking import By, Link, Linkage
from knutepunkt.analysis.models.round_mean import mean_for_report
from knutepunkt.analysis.report import build_report
from knutepunkt.analysis.report.plan import plan
from knutepunkt.analysis.report.structure import TableHere
from knutepunkt.analysis.report.values import Number
from tests.unit.analysis.report.sample import centre


def linked(design, frame, probability: float):
    """The sample's people, linked as they are, each with some doubt about one other."""
    first, later = design.rounds[0].id, design.rounds[1].id
    names = [set(frame.filter(pl.col("round") == one)["participant"]) for one in (first, later)]
    both = sorted(names[0] & names[1])
    links = tuple(Link(one, one, By.ELEMENTS, probability) for one in both)
    others = tuple(
        Link(a, b, By.ELEMENTS, 1 - probability)
        for a, b in zip(both, [*both[1:], both[0]], strict=True)
    )
    found = Linkage(links, (*links, *others), (), 0.8, len(names[0]), len(names[1]), ())
    return replace(design, linked=True, linkages={later: found}), both


@pytest.fixture(scope="module")
def study():
    design, frame = centre(rounds=2, response=0.8)
    design, both = linked(design, frame, 0.93)
    return design, frame, both


def test_the_change_among_those_found_again_is_the_paired_change(study):
    design, frame, both = study
    (planned,) = [one for one in plan(design, frame).figures if one.place.table == "T6-links"]
    told = {number.name.partition("@")[0]: number.value for number in planned.request.numbers}
    items = list(design.instrument.scale(planned.place.subject).items)
    assert items
    first, later = (planned.request.records[at] for at in (0, 1))
    scores = [dict(zip(one.participants, one.values, strict=True)) for one in (first, later)]
    people = [one for one in both if all(np.isfinite(each[one]) for each in scores)]
    assert int(first.valid.sum()) == len(people)
    change = np.array([scores[1][one] - scores[0][one] for one in people])
    groups = dict(zip(later.participants, later.groups, strict=True))
    expected = mean_for_report(change, np.array([groups[one] for one in people])).estimates[0]
    assert told["used"] == pytest.approx(expected.value, abs=0.051)
    assert told["used_low"] == pytest.approx(expected.low, abs=0.051)
    # What is told is rounded before it is handed over: a difference, and no mean of the subset.
    assert told["doubt_high"] - told["doubt_low"] >= told["used_high"] - told["used_low"] - 0.11
    assert abs(told["doubt"] - told["used"]) < 0.15


def test_the_table_stands_with_the_method_and_says_what_it_means(study):
    design, frame, _both = study
    report, judgement = build_report(design, frame, Ledger(), policy_for())
    table = report.table("T6-links")
    assert table.notes[0].message == "note.links"
    method = next(section for section in report.sections if section.id == "method")
    assert TableHere("T6-links") in method.blocks
    assert any(one.table == "T6-links" for one in judgement.released) or any(
        one.table == "T6-links" for one in judgement.withheld
    )
    shown = [cell for row in table.rows for cell in row.cells if isinstance(cell, Number)]
    assert all(round(cell.value, 1) == cell.value for cell in shown)


def test_nothing_of_it_without_links_and_no_number_with_too_few(study):
    design, frame, _both = study
    assert not plan(replace(design, linkages={}), frame).places("T6-links")
    later = design.rounds[1].id
    few = replace(design.linkages[later], links=design.linkages[later].links[:9])
    figures = plan(replace(design, linkages={later: few}), frame).figures
    [request] = [each.request for each in figures if each.place.table == "T6-links"]
    assert request.numbers
    assert not any(math.isfinite(number.value) for number in request.numbers)
