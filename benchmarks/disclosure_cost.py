"""How long does the gate take, and how much memory, by groups, tables and releases in the ledger?

Run: python -m benchmarks.disclosure_cost [runs]

One point is one process: it makes the answers, judges once and reports the seconds of the judgement
and the largest memory of the process above that of a process that only imports the gate. A planned
release is so many five-point questions, each told of everybody and of a linked subset of six in ten,
so that every question has overlapping tables. "Earlier" releases told the same questions of everybody
before, to the centre, the funder and everyone in turn. Prints the table and draws disclosure_cost.svg.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from knutepunkt.analysis.disclosure import (
    Audience,
    Kind,
    Ladder,
    Ledger,
    Records,
    RecordSet,
    TableRequest,
    Variable,
    append,
    judge,
    kp1,
)
from knutepunkt.analysis.disclosure.ledger import LedgerEntry

AUDIENCES = (Audience.CENTRE, Audience.FUNDER, Audience.PUBLIC)
#: (groups, tables, earlier releases): one number at a time is changed; the last is the demand.
GROUPS = [(groups, 20, 0) for groups in (5, 10, 20, 50, 100)]
TABLES = [(20, tables, 0) for tables in (5, 10, 20, 40, 80)]
LEDGER = [(20, 20, earlier) for earlier in (1, 10, 100)]
POINTS = [*GROUPS, *TABLES, *LEDGER, (50, 20, 10)]


def planned(
    groups: int, tables: int, rng: np.random.Generator
) -> tuple[list[TableRequest], list[TableRequest]]:
    """The questions told of everybody, and the same of a linked subset."""
    sizes = rng.integers(5, 9, groups)
    places = [f"g{place}" for place, size in enumerate(sizes) for _ in range(size)]
    people = [f"p{place}" for place in range(len(places))]
    linked = rng.random(len(places)) < 0.6
    everybody, subset = [], []
    for number in range(tables):
        values = rng.choice([1.0, 2, 3, 4, 5], len(places), p=[0.1, 0.1, 0.2, 0.3, 0.3])
        values[rng.random(len(places)) < 0.02] = np.nan
        for out, kept in ((everybody, values), (subset, np.where(linked, values, np.nan))):
            records = Records.of(
                Variable(f"Q{number}", 1, 5),
                "autumn",
                participants=people,
                groups=places,
                values=[None if np.isnan(v) else v for v in kept],
                closed=True,
            )
            ladder = Ladder.ordinal((1, 2, 3, 4, 5))
            name = f"Q{number}" if out is everybody else f"Q{number} linked"
            out.append(TableRequest("T4", name, Kind.FREQUENCY, (records,), ladder=ladder))
    return everybody, subset


def ledger_of(requests: list[TableRequest], releases: int) -> Ledger:
    """A ledger in which so many releases told these questions before."""
    entries: tuple[LedgerEntry, ...] = ()
    kept: dict[str, RecordSet] = {}
    for place in range(releases):
        audience = AUDIENCES[place % 3]
        judged = judge(requests, policy=kp1(), audience=audience, ledger=Ledger(entries, kept))
        entry = append(
            entries,
            release=f"r{place}",
            audience=audience,
            policy_hash=kp1().hash,
            statements=judged.statements,
        )
        entries, kept = (*entries, entry), kept | judged.contributors
    return Ledger(entries, kept)


def memory() -> float:
    """The largest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def point(groups: int, tables: int, earlier: int) -> dict[str, float]:
    """One measurement, in this process."""
    before = memory()
    everybody, subset = planned(groups, tables, np.random.default_rng(groups + tables))
    ledger = ledger_of(everybody, earlier)
    began = time.perf_counter()
    judged = judge([*everybody, *subset], policy=kp1(), audience=Audience.CENTRE, ledger=ledger)
    return {
        "seconds": time.perf_counter() - began,
        "megabytes": memory() - before,
        "released": len(judged.released),
        "withheld": len(judged.withheld),
        "problems": judged.witnesses,
    }


def measured(groups: int, tables: int, earlier: int, runs: int) -> dict[str, float]:
    """The median over several processes."""
    command = [sys.executable, "-m", "benchmarks.disclosure_cost", "--point"]
    numbers = [str(each) for each in (groups, tables, earlier)]
    found = [
        json.loads(subprocess.run([*command, *numbers], capture_output=True, check=True).stdout)
        for _ in range(runs)
    ]
    return {name: statistics.median(each[name] for each in found) for name in found[0]}


def draw(results: dict[tuple[int, int, int], dict[str, float]], target: Path) -> None:
    """Three curves of seconds, one for each number that was changed."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3), layout="constrained")
    axes = figure.subplots(1, 3)
    curves = (("groups", 0, GROUPS), ("tables", 1, TABLES), ("earlier releases", 2, LEDGER))
    for axis, (label, place, points) in zip(axes, curves, strict=True):
        axis.plot([p[place] for p in points], [results[p]["seconds"] for p in points], "o-")
        axis.set(xlabel=label, ylabel="seconds", xscale="log", yscale="log")
    figure.savefig(target, metadata={"Date": None})


def main() -> None:
    """Measure every point and print the table."""
    if "--point" in sys.argv:
        groups, tables, earlier = map(int, sys.argv[-3:])
        print(json.dumps(point(groups, tables, earlier)))
        return
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    print("| groups | tables | earlier | seconds | MB | released | withheld | problems |")
    print("|---|---|---|---|---|---|---|---|")
    results = {each: measured(*each, runs) for each in dict.fromkeys(POINTS)}
    for (groups, tables, earlier), found in results.items():
        told = f"{found['released']:.0f} | {found['withheld']:.0f} | {found['problems']:.0f}"
        cost = f"{found['seconds']:.2f} | {found['megabytes']:.0f}"
        print(f"| {groups} | {2 * tables} | {earlier} | {cost} | {told} |")
    draw(results, Path(__file__).with_suffix(".svg"))


if __name__ == "__main__":
    main()
