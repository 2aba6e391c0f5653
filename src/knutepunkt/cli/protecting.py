"""Hide as few cells as possible of a table of counts, so that no small cell can be worked out.

    knutepunkt protect people.csv --by county/municipality --by theme --count people --out safe.csv

For counts that must be handed on cell by cell, such as people by municipality and theme. Cells with
fewer people than the threshold (5 for the centre, 10 for a funder or the public) are hidden, and so
many others that nobody can find them by subtraction. Never for what participants answered: reports
are for that.

Exit 0: written. 2: the file cannot be used. 3: no part of the table can be shown.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

import numpy as np

from knutepunkt.analysis.disclosure import Audience, kp1
from knutepunkt.analysis.disclosure.counts import (
    CountTable,
    Demand,
    Suppression,
    TableFault,
    TooLarge,
    could_be,
    suppress,
    table_of,
)
from knutepunkt.cli import say
from knutepunkt.cli.existing.problems import BadInput
from knutepunkt.cli.existing.reading import read_table

WRITTEN, BAD_INPUT, NOTHING_SHOWN = 0, 2, 3
LARGEST_TABLE = 5000


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file, its columns, the readers, and where the table goes."""
    parser.add_argument("data", type=Path, help="the counts: CSV, Excel, SPSS, Stata or Parquet")
    parser.add_argument(
        "--by",
        action="append",
        required=True,
        metavar="COLUMN",
        help="a column that divides people; levels of one division from coarse to fine: a/b",
    )
    parser.add_argument("--count", required=True, metavar="COLUMN", help="the column of counts")
    parser.add_argument(
        "--audience",
        choices=[str(one) for one in Audience],
        default=str(Audience.PUBLIC),
        help="who will read it (public)",
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="time to give it (60)")
    parser.add_argument("--out", type=Path, required=True, help="the table to write (CSV)")


def run(options: argparse.Namespace) -> int:
    """Read, hide, try the attack on the result, and write what may be shown."""
    threshold = kp1().threshold(Audience(options.audience))
    try:
        frame = read_table(options.data).frame
        by = [tuple(part.strip() for part in one.split("/")) for one in options.by]
        table = table_of(frame.iter_rows(named=True), by=by, count=options.count)
    except (BadInput, TableFault) as problem:
        sys.stderr.write(f"{options.data.name}: {problem}\n")
        return BAD_INPUT
    if len(table.keys) > LARGEST_TABLE:
        say(f"The table has {len(table.keys)} cells, more than {LARGEST_TABLE}: nothing is shown.")
        return NOTHING_SHOWN
    try:
        found = suppress(table, Demand(threshold, threshold), seconds=options.seconds)
        known = _known(table, found, options.seconds)
    except TooLarge:
        say("The small cells could not be protected. Merge codes, and try again. Nothing is shown.")
        return NOTHING_SHOWN
    if known or found.hidden.all():
        say("Every cell would have to be hidden. Merge codes, and try again. Nothing is shown.")
        return NOTHING_SHOWN
    _write(options.out, table, found)
    also = int((found.hidden & ~found.small).sum())
    say(
        f"{int(found.small.sum())} of {len(table.keys)} cells hold fewer than {threshold} people "
        f"and are hidden; {also} more are hidden so that nobody can work them out."
    )
    if not found.is_smallest:
        say("There may be a way to hide fewer; more --seconds would find it.")
    return WRITTEN


def _known(table: CountTable, found: Suppression, seconds: float) -> bool:
    """Whether a reader could still pin down a small cell: the attack, tried on the result."""
    ranges = (
        could_be(table, found.hidden, int(place), seconds=seconds)
        for place in np.flatnonzero(found.small)
    )
    return any(low > 0 or low == high for low, high in ranges)


def _write(path: Path, table: CountTable, found: Suppression) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*table.dimensions, "people", "shown"])
        for key, count, hidden in zip(table.keys, table.counts, found.hidden, strict=True):
            writer.writerow([*key, "" if hidden else int(count), "no" if hidden else "yes"])
