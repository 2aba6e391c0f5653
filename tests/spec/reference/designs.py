"""Which 200 simulated designs is the mixed-model engine compared with R on?

Every design is rebuilt from its number alone: uniform numbers of Python's `random` (stable by
promise), turned normal by the inverse distribution function and rounded to four decimals. The
results R gave for them lie in `mixed_designs.csv`; `mixed_designs.R` made them, once.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import NormalDist

Rows = dict[str, list[float] | list[str]]
STANDARD = NormalDist()


@dataclass(frozen=True)
class Design:
    """One simulated data set with the model to fit."""

    number: int
    formula: str
    reml: bool
    rows: Rows


class Draw:
    """A stream of numbers that is the same on every platform."""

    def __init__(self, seed: int) -> None:
        self.source = random.Random(seed)

    def normal(self, sd: float) -> float:
        return sd * STANDARD.inv_cdf(min(max(self.source.random(), 1e-12), 1 - 1e-12))

    def whole(self, low: int, high: int) -> int:
        return low + int(self.source.random() * (high - low + 1))

    def below(self, chance: float) -> bool:
        return self.source.random() < chance


def _column(rows: list[dict[str, float | str]], name: str) -> list[float] | list[str]:
    values = [row[name] for row in rows]
    if isinstance(values[0], str):
        return [str(value) for value in values]
    return [round(float(value), 4) for value in values]


def _turned(rows: list[dict[str, float | str]]) -> Rows:
    return {name: _column(rows, name) for name in rows[0]}


def intercept(draw: Draw, spread: float) -> tuple[str, Rows]:
    """Groups of unequal size, one predictor within."""
    rows: list[dict[str, float | str]] = []
    for group in range(draw.whole(5, 20)):
        shift = draw.normal(2.0 * spread)
        for _ in range(draw.whole(2, 11)):
            x = draw.normal(1.0)
            rows.append({"y": 20 + 0.7 * x + shift + draw.normal(3), "x": x, "g": f"g{group:02d}"})
    return "y ~ x + (1 | g)", _turned(rows)


def nested_waves(draw: Draw, spread: float) -> tuple[str, Rows]:
    """Persons in groups over three rounds with dropout."""
    rows: list[dict[str, float | str]] = []
    for group in range(draw.whole(6, 14)):
        shift = draw.normal(1.5 * spread)
        for person in range(draw.whole(5, 9)):
            own = draw.normal(3.0)
            for wave in range(3):
                if wave and draw.below(0.2):
                    break
                y = 25 - 1.2 * wave + shift + own + draw.normal(2.5)
                name = f"g{group:02d}"
                rows.append({"y": y, "w": f"w{wave}", "g": name, "p": f"{name}p{person}"})
    return "y ~ w + (1 | g/p)", _turned(rows)


def slopes(draw: Draw, spread: float) -> tuple[str, Rows]:
    """Correlated intercepts and slopes over time."""
    rows: list[dict[str, float | str]] = []
    for person in range(draw.whole(8, 25)):
        start, trend = draw.normal(4.0), draw.normal(1.2 * spread)
        for time in range(draw.whole(3, 7)):
            y = 30 - 0.8 * time + start + trend * time + draw.normal(2.0)
            rows.append({"y": y, "t": float(time), "s": f"s{person:02d}"})
    return "y ~ t + (t | s)", _turned(rows)


def plain_slopes(draw: Draw, spread: float) -> tuple[str, Rows]:
    """Intercepts and slopes held uncorrelated."""
    _, rows = slopes(draw, spread)
    return "y ~ t + (t || s)", rows


def crossed(draw: Draw, spread: float) -> tuple[str, Rows]:
    """Persons crossed with items, some ratings missing."""
    rows: list[dict[str, float | str]] = []
    items = [draw.normal(1.0) for _ in range(draw.whole(4, 9))]
    for person in range(draw.whole(8, 22)):
        own, x = draw.normal(1.5 * spread), draw.normal(1.0)
        for item, easy in enumerate(items):
            if draw.below(0.75):
                y = 3 + 0.4 * x + own + easy + draw.normal(1.0)
                rows.append({"y": y, "x": x, "s": f"s{person:02d}", "i": f"i{item}"})
    return "y ~ x + (1 | s) + (1 | i)", _turned(rows)


def group_slopes(draw: Draw, spread: float) -> tuple[str, Rows]:
    """A trend that differs between groups, with persons inside."""
    rows: list[dict[str, float | str]] = []
    for group in range(draw.whole(8, 14)):
        shift, trend = draw.normal(1.5), draw.normal(0.9 * spread)
        for person in range(draw.whole(5, 8)):
            own = draw.normal(2.5)
            for wave in range(3):
                if draw.below(0.9):
                    y = 22 + (trend - 1) * wave + shift + own + draw.normal(2.0)
                    name = f"g{group:02d}"
                    rows.append({"y": y, "t": float(wave), "g": name, "p": f"{name}p{person}"})
    return "y ~ t + (t | g) + (1 | p)", _turned(rows)


def two_arms(draw: Draw, spread: float) -> tuple[str, Rows]:
    """Two organisations compared, rounds within persons within groups."""
    rows: list[dict[str, float | str]] = []
    for group in range(draw.whole(6, 16)):
        shift = draw.normal(1.2 * spread)
        for person in range(draw.whole(3, 8)):
            own = draw.normal(2.0)
            for wave in range(2):
                if wave and draw.below(0.15):
                    continue
                arm = "AB"[group % 2]
                y = 18 - wave * (1 + (arm == "B")) + shift + own + draw.normal(2.0)
                name = f"g{group:02d}"
                rows.append({"y": y, "w": f"w{wave}", "o": arm, "g": name, "p": f"{name}p{person}"})
    return "y ~ w * o + (1 | g/p)", _turned(rows)


def three_levels(draw: Draw, spread: float) -> tuple[str, Rows]:
    """Persons in groups in centres, repeated."""
    rows: list[dict[str, float | str]] = []
    for centre in range(draw.whole(4, 7)):
        top = draw.normal(1.5 * spread)
        for group in range(draw.whole(2, 4)):
            mid = draw.normal(1.5)
            for person in range(draw.whole(3, 6)):
                own = draw.normal(2.0)
                for _ in range(draw.whole(1, 3)):
                    y = 12 + top + mid + own + draw.normal(1.5)
                    a, b = f"a{centre}", f"a{centre}b{group}"
                    rows.append({"y": y, "a": a, "b": b, "c": f"{b}c{person}"})
    return "y ~ 1 + (1 | a/b/c)", _turned(rows)


FAMILIES: tuple[Callable[[Draw, float], tuple[str, Rows]], ...] = (
    intercept, nested_waves, slopes, plain_slopes, crossed, group_slopes, two_arms, three_levels,
)  # fmt: skip
COUNT = 200


def design(number: int) -> Design:
    """Rebuild design ``number`` (0-199); every fifth of a family has no spread at its top."""
    family, turn = number % len(FAMILIES), number // len(FAMILIES)
    draw = Draw(20071 + number)
    formula, rows = FAMILIES[family](draw, 0.0 if turn % 5 == 4 else 1.0)
    return Design(number, formula, turn % 6 != 5, rows)


def write_all(folder: Path) -> None:
    """Write every design as CSV, with an index of formulas, for R to read."""
    with (folder / "index.csv").open("w", newline="") as stream:
        index = csv.writer(stream)
        index.writerow(["number", "formula", "reml"])
        for number in range(COUNT):
            one = design(number)
            index.writerow([number, one.formula, int(one.reml)])
            with (folder / f"{number}.csv").open("w", newline="") as rows_stream:
                writer = csv.writer(rows_stream)
                writer.writerow(one.rows)
                writer.writerows(zip(*one.rows.values(), strict=True))


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
