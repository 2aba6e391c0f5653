"""How long, and how much memory, from a Parquet file to every figure of T4-T8?

    python benchmarks/at_scale.py [--rows 1000,10000,...] [--out benchmarks/at_scale.csv]

Each size is 60 items in 10 scales, groups of 100 rows, two rounds of the same persons, two per cent
of the answers missing. The file is written first; reading, reducing and all tables are measured in
a process of its own (wall clock, processor time, largest resident memory), with two threads.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ITEMS, SCALES = 6, 10
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)


def write(rows: int, path: Path) -> None:
    """Simulate answers and write them, column by column."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(1)
    persons = rows // 2
    group = rng.integers(0, max(2, rows // 100), persons)
    trait = rng.normal(0, 1, persons) + rng.normal(0, 0.4, group.max() + 1)[group]
    columns = {
        "group": np.tile(group, 2),
        "person": np.tile(np.arange(persons), 2),
        "round": np.repeat(np.array([1, 2], dtype=np.int8), persons),
    }
    level = np.concatenate([trait, 0.8 * trait - 0.3])
    frame = pl.DataFrame(columns)
    for scale in range(SCALES):
        for item in range(ITEMS):
            values = np.clip(np.round(3 + level + rng.normal(0, 1, 2 * persons)), 1, 5)
            holes = rng.random(2 * persons) < 0.02
            series = pl.Series(f"s{scale}i{item}", values.astype(np.int8))
            frame = frame.with_columns(series.set(pl.Series(holes), None))
    frame.write_parquet(path)


def measure(path: Path) -> dict[str, float]:
    """Read, reduce and tabulate one file in this process."""
    import polars as pl

    from knutepunkt.analysis.models.at_scale.layout import Layout, ScaleItems
    from knutepunkt.analysis.models.at_scale.tables import tables_at_scale

    scales = tuple(
        ScaleItems(f"s{scale}", tuple(f"s{scale}i{item}" for item in range(ITEMS)))
        for scale in range(SCALES)
    )
    layout = Layout("group", "person", "round", (1, 2), scales, (1, 2, 3, 4, 5))
    began, used = time.perf_counter(), time.process_time()
    tables = list(tables_at_scale(pl.scan_parquet(path), layout))
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    figures = sum(len(item.shares) for table in tables for item in table.shares)
    pairs = sum(count for _, count in tables[0].classes)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    refused = sum(len(table.refused) for table in tables)
    return {"seconds": round(seconds, 2), "processor": round(processor, 2), "gigabytes": round(peak, 2),
            "shares": figures, "pairs": pairs, "refused": refused}  # fmt: skip


def main() -> int:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default=",".join(map(str, SIZES)))
    parser.add_argument("--out", type=Path)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure is not None:
        print(json.dumps(measure(options.measure)))
        return 0
    lines = []
    for rows in (int(one) for one in options.rows.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "answers.parquet"
            write(rows, path)
            threads = {"POLARS_MAX_THREADS": "2", "OMP_NUM_THREADS": "1"}
            command = [sys.executable, __file__, "--measure", str(path)]
            done = subprocess.run(
                command, check=True, capture_output=True, text=True, env=os.environ | threads
            )
        found = {"rows": rows} | json.loads(done.stdout)
        print(found, flush=True)
        lines.append(found)
    if options.out is not None:
        with options.out.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
