"""How does the report tell how often its own way of reckoning is wrong (K1)?"""

from __future__ import annotations

from knutepunkt.analysis.report.building.columns import columns
from knutepunkt.analysis.report.calibration import Calibration, Shape
from knutepunkt.analysis.report.structure import Row, Table
from knutepunkt.analysis.report.values import (
    Number,
    Range,
    Sentence,
    Source,
    Unit,
    Value,
    Verbatim,
)

# Simulated scores: nothing here is about anybody's answers.
SIMULATED = Source("rule.simulated")


def calibration_table(shape: Shape, found: Calibration) -> Table:
    """K1: the shape, and the achieved error rate and coverage beside what they should be."""
    one = found.found is None
    rows: list[tuple[str, Value]] = [
        ("shape", _shape(shape)),
        ("row", Verbatim(found.row)),
        ("replications", _count(found.replications)),
        ("refused", _count(found.refused)),
        ("errors_one" if one else "errors", _percent(found.errors)),
        ("doubt", _between(*found.doubt)),
        ("coverage_one" if one else "coverage", _percent(found.coverage)),
    ]
    if found.found is not None:
        rows.append(("found", _percent(found.found / found.replications)))
    return Table(
        "K1",
        Sentence("table.K1"),
        columns("part", "content"),
        tuple(Row(key, (Sentence(f"calibration.{key}"), value)) for key, value in rows),
        (Sentence("note.calibration"), Sentence("note.calibration_limits")),
    )


def _shape(shape: Shape) -> Sentence:
    words: dict[str, Value] = {"answered": Verbatim(", ".join(map(str, shape.answered)))}
    if shape.groups is None:
        return Sentence("calibration.without_groups", words)
    return Sentence("calibration.with_groups", {"groups": _count(shape.groups), **words})


def _count(value: int) -> Number:
    return Number(value, Unit.COUNT, SIMULATED)


def _percent(share: float) -> Number:
    return Number(round(100 * share, 1), Unit.PERCENT, SIMULATED, 1)


def _between(low: float, high: float) -> Range:
    return Range(round(100 * low, 1), round(100 * high, 1), Unit.PERCENT, SIMULATED, 1)
