"""Which simulated yes-no and ordered answers are the quadrature models compared with R on?

Rebuilt from their number alone, as in `designs.py`; R's results lie in `answer_designs.csv`, made
once by `answer_designs.R`.
"""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

from tests.spec.reference.designs import Draw, Rows, _turned

COUNT = 16
CUTS = (-1.2, 0.1, 1.4)


def answers(number: int) -> tuple[str, Rows]:
    """Persons in groups with one predictor; even numbers yes-no, odd ones four categories."""
    draw = Draw(30_500 + number)
    rows: list[dict[str, float | str]] = []
    spread = (0.9, 1.6, 0.5)[number % 3]
    for group in range(draw.whole(8, 24)):
        shift = draw.normal(spread)
        for _ in range(draw.whole(4, 10)):
            x = draw.normal(1.0)
            chance = min(max(draw.source.random(), 1e-12), 1 - 1e-12)
            latent = 0.4 + 0.7 * x + shift + math.log(chance / (1 - chance))
            y = float(latent > 0) if number % 2 == 0 else float(sum(latent > cut for cut in CUTS))
            rows.append({"y": y, "x": x, "g": f"g{group:02d}"})
    return "y ~ x + (1 | g)", _turned(rows)


def write_all(folder: Path) -> None:
    """Write every design as CSV for R to read."""
    for number in range(COUNT):
        _, rows = answers(number)
        with (folder / f"{number}.csv").open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(rows)
            writer.writerows(zip(*rows.values(), strict=True))


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
