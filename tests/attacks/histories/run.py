"""Live through so many histories, audit each, and keep and shrink those that fail.

Run: python -m tests.attacks.histories.run --until 10000 --minutes 30 --summary docs/methods/histories.md

Every history is written down as soon as it is audited; started again, the run goes on where it was,
and it may be stopped at any moment. The summary is written of all that were lived so far.
Exit 1 when a history failed: it is shrunk and kept among the regressions, which the suite repeats.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from knutepunkt.analysis.disclosure import Policy, kp1
from tests.attacks.histories.audit import Found, audit
from tests.attacks.histories.life import EVENTS, History, lived

REGRESSIONS = Path(__file__).parent / "regressions"

HEAD = """# Whole histories of a centre

Groups of five to ten people live through up to four rounds: a fifth of them change between rounds,
false members join, answers come late, are withdrawn and corrected, and reports are made for several
audiences. Everything that was ever told is then put together by a coalition inside each group, who
asks of every cell what the others answered. Written by `make histories`; a history is made from its
number alone.

| | |
|---|---|
"""


def hasty() -> Policy:
    """KP-1 with fewer worlds searched before the gate gives up and withholds: as strict, sooner."""
    return kp1().stricter(witnesses=30, solver_seconds=0.5)


def audited(history: History, policy: Policy) -> Found:
    return audit(lived(history, policy), history.seed)


def fails(history: History, policy: Policy) -> bool:
    return not audited(history, policy).is_safe


def shorter(history: History) -> Iterator[History]:
    """Histories a little simpler than this one, the simplest first."""
    for rounds in range(1, history.rounds):
        yield replace(history, rounds=rounds)
    for groups in range(4, history.groups or 12):
        yield replace(history, groups=groups)
    for number in range(1, history.rounds * len(EVENTS) + 1):
        if number not in history.skipped:
            yield replace(history, skipped=(*history.skipped, number))


def shrunk(history: History, policy: Policy) -> History:
    """The simplest history found that still fails."""
    while True:
        simpler = next((h for h in shorter(history) if fails(h, policy)), None)
        if simpler is None:
            return history
        history = simpler


def keep(history: History, folder: Path = REGRESSIONS) -> Path:
    """Write a failing history down, for the suite to live through again."""
    folder.mkdir(exist_ok=True)
    path = folder / f"seed-{history.seed}.json"
    path.write_text(json.dumps(asdict(history), indent=2) + "\n")
    return path


def kept(folder: Path = REGRESSIONS) -> list[History]:
    found = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    return [History(**{**each, "skipped": tuple(each["skipped"])}) for each in found]


def rows_of(state: Path) -> list[dict[str, Any]]:
    """What was found of each history, one row per seed; an unfinished line is left out."""
    lines = state.read_text().splitlines() if state.exists() else []
    rows = [json.loads(line) for line in lines if line.endswith("}")]
    return list({row["seed"]: row for row in rows}.values())


def done(state: Path) -> dict[int, bool]:
    """Which seeds have been lived through, and whether each was safe."""
    return {row["seed"]: row["safe"] for row in rows_of(state)}


def summary(rows: list[dict[str, Any]]) -> str:
    """The page about the histories that were lived through: what was promised, and what was not."""
    failed = sorted(row["seed"] for row in rows if not row["safe"])
    three = sum(row["three"][0] for row in rows)
    three_of = sum(row["three"][1] for row in rows)
    looked = sum(row["looked_at"] for row in rows) - three_of
    seconds = sorted(row["seconds"] for row in rows)
    share = max(three, 0.5) / max(three_of, 1)
    width = 196 * math.sqrt(share * (1 - share) / max(three_of, 1))
    return HEAD + "".join(
        f"| {what} | {found} |\n"
        for what, found in (
            ("histories", f"{len(rows):,}"),
            ("histories in which something was exposed", f"{len(failed)} {failed or ''}".strip()),
            ("questions asked about the others of a group, by coalitions of up to two", f"{looked:,}"),
            ("questions asked by coalitions of three", f"{three_of:,}"),
            ("of those, answered with certainty", f"{three:,} ({100 * three / max(three_of, 1):.2f} % ± {width:.2f})"),
            ("seconds per history, median and longest", f"{seconds[len(seconds) // 2]} and {seconds[-1]}"),
        )
    )  # fmt: skip


def live(seeds: range, state: Path, policy: Policy, *, minutes: float = math.inf) -> list[int]:
    """Live through the seeds that are not done yet, for so long; the failing ones of all are returned."""
    ends = time.monotonic() + 60 * minutes
    before = done(state)
    failing = [seed for seed in seeds if before.get(seed) is False]
    state.parent.mkdir(parents=True, exist_ok=True)
    with state.open("a") as log:
        log.write("\n")  # after a line that a power cut left unfinished
        for seed in (s for s in seeds if s not in before):
            started = time.monotonic()
            if started > ends:
                break
            found = audited(History(seed), policy)
            row = {
                "seed": seed,
                "safe": found.is_safe,
                "looked_at": found.looked_at,
                "three": [found.three, found.three_of],
                "seconds": round(time.monotonic() - started, 2),
            }
            log.write(json.dumps(row) + "\n")
            log.flush()
            if not found.is_safe:
                failing.append(seed)
                keep(shrunk(History(seed), policy))
    return failing


def main() -> int:
    """Live through histories and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--begin", type=int, default=0)
    parser.add_argument("--until", type=int, default=10_000)
    parser.add_argument("--state", type=Path, default=Path("var/histories.jsonl"))
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so long")
    parser.add_argument("--summary", type=Path, help="page to write of all histories so far")
    options = parser.parse_args()
    seeds = range(options.begin, options.until)
    try:
        failing = live(seeds, options.state, hasty(), minutes=options.minutes)
    except KeyboardInterrupt:
        failing = [seed for seed, safe in done(options.state).items() if not safe]
    rows = rows_of(options.state)
    if options.summary and rows:
        options.summary.write_text(summary(rows), encoding="utf-8")
    sys.stdout.write(f"{len(rows)} histories, {len(failing)} failed {failing}\n")
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main())
