"""How does the report tell how often its own way of finding change is wrong (K1)?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.calibration import Calibration
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import Number, Sentence, Source, Unit, Value, Verbatim

# Simulated scores: nothing here is about anybody's answers.
SIMULATED = Source("rule.simulated")


def calibration_table(found: Calibration) -> Table:
    """K1: replications, achieved error rate and coverage beside what they should be."""
    rows: list[tuple[str, Value]] = [
        ("row", Verbatim(found.row)),
        ("replications", Number(found.replications, Unit.COUNT, SIMULATED)),
        ("refused", Number(found.refused, Unit.COUNT, SIMULATED)),
        ("errors", Number(round(100 * found.errors, 1), Unit.PERCENT, SIMULATED, 1)),
        ("coverage", Number(round(100 * found.coverage, 1), Unit.PERCENT, SIMULATED, 1)),
    ]
    return Table(
        "K1",
        Sentence("table.K1"),
        columns("part", "content"),
        tuple(Row(key, (Sentence(f"calibration.{key}"), value)) for key, value in rows),
        (Sentence("note.calibration"), Sentence("note.calibration_limits")),
    )
