"""A6 in whole reports: what is there, and what is not, when everyone answered the same.

Two rounds with the same people; on one outcome nobody, or one, or two of them differ from the rest.
Which numbers, tables, sentences and notes a report holds must not say which.
"""

from __future__ import annotations

import json
from functools import cache

import polars as pl

from knutepunkt.analysis.disclosure import Ledger, kp1
from knutepunkt.analysis.report import build_report
from knutepunkt.analysis.report.notation import to_json
from tests.attacks.measured import Measured, assert_harmless
from tests.unit.analysis.report.sample import centre

DIFFERING = (0, 1, 2)


def alike(frame: pl.DataFrame, differing: int, rounds: tuple[str, ...]) -> pl.DataFrame:
    """Everyone answers 3 to every question of the scale; so many answer 1 to the first of them."""
    asked = frame["round"].is_in(list(rounds)).to_list()
    first = [i for i, here in enumerate(asked) if here][:differing]
    items = [name for name in frame.columns if name.startswith("MES")]
    columns = []
    for name in items:
        values = [3 if here else v for v, here in zip(frame[name].to_list(), asked, strict=True)]
        if name == items[0]:
            values = [1 if i in first else v for i, v in enumerate(values)]
        columns.append(pl.Series(name, values, dtype=pl.Int8))
    return frame.with_columns(columns)


@cache
def told(differing: int, rounds: tuple[str, ...]) -> str:
    """The report and its release as data."""
    design, frame = centre(groups=12, rounds=2, response=0.95)
    report, judgement = build_report(design, alike(frame, differing, rounds), Ledger(), kp1())
    whole = json.loads(to_json(report))
    whole.pop("certificate")
    return json.dumps([whole, judgement.document], sort_keys=True)


def test_a_whole_report_does_not_prove_that_everyone_answered_the_same() -> None:
    tries = found = 0
    for rounds in (("r1",), ("r1", "r2")):
        tries += 1
        found += told(0, rounds) not in {told(k, rounds) for k in DIFFERING[1:]}
    says = "see in which numbers, notes and sentences a report has that nobody differed"
    assert_harmless(Measured("A6", says, tries, found, 0.0, found))
