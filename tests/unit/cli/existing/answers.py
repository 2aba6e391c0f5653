"""A small invented file of answers, and its design, for the tests of `evaluate`."""

from __future__ import annotations

import numpy as np
import polars as pl

DESIGN = """
[study]
title = "Invented groups"
dated = 2026-03-01

[columns]
person = "who"
group = "circle"
round = "when"
rounds_in_order = ["before", "after"]

[missing]
values = [9]

[[scales]]
id = "hope"
name = "Hope"
items = ["hope1", "hope2", "hope3"]
reversed = ["hope3"]
low = 1
high = 5
smallest_change = 0.3

[[questions]]
id = "again"
name = "Would you come again?"
column = "again"
options = { "no" = "No", "perhaps" = "Perhaps", "yes" = "Yes" }
"""


def invented(groups: int = 12, size: int = 8, seed: int = 5) -> pl.DataFrame:
    """Two rounds of groups: three items of one scale, and one question in words."""
    rng = np.random.default_rng(seed)
    rows = []
    for group in range(groups):
        mood = rng.normal(0, 0.3)
        for person in range(size):
            level = mood + rng.normal(0, 0.7)
            for index, when in enumerate(("before", "after")):
                raw = 2.9 + level + 0.4 * index + rng.normal(0, 0.7, 3)
                codes = np.clip(np.rint(raw), 1, 5).astype(int)
                rows.append(
                    {
                        "who": f"p{group:02d}-{person}",
                        "circle": f"ring-{group:02d}",
                        "when": when,
                        "hope1": int(codes[0]),
                        "hope2": 9 if rng.random() < 0.02 else int(codes[1]),
                        "hope3": int(6 - codes[2]),
                        "again": ["no", "perhaps", "yes"][int(rng.integers(0, 3))],
                    }
                )
    return pl.DataFrame(rows)
