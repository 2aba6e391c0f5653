"""How often does the reported interval miss a truth of no change, at each row of the policy table?

    python benchmarks/type_one_error.py [--replications 2000] [--only G2] [--out FILE]

Every scenario simulates answers without any mean change and asks the functions the report itself
calls (`change_for_report`, `straight_line`, `mean_for_report`, `odds_change_for_report`) for their 95 % interval;
the share of intervals that miss the truth is the type I error of what a reader sees. Groups have
seven members except in the rows for more than 5,000 rows, which seven cannot reach below 40 groups.
Refused fits are counted and are not errors. Results are kept in `type_one_error.csv`; a run with
`--out` adds the scenarios that are not there yet.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from knutepunkt.analysis.models.inference import Estimate, Inference
from knutepunkt.analysis.models.policy import PolicyRow, choose
from knutepunkt.analysis.models.refusals import ModelRefusal
from knutepunkt.analysis.models.round_change import change_for_report
from knutepunkt.analysis.models.round_mean import mean_for_report
from knutepunkt.analysis.models.round_odds import odds_change_for_report
from knutepunkt.analysis.report.planning.trend import METHODS, random_terms, straight_line

RESULTS = Path(__file__).with_suffix(".csv")
CUTS = np.array([-1.5, -0.2, 1.2])


@dataclass(frozen=True)
class Scenario:
    """One way answers arise.

    Attributes:
        row: the row of the policy table aimed at; others that fire are counted.
        kind: ``mean``, ``change``, ``trend``, ``odds`` or ``ordered``.
        groups: number of groups; 0 for a design without.
        size: persons per group, or persons in all.
        icc: share of the variance between groups.
        between: standard deviation over groups of their own change, in units of the person's SD.
        waves: rounds.
        person: correlation of a person's answers beyond the group.
        linked: whether the same person has the same label in every round.
    """

    row: str
    kind: str
    groups: int
    size: int
    icc: float
    between: float = 0.0
    waves: int = 2
    person: float = 0.5
    linked: bool = True

    @property
    def name(self) -> str:
        """The scenario in one line."""
        extra = f" change-sd={self.between:g}" if self.kind != "mean" else ""
        extra += "" if self.linked else " unlinked"
        return (
            f"{self.kind} G={self.groups} m={self.size} icc={self.icc:g}{extra} waves={self.waves}"
        )


# In the order of what a reader would doubt first: few groups, whose change differs between them.
SCENARIOS: tuple[Scenario, ...] = (
    Scenario("G2", "change", 6, 7, 0.05, 0.3),
    Scenario("G2", "mean", 6, 7, 0.05),
    Scenario("G2", "mean", 9, 7, 0.2),
    Scenario("G3", "change", 10, 7, 0.05, 0.3),
    Scenario("G3", "mean", 10, 7, 0.05),
    Scenario("G3", "mean", 39, 7, 0.2),
    Scenario("G4", "mean", 40, 7, 0.2),
    Scenario("S1", "mean", 40, 7, 0.0),
    Scenario("P1", "change", 0, 30, 0.0),
    Scenario("G1", "mean", 5, 7, 0.0),
    Scenario("G1", "change", 5, 7, 0.2),
    Scenario("G2", "change", 9, 7, 0.2, 0.3, waves=3),
    Scenario("G2", "change", 6, 7, 0.2),
    Scenario("B1", "odds", 6, 7, 0.1, 0.3),
    Scenario("G3", "change", 39, 7, 0.2, 0.3, waves=3),
    Scenario("G4", "change", 40, 7, 0.05, 0.3),
    Scenario("P2", "change", 0, 2_600, 0.0),
    Scenario("P3", "change", 0, 2_600, 0.0, person=0.0),
    Scenario("L1", "change", 20, 130, 0.05, 0.1),
    Scenario("L2", "change", 20, 130, 0.0, person=0.0),
    Scenario("P4", "odds", 0, 60, 0.0),
    Scenario("O1", "ordered", 6, 7, 0.1, 0.3),
    Scenario("B1", "odds", 20, 7, 0.1, 0.3),
    Scenario("P4", "ordered", 0, 60, 0.0),
    Scenario("O1", "ordered", 20, 7, 0.1, 0.3),
    Scenario("G3", "change", 12, 7, 0.05, 0.3, linked=False),
    Scenario("G2", "change", 6, 7, 0.05, 0.3, linked=False),
    Scenario("G3", "trend", 10, 7, 0.05, 0.15, waves=3),
    Scenario("G2", "trend", 6, 7, 0.05, 0.15, waves=3),
)


def simulated(scenario: Scenario, rng: np.random.Generator) -> dict[str, np.ndarray | None]:
    """Draw answers of one study in which nobody changes on average."""
    groups = max(scenario.groups, 1)
    persons = groups * scenario.size
    group = np.repeat(np.arange(groups), scenario.size)
    shared = np.sqrt(scenario.icc) * rng.normal(size=groups)
    own = np.sqrt((1 - scenario.icc) * scenario.person) * rng.normal(size=persons)
    noise = np.sqrt((1 - scenario.icc) * (1 - scenario.person))
    waves = 1 if scenario.kind == "mean" else scenario.waves
    trend = scenario.between * rng.normal(size=(waves, groups))
    trend[0] = 0.0
    if scenario.kind == "trend":
        trend = np.arange(waves)[:, None] * trend[-1]
    latent = np.concatenate(
        [shared[group] + trend[wave][group] + own + _noise(scenario, noise, persons, rng)
         for wave in range(waves)]
    )  # fmt: skip
    return {
        "y": _answer(scenario, latent),
        "wave": np.repeat([f"w{wave}" for wave in range(waves)], persons),
        "person": np.arange(persons * waves) % (persons if scenario.linked else persons * waves),
        "group": np.tile(group, waves) if scenario.groups else None,
    }


def _noise(scenario: Scenario, size: float, persons: int, rng: np.random.Generator) -> np.ndarray:
    if scenario.kind in ("mean", "change", "trend"):
        return size * rng.normal(size=persons)
    return rng.logistic(size=persons)


def _answer(scenario: Scenario, latent: np.ndarray) -> np.ndarray:
    if scenario.kind == "odds":
        return (latent > -0.6).astype(np.float64)
    if scenario.kind == "ordered":
        return np.digitize(latent, CUTS).astype(np.float64)
    return latent


def reported(scenario: Scenario, rows: dict[str, np.ndarray | None]) -> tuple[PolicyRow, Estimate]:
    """Ask what the report asks; the estimate is the last change, the slope, or the mean."""
    y, wave, person, group = (rows[name] for name in ("y", "wave", "person", "group"))
    assert y is not None
    assert wave is not None
    assert person is not None
    if scenario.kind == "trend":
        return _line(scenario, pl.DataFrame(rows))
    if scenario.kind == "mean":
        found = mean_for_report(y, group)
    elif scenario.kind == "change":
        found = change_for_report(y, wave, person, group)
    else:
        found = odds_change_for_report(y, wave, person, group, ordered=scenario.kind == "ordered")
    return found.row, found.estimates[-1]


def _line(scenario: Scenario, rows: pl.DataFrame) -> tuple[PolicyRow, Estimate]:
    timed = rows.with_columns(
        pl.col("wave").str.slice(1).cast(pl.Float64).alias("time"),
        pl.col("person").alias("participant"),
    )
    _, formula = random_terms(scenario.groups, timed.height, linked=scenario.linked)
    planned = METHODS[choose(scenario.groups, timed.height).method]
    fit, method = straight_line(timed, formula, planned)
    row = choose(scenario.groups, timed.height, singular=fit.singular)
    return row, Inference(fit).estimate([0.0, 1.0], method=method)


@dataclass(frozen=True)
class Outcome:
    """How often the interval missed, out of how many, with the rows that fired."""

    scenario: Scenario
    misses: int
    intervals: int
    refused: int
    fired: dict[str, int]
    seconds: float

    @property
    def error(self) -> float:
        """Share of intervals that miss the truth."""
        return self.misses / max(self.intervals, 1)


def run(
    scenario: Scenario,
    replications: int,
    ask: Callable[[Scenario, dict[str, np.ndarray | None]], tuple[PolicyRow, Estimate]] = reported,
) -> Outcome:
    """Simulate a scenario; the seed depends on the scenario alone."""
    rng = np.random.default_rng(abs(hash_of(scenario.name)))
    began, misses, refused = time.perf_counter(), 0, 0
    fired: Counter[str] = Counter()
    for _ in range(replications):
        try:
            row, estimate = ask(scenario, simulated(scenario, rng))
        except ModelRefusal:
            refused += 1
            continue
        fired[row.id] += 1
        misses += not estimate.low <= 0.0 <= estimate.high
    seconds = time.perf_counter() - began
    return Outcome(scenario, misses, replications - refused, refused, dict(fired), seconds)


def hash_of(text: str) -> int:
    """A number that is the same in every run, unlike Python's hash of a text."""
    value = 0
    for letter in text:
        value = (value * 131 + ord(letter)) % (2**61 - 1)
    return value


