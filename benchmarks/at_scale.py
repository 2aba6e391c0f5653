"""How long, and how much memory, does `knutepunkt evaluate` take from a large file to its report?

    python -m benchmarks.at_scale [--rows 10000,100000] [--items 20] [--out benchmarks/at_scale.csv]

Each size is so many items in scales of five, groups of 100 rows, two rounds of the same persons, two
per cent of the answers missing. The file and its design are written first; the command runs in a
process of its own with all its start-up, from the Parquet file to every format, the proof and what is
remembered. Beside it `--sums` measures T4 to T8 from sums per group alone, which pass no gate.
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

IN_SCALE = 5
SIZES = (10_000, 100_000)
STUDY = """[study]
title = "A study"
dated = 2026-03-01
[columns]
person = "person"
group = "group"
round = "round"
"""
ONE_THREAD = {"POLARS_MAX_THREADS": "2", "OMP_NUM_THREADS": "1"}


def names_of(items: int) -> list[tuple[str, list[str]]]:
    """The scales and their items."""
    return [
        (f"s{scale}", [f"s{scale}i{item}" for item in range(IN_SCALE)])
        for scale in range(items // IN_SCALE)
    ]


def write(rows: int, items: int, path: Path) -> None:
    """Simulate answers and write them, and the design beside them."""
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
    design = STUDY
    for scale, names in names_of(items):
        for name in names:
            values = np.clip(np.round(3 + level + rng.normal(0, 1, 2 * persons)), 1, 5)
            holes = rng.random(2 * persons) < 0.02
            series = pl.Series(name, values.astype(np.int8))
            frame = frame.with_columns(series.set(pl.Series(holes), None))
        design += f'[[scales]]\nid = "{scale}"\nname = "{scale}"\nlow = 1\nhigh = 5\n'
        design += f"items = {json.dumps(names)}\n"
    frame.write_parquet(path)
    path.with_suffix(".toml").write_text(design, encoding="utf-8")


def evaluated(path: Path) -> dict[str, float]:
    """Run the command, and look at what it used; the largest memory is that of the largest run."""
    out = path.with_name("report")
    command = [sys.executable, "-m", "knutepunkt", "evaluate", str(path)]
    command += ["--design", str(path.with_suffix(".toml")), "--out", str(out)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=os.environ | ONE_THREAD)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    document = json.loads((out / "release.json").read_text("utf-8"))
    figures = sum(each["rung"] != "only_n" for each in document["figures"])
    remembered = path.with_name(f"{path.name}.ledger").stat().st_size / 1e6
    return {"seconds": round(seconds, 1), "processor": round(used, 1),
            "gigabytes": round(after.ru_maxrss / 1024**2, 2), "figures": figures,
            "remembered_mb": round(remembered, 1)}  # fmt: skip


def summed(path: Path, items: int) -> dict[str, float]:
    """Reduce and tabulate one file in this process; nothing of it may be shown."""
    import polars as pl

    from knutepunkt.analysis.models.at_scale.layout import Layout, ScaleItems
    from knutepunkt.analysis.models.at_scale.tables import tables_at_scale

    scales = tuple(ScaleItems(scale, tuple(names)) for scale, names in names_of(items))
    layout = Layout("group", "person", "round", (1, 2), scales, (1, 2, 3, 4, 5))
    used = time.process_time()
    list(tables_at_scale(pl.scan_parquet(path), layout))
    processor = time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return {"sums_processor": round(processor, 1), "sums_gigabytes": round(peak, 2)}


def main() -> int:
    """Measure every size asked for, the smallest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default=",".join(map(str, SIZES)))
    parser.add_argument("--items", type=int, default=20)
    parser.add_argument("--sums", action="store_true", help="measure the sums alone as well")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--summed", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.summed is not None:
        sys.stdout.write(json.dumps(summed(options.summed, options.items)))
        return 0
    lines = []
    for rows in sorted(int(one) for one in options.rows.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "answers.parquet"
            write(rows, options.items, path)
            found: dict[str, float] = {"rows": rows, "items": options.items} | evaluated(path)
            if options.sums:
                command = [sys.executable, __file__, "--summed", str(path)]
                command += ["--items", str(options.items)]
                done = subprocess.run(
                    command, check=True, capture_output=True, text=True, env=os.environ | ONE_THREAD
                )
                found |= json.loads(done.stdout)
        sys.stdout.write(f"{found}\n")
        sys.stdout.flush()
        lines.append(found)
    if options.out is not None:
        with options.out.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, fieldnames=list(lines[0]))
            writer.writeheader()
            writer.writerows(lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
