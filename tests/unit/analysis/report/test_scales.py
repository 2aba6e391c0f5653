"""Does the table of scales tell omega with the interval that groups call for?"""

from __future__ import annotations

import pytest

from knutepunkt.analysis.disclosure import Ledger, policy_for
from knutepunkt.analysis.measurement import mcdonald_omega
from knutepunkt.analysis.report import build_report
from knutepunkt.analysis.report.populations import Answers
from knutepunkt.analysis.report.values import Range
from tests.unit.analysis.report.sample import centre


@pytest.mark.parametrize("has_groups", [True, False])
def test_omega_has_its_interval_summed_up_over_groups(has_groups):
    design, frame = centre(groups=24, has_groups=has_groups)
    answers = Answers.of(design, frame)
    groups = answers.in_round("r1")["group"].cast(str).to_numpy() if has_groups else None
    table = build_report(design, frame, Ledger(), policy_for())[0].table("T5")
    names = [column.id for column in table.columns]
    told = 0
    for row in table.rows:
        cells = dict(zip(names, row.cells, strict=True))
        scale = design.instrument.scale(row.key.partition("@")[0])
        if len(scale.items) < 3:
            continue
        found = mcdonald_omega(answers.turned_items(scale, "r1"), groups=groups)
        assert cells["omega"].value == pytest.approx(found.omega, abs=0.0051)
        if isinstance(cells["omega_interval"], Range):
            told += 1
            assert cells["omega_interval"].low == pytest.approx(found.interval.low, abs=0.0051)
            assert cells["omega_interval"].high == pytest.approx(found.interval.high, abs=0.0051)
    assert told >= 2
