"""Which data sets are agreement, shares, associations and limits compared with R on?

Rebuilt from their seeds, as in `designs.py`; R's figures lie in `plain_cases.csv`, made once by
`plain_cases.R`. Where no package of R was at hand the script writes the definition out, pair by
pair and group by group, which is slower than ours and shares nothing with it.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from tests.spec.reference.designs import Draw, Rows
from tests.spec.reference.further_cases import Record, rounds

MISSING = -9.0


def coded(draw: Draw) -> list[Record]:
    """Fifty units, four coders, three codes, one of them rare; every tenth cell not coded."""
    rows: list[Record] = []
    for _ in range(50):
        true = 1 + draw.below(0.8) + draw.below(0.15)
        given = [draw.whole(1, 3) if draw.below(0.2) else true for _ in range(4)]
        rows.append(
            {f"c{k}": MISSING if draw.below(0.1) else float(code) for k, code in enumerate(given)}
        )
    return rows


def groups(draw: Draw) -> list[Record]:
    """Uneven groups whose members answer alike: four items, attendance and an outcome."""
    rows: list[Record] = []
    for g in range(17):
        shift, habit = draw.normal(0.8), draw.normal(1.0)
        for _ in range(draw.whole(1, 11)):
            x = 4 + habit + draw.normal(1.0)
            y = 20 + 0.6 * (x - habit) + 1.4 * habit + 2 * shift + draw.normal(2.0)
            row: Record = {"g": f"g{g:02d}", "x": x, "y": y}
            for k in range(4):
                row[f"i{k}"] = float(min(max(round(3 + shift + draw.normal(0.8)), 1), 5))
            row["yes"] = float(shift + draw.normal(1.0) > 0.2)
            rows.append(row)
    return rows


def paths(draw: Draw) -> list[Record]:
    """Attendance, mechanism and outcome of persons in groups, with a first-round outcome."""
    rows: list[Record] = []
    for g in range(22):
        shift = draw.normal(0.7)
        for _ in range(draw.whole(2, 9)):
            before, x = draw.normal(1.0), draw.normal(1.0)
            m = 0.5 * x + 0.3 * before + shift + draw.normal(1.0)
            y = 0.4 * m + 0.1 * x + 0.6 * before + draw.normal(1.0)
            rows.append({"g": f"g{g:02d}", "before": before, "x": x, "m": m, "y": y})
    return rows


PROFILED = {
    "rounds, nested": "y ~ w + (1 | g/p)",
    "rounds, slopes apart": "y ~ w + (1 | g/p) + (0 + t | g)",
    "rounds, correlated": "y ~ t + (t | g)",
}
MAKERS = {"coded": (coded, 8001), "groups": (groups, 8002), "paths": (paths, 8003)} | dict.fromkeys(
    PROFILED, (rounds, 8004)
)


def rows_of(name: str) -> Rows:
    """Rebuild the columns of a case; numbers rounded to four decimals."""
    make, seed = MAKERS[name]
    records = make(Draw(seed))
    columns: Rows = {}
    for key, first in records[0].items():
        if isinstance(first, str):
            columns[key] = [str(one[key]) for one in records]
        else:
            columns[key] = [round(float(one[key]), 4) for one in records]
    return columns


def write_all(folder: Path) -> None:
    """Write every case as CSV for R to read."""
    for name in MAKERS:
        columns = rows_of(name)
        with (folder / f"{name}.csv").open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(columns)
            writer.writerows(zip(*columns.values(), strict=True))


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
