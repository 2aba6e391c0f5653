"""How long do mixed models take, beside lme4 in the same run where R is present?

    python benchmarks/mixed_models.py [--runs 5] [--out benchmarks/mixed_models.csv]

A random intercept (100,000 rows, 10,000 groups, from sums per group and from rows), nested
intercepts and a random slope (100,000 rows), and students crossed with lecturers (InstEval, 73,421
rows, where KNUTEPUNKT_REFERENCE_DATA names the folder). The least of several runs is told, as wall
clock and as processor time; R is asked for the same data and the same model by `lmer`.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from knutepunkt.analysis.models.mixed import fit_mixed
from knutepunkt.analysis.models.moments import moments_from_rows
from knutepunkt.analysis.models.random_intercept import fit_random_intercept

R_SCRIPT = """
suppressMessages(library(lme4)); args <- commandArgs(TRUE)
d <- read.csv(args[1]); for (name in strsplit(args[3], ",")[[1]]) d[[name]] <- factor(d[[name]])
best <- c(Inf, Inf)
for (run in seq_len(as.integer(args[4]))) {
  t <- system.time(m <- suppressWarnings(suppressMessages(lmer(as.formula(args[2]), d))))
  best <- pmin(best, c(t[["elapsed"]], t[["user.self"]] + t[["sys.self"]]))
}
cat(best, REMLcrit(m), "\\n")
"""


def simulated() -> pl.DataFrame:
    """100,000 rows: ten per person, eight persons per group, x within persons."""
    rng = np.random.default_rng(1)
    person = np.repeat(np.arange(10_000), 10)
    group = person % 1_250
    x = rng.normal(size=person.size)
    y = 20 - 0.5 * x + rng.normal(0, 4, 10_000)[person] + rng.normal(0, 2, 1_250)[group]
    y += rng.normal(0, 0.5, 10_000)[person] * x + rng.normal(0, 3, person.size)
    return pl.DataFrame({"y": y.round(6), "x": x.round(6), "person": person, "grp": group})


def timed(fit: Callable[[], float], runs: int) -> tuple[float, float, float]:
    """Return the least wall clock and processor time of several runs, and the criterion."""
    best, criterion = (np.inf, np.inf), np.nan
    for _ in range(runs):
        wall, processor = time.perf_counter(), time.process_time()
        criterion = fit()
        spent = time.perf_counter() - wall, time.process_time() - processor
        best = min(best[0], spent[0]), min(best[1], spent[1])
    return best[0], best[1], criterion


def in_r(rows: pl.DataFrame, formula: str, factors: str, runs: int) -> list[float]:
    """Return the same of lme4; nothing where R is missing."""
    if shutil.which("Rscript") is None:
        return []
    with tempfile.TemporaryDirectory() as folder:
        path, script = Path(folder) / "rows.csv", Path(folder) / "fit.R"
        rows.write_csv(path)
        script.write_text(R_SCRIPT)
        command = ["Rscript", str(script), str(path), formula, factors, str(runs)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    return [float(one) for one in done.stdout.split()]


def cases() -> list[tuple[str, pl.DataFrame, str, str, Callable[[pl.DataFrame], float]]]:
    """Return name, rows, formula, factors, and our way of fitting."""
    rows = simulated()

    def from_sums(frame: pl.DataFrame) -> float:
        y, x, person = (frame[name].to_numpy() for name in ("y", "x", "person"))
        return fit_random_intercept(moments_from_rows(y, person, x)).fit.criterion

    def by(formula: str) -> Callable[[pl.DataFrame], float]:
        return lambda frame: fit_mixed(formula, frame).criterion

    one, nested, slope = (
        "y ~ x + (1 | person)",
        "y ~ x + (1 | grp) + (1 | person)",
        "y ~ x + (x | person)",
    )
    found = [
        ("random intercept, from sums", rows, one, "person,grp", from_sums),
        ("random intercept, from rows", rows, one, "person,grp", by(one)),
        ("nested intercepts", rows, nested, "person,grp", by(nested)),
        ("random slope", rows, slope, "person,grp", by(slope)),
    ]
    folder = os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")
    if folder:
        ratings = pl.read_csv(Path(folder) / "survey" / "InstEval.csv")
        crossed = "y ~ service + (1 | s) + (1 | d) + (1 | dept)"
        found.append(("InstEval, crossed", ratings, crossed, "s,d,dept", by(crossed)))
    return found


def main() -> int:
    """Time every case and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    heading = ["case", "rows", "seconds", "processor", "lme4_seconds", "lme4_processor", "ratio_processor",
               "criterion", "lme4_criterion"]  # fmt: skip
    table = []
    for name, rows, formula, factors, fit in cases():
        crossed = "crossed" in name
        ours = timed(lambda fit=fit, rows=rows: fit(rows), 1 if crossed else options.runs)  # type: ignore[misc]
        theirs = in_r(rows, formula, factors, 1 if crossed else min(options.runs, 3))
        line = [name, rows.height, round(ours[0], 3), round(ours[1], 3)]
        line += (
            [round(theirs[0], 3), round(theirs[1], 3), round(ours[1] / theirs[1], 3)]
            if theirs
            else ["", "", ""]
        )
        line += [round(ours[2], 4), round(theirs[2], 4) if theirs else ""]
        table.append(line)
        print(dict(zip(heading, line, strict=True)), flush=True)
    if options.out is not None:
        with options.out.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.writer(stream)
            writer.writerow(heading)
            writer.writerows(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
