"""How well does each attack do? Run them all, keep the figures, and write the page about them.

Run: python tools/attacks_page.py [--stored]
With --stored nothing is run: the page is written again from the figures that are kept. They are kept
in one place, inside the package: the privacy papers of a survey quote them too.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "src" / "knutepunkt" / "surveys" / "attack_figures.json"
PAGE = ROOT / "docs" / "methods" / "attacks.md"

ATTACKS = {
    "A1": "Two reports with one joiner, leaver or late answer between them",
    "A2": "A report on all, and one on a part of them",
    "A3": "Solving for hidden cells",
    "A4": "Coalitions of one, two or three members of a group",
    "A5": "Somebody, or some group, that dominates a mean",
    "A6": "Everyone answered the same",
    "A7": "Listing every set of answers that fits n, mean and standard deviation",
    "A8": "From percentages back to counts",
    "A9": "Asking again, and averaging",
    "A10": "The same report in other formats and languages",
    "A11": "Filters that leave one person",
    "A12": "Knowing when somebody answered, to 5 minutes, an hour, 12 hours",
    "A13": "Inverting group effects, and reading likeness out of intervals",
    "A14": "Order of insertion",
    "A15": "Watching a counter, or what changes while a round is open",
    "A16": "The card of words: reading, proving, differencing",
    "A17": "Two backups, write-ahead logs, free pages",
    "A18": "Logs",
    "A19": "Referer, history, autocomplete and cache on a shared device",
    "A20": "Caches and ETags",
    "A21": "Names and rare words of open answers",
    "A22": "Exports: order of rows, missing values, unused levels, times in zip files",
    "A23": "Rare groups on the map",
    "A24": "Attendance joined with participation",
    "A25": "Tracking in invitations",
    "A26": "Skip rules seen in number of pages, time or size",
    "A27": "Database, keys and logs together",
    "A28": "A question changed, or aimed at one person",
    "A29": "False or late members who fill the threshold",
    "A30": "Previews by staff",
    "A31": "Inferring from which rung of the ladder was taken",
}
#: Attacks without a figure, and why.
WITHOUT_FIGURE: dict[str, str] = {}
KINDS = {
    "promised": "must fail",
    "measured": "measured, no promise",
    "alternative": "succeeds here, to show that it can",
}
HEAD = """# Attacks on what is released and stored

What an attacker tries, and how well it went: written by `make attacks-page` from the last run of
`tests/attacks`. Each attack runs on data that could leak, as an attacker would, over many simulated
centres. *Success* is how often he was right, *chance* how often he is right with what he knew or
what is public anyway. The difference is in percentage points with a 95 % interval (for no hit at
all: of half a hit). *Proved* counts what he could be certain of. What is promised: at most 2 points
above chance, and nothing proved. Every attack also runs against something weaker, where it succeeds.

"""


def run() -> list[dict[str, Any]]:
    """Run the suite and return its figures; parts of one measurement are put together."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "KNUTEPUNKT_ATTACK_FIGURES": folder}
        command = [sys.executable, "-m", "pytest", "-q", "tests/attacks", "-n", "2"]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        if done.returncode:
            sys.exit("The suite failed; the page was left as it was.")
        rows = [json.loads(path.read_text()) for path in sorted(Path(folder).glob("*.json"))]
    return put_together(rows)


def put_together(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of one attack, aim, opponent and kind as one, in the order of the attacks."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        key = (row["attack"], row["tries_to"], row["against"], row["kind"])
        if key not in found:
            found[key] = dict(row)
            continue
        one = found[key]
        tries = one["tries"] + row["tries"]
        one["chance"] = (one["chance"] * one["tries"] + row["chance"] * row["tries"]) / tries
        one["tries"] = tries
        one["hits"] += row["hits"]
        one["exact"] += row["exact"]
    return sorted(found.values(), key=_order)


def _order(row: dict[str, Any]) -> tuple[int, int, str, str]:
    kind = list(KINDS).index(row["kind"])
    return int(row["attack"][1:]), kind, row["tries_to"], row["against"]


def page_of(rows: list[dict[str, Any]]) -> str:
    """The page in Markdown."""
    parts = [HEAD]
    for attack, title in ATTACKS.items():
        own = [row for row in rows if row["attack"] == attack]
        parts.append(f"## {attack}. {title}\n\n")
        if not own:
            parts.append(f"{WITHOUT_FIGURE.get(attack, 'Not measured in the last run.')}\n\n")
            continue
        parts.append("| tries to | against | | tries | success | chance | difference | proved |\n")
        parts.append("|---|---|---|---|---|---|---|---|\n")
        parts += [_line(row) for row in own]
        parts.append("\n")
    return "".join(parts).rstrip() + "\n"


def _line(row: dict[str, Any]) -> str:
    success = row["hits"] / row["tries"]
    least = 0.5 / row["tries"]
    p = min(max(success, least), 1 - least)
    width = 196 * math.sqrt(p * (1 - p) / row["tries"])
    difference = f"{100 * (success - row['chance']):+.1f} ± {width:.1f}"
    return (
        f"| {row['tries_to']} | {row['against']} | {KINDS[row['kind']]} | {row['tries']} "
        f"| {success:.1%} | {row['chance']:.1%} | {difference} | {row['exact']} |\n"
    )


def main() -> None:
    """Write the figures and the page."""
    if "--stored" in sys.argv:
        rows = json.loads(STORED.read_text(encoding="utf-8"))["figures"]
    else:
        rows = run()
        kept = {"measured_on": dt.date.today().isoformat(), "figures": rows}
        STORED.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page_of(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
