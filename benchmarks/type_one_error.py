"""How often does the reported interval miss a truth of no change, at each row of the policy table?

    python benchmarks/type_one_error.py [--replications 2000] [--only G2] [--out FILE]

Every scenario simulates answers without any mean change and asks the functions the report itself
calls (`change_for_report`, `straight_line`, `mean_for_report`, `odds_change_for_report`) for their 95 % interval;
the share of intervals that miss the truth is the type I error of what a reader sees. Groups have
seven members except in the rows for more than 5,000 rows, which seven cannot reach below 40 groups.
Refused fits are counted and are not errors. Results are kept in `type_one_error.csv`; a run with
`--out` adds the scenarios that are not there yet. Every hundred studies of a scenario are kept
beside the table, with the state of the generator, so that a run that was stopped goes on where it
was and gives what one run would have given.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
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
ALIKE = 0.5
BLOCK = 100


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
    person: float = ALIKE
    linked: bool = True

    @property
    def name(self) -> str:
        """The scenario in one line."""
        extra = f" change-sd={self.between:g}" if self.kind != "mean" else ""
        extra += "" if self.person == ALIKE else f" person={self.person:g}"
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


@dataclass
class Progress:
    """How far a scenario has come: studies asked, misses, refusals, the rows that fired."""

    scenario: str
    asked: int = 0
    misses: int = 0
    refused: int = 0
    fired: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    generator: dict[str, object] | None = None

    @property
    def intervals(self) -> int:
        """Number of studies that gave an interval."""
        return self.asked - self.refused

    @property
    def error(self) -> float:
        """Share of intervals that miss the truth."""
        return self.misses / max(self.intervals, 1)


Asked = Callable[[Scenario, dict[str, np.ndarray | None]], tuple[PolicyRow, Estimate]]


def run(
    scenario: Scenario, replications: int, ask: Asked = reported, partial: Path | None = None
) -> Progress:
    """Simulate a scenario; the seed depends on the scenario alone, also when taken up again."""
    rng = np.random.default_rng(abs(hash_of(scenario.name)))
    found = taken_up(scenario, partial)
    if found.generator is not None:
        rng.bit_generator.state = found.generator
    while found.asked < replications:
        began = time.perf_counter()
        for _ in range(min(BLOCK, replications - found.asked)):
            one_study(scenario, rng, ask, found)
        found.seconds += time.perf_counter() - began
        if partial is not None:
            found.generator = dict(rng.bit_generator.state)
            partial.write_text(json.dumps(asdict(found)), encoding="utf-8")
    return found


def taken_up(scenario: Scenario, partial: Path | None) -> Progress:
    """Return what a stopped run kept of this scenario, or a beginning."""
    if partial is not None and partial.exists():
        found = Progress(**json.loads(partial.read_text(encoding="utf-8")))
        if found.scenario == scenario.name:
            return found
    return Progress(scenario.name)


def one_study(scenario: Scenario, rng: np.random.Generator, ask: Asked, found: Progress) -> None:
    """Ask about one simulated study and count what came out."""
    found.asked += 1
    try:
        row, estimate = ask(scenario, simulated(scenario, rng))
    except ModelRefusal:
        found.refused += 1
        return
    found.fired[row.id] = found.fired.get(row.id, 0) + 1
    found.misses += not estimate.low <= 0.0 <= estimate.high


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
        partial = options.out.with_suffix(".partial.json") if options.out is not None else None
        found = run(scenario, options.replications, partial=partial)
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
        if partial is not None:
            keep(options.out, list(done.values()))
            partial.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
