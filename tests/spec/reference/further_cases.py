"""Which further simulated data sets are the statistics compared with R on?

Each is rebuilt from its seed by `designs.Draw`; the figures R gave lie in `further_cases.csv` and
were made once by `further_cases.R`. They reach where the 200 designs do not: four levels, crossed
and nested at once, slopes of categories, R's formula algebra, groups of one, tests of several
coefficients, quadrature with few and many points, ordered answers, sandwiches of uneven clusters.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.spec.reference.designs import Draw, Rows

Record = dict[str, float | str]


@dataclass(frozen=True)
class Case:
    """One data set, the kind of statistic, and the formula where there is one."""

    name: str
    kind: str
    formula: str
    make: Callable[[Draw], list[Record]]
    seed: int

    def rows(self) -> Rows:
        """Rebuild the columns; numbers rounded to four decimals."""
        records = self.make(Draw(self.seed))
        columns: Rows = {}
        for name, first in records[0].items():
            if isinstance(first, str):
                columns[name] = [str(one[name]) for one in records]
            else:
                columns[name] = [round(float(one[name]), 4) for one in records]
        return columns


def four_levels(draw: Draw) -> list[Record]:
    """Answers in persons in groups in centres in regions, a covariate and three arms."""
    rows: list[Record] = []
    for a in range(5):
        top = draw.normal(1.2)
        for b in range(3):
            upper = draw.normal(1.0)
            for c in range(draw.whole(2, 3)):
                mid = draw.normal(0.9)
                for d in range(draw.whole(1, 3)):
                    own = draw.normal(0.8)
                    for _ in range(draw.whole(1, 3)):
                        x, arm = draw.normal(1.0), "uvw"[draw.whole(0, 2)]
                        y = 5 + x * (0.5 + 0.3 * (arm == "v")) + top + upper + mid + own
                        name = f"a{a}", f"a{a}b{b}", f"a{a}b{b}c{c}", f"a{a}b{b}c{c}d{d}"
                        rows.append(
                            {"y": y + draw.normal(1.0), "x": x, "arm": arm}
                            | dict(zip("abcd", name, strict=True))
                        )
    return rows


def ratings(draw: Draw) -> list[Record]:
    """Persons in groups, all rating some of ten items: crossed and nested at once."""
    rows: list[Record] = []
    items = [draw.normal(0.8) for _ in range(10)]
    for g in range(7):
        shift = draw.normal(0.9)
        for s in range(draw.whole(1, 5)):
            own, slope = draw.normal(1.0), draw.normal(0.4)
            for i, easy in enumerate(items):
                if draw.below(0.7):
                    x = draw.normal(1.0)
                    y = 3 + (0.5 + slope) * x + shift + own + easy + draw.normal(1.0)
                    rows.append({"y": y, "x": x, "g": f"g{g}", "s": f"g{g}s{s}", "i": f"i{i}"})
    return rows


def rounds(draw: Draw) -> list[Record]:
    """Three rounds with dropout, uneven groups, two arms and an age; groups of one included."""
    rows: list[Record] = []
    for g in range(15):
        shift, trend = draw.normal(1.5), draw.normal(0.9)
        for p in range((1, 1, 2, 3, 4, 5, 6, 7, 9, 4, 3, 2, 8, 5, 6)[g]):
            own, age = draw.normal(2.0), float(draw.whole(20, 79))
            for w in range(3):
                if w and draw.below(0.2):
                    break
                arm = "AB"[g % 2]
                y = 20 + trend * w - (arm == "B") * w + shift + own + 0.001 * (age - 45) ** 2
                name = f"g{g:02d}"
                rows.append(
                    {"y": y + draw.normal(1.6), "w": f"w{w}", "t": float(w), "arm": arm, "age": age,
                     "g": name, "p": f"{name}p{p}"}
                )  # fmt: skip
    return rows


def answers(draw: Draw) -> list[Record]:
    """Yes-no and four-step answers of persons in groups."""
    rows: list[Record] = []
    for g in range(24):
        shift = draw.normal(1.1)
        for _ in range(draw.whole(3, 12)):
            x, arm = draw.normal(1.0), "uv"[draw.whole(0, 1)]
            line = 0.7 * x - 0.5 * (arm == "v") + shift + draw.normal(1.8)
            step = float(1 + (line > -1.5) + (line > 0.3) + (line > 2.0))
            rows.append({"yes": float(line > 0.4), "o": step, "x": x, "arm": arm, "g": f"g{g:02d}"})
    return rows


def items(draw: Draw) -> list[Record]:
    """Seven items of one factor in groups of six, some answers missing (written as -9)."""
    rows: list[Record] = []
    for n in range(168):
        factor = draw.normal(1.0)
        row: Record = {"g": f"g{n // 6:02d}"}
        for k, loading in enumerate((0.9, 0.8, 0.7, 0.7, 0.6, 0.5, 0.3)):
            value = round(3 + loading * factor + draw.normal(0.8))
            row[f"i{k}"] = -9.0 if draw.below(0.06) else float(min(max(value, 1), 5))
        rows.append(row)
    return rows


def coders(draw: Draw) -> list[Record]:
    """Two coders, forty units, four ordered codes."""
    rows: list[Record] = []
    for _ in range(40):
        true = draw.whole(1, 4)
        given = [min(max(true + draw.whole(-1, 1) * draw.below(0.4), 1), 4) for _ in range(2)]
        rows.append({"one": float(given[0]), "other": float(given[1])})
    return rows


def pairs(draw: Draw) -> list[Record]:
    """Sixty persons before and after, and a third column for three raters."""
    rows: list[Record] = []
    for _ in range(60):
        own = draw.normal(5.0)
        rows.append({f"r{k}": round(30 + own - 2 * k + draw.normal(3.0)) + 0.0 for k in range(3)})
    return rows


CASES = (
    Case("four levels", "mixed", "y ~ x * arm + (1 | a/b/c/d)", four_levels, 7001),
    Case("means without intercept", "mixed", "y ~ 0 + arm + x + (1 | a/b)", four_levels, 7002),
    Case("crossed and nested", "mixed", "y ~ x + (1 | g/s) + (1 | i)", ratings, 7003),
    Case("crossed slopes", "mixed", "y ~ x + (x | s) + (1 | i)", ratings, 7004),
    Case("uncorrelated slopes", "mixed", "y ~ x + (x || g) + (1 | i)", ratings, 7005),
    Case("groups of one", "mixed", "y ~ w * arm + (1 | g/p)", rounds, 7006),
    Case("slopes of rounds", "mixed", "y ~ w + arm + (0 + w | g) + (1 | p)", rounds, 7007),
    Case("a square and a logarithm", "mixed", "y ~ I(age^2) + log(age) + t + (t | g) + (1 | p)",
         rounds, 7008),
    Case("all but one interaction", "mixed", "y ~ (w + arm + age)^3 - w:arm:age + (1 | g/p)",
         rounds, 7009),
    Case("within another", "mixed", "y ~ arm / age + (t || g) + (1 | p)", rounds, 7010),
    Case("sandwich of rounds", "sandwich", "y ~ w + arm + age", rounds, 7011),
    Case("sandwich of ratings", "sandwich", "y ~ x", ratings, 7012),
    Case("yes and no", "binary", "yes ~ x + arm + (1 | g)", answers, 7013),
    Case("four steps", "ordered", "o ~ x + arm + (1 | g)", answers, 7014),
    Case("items", "items", "", items, 7015),
    Case("coders", "coders", "", coders, 7016),
    Case("pairs", "pairs", "", pairs, 7017),
)  # fmt: skip


def write_all(folder: Path) -> None:
    """Write every case as CSV, with an index, for R to read."""
    with (folder / "index.csv").open("w", newline="") as stream:
        index = csv.writer(stream)
        index.writerow(["name", "kind", "formula"])
        for one in CASES:
            index.writerow([one.name, one.kind, one.formula])
            columns = one.rows()
            with (folder / f"{one.name}.csv").open("w", newline="") as rows_stream:
                writer = csv.writer(rows_stream)
                writer.writerow(columns)
                writer.writerows(zip(*columns.values(), strict=True))


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