HEADING = ["row", "scenario", "type_one_error", "intervals", "refused", "fired"]


def kept(path: Path) -> dict[str, list[object]]:
    """Return the lines already measured, by scenario, so that a run can be taken up again."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8") as stream:
        return {row[1]: list(row) for row in list(csv.reader(stream))[1:]}


def keep(path: Path, lines: list[list[object]]) -> None:
    """Write all lines measured so far."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADING)
        writer.writerows(lines)


def main() -> int:
    """Run the scenarios asked for and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=2_000)
    parser.add_argument("--only", default="", help="rows of the policy table, comma between")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    wanted = set(options.only.split(",")) - {""}
    chosen = [one for one in SCENARIOS if not wanted or one.row in wanted]
    done = kept(options.out) if options.out is not None else {}
    for scenario in chosen:
        if scenario.name in done:
            continue
        found = run(scenario, options.replications)
        fired = " ".join(f"{row}:{count}" for row, count in sorted(found.fired.items()))
        error = f"{found.error:.4f}"
        done[scenario.name] = [
            scenario.row,
            scenario.name,
            error,
            found.intervals,
            found.refused,
            fired,
        ]
        print(*done[scenario.name], f"{found.seconds:.0f} s", sep=" | ", flush=True)
        if options.out is not None:
            keep(options.out, list(done.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
