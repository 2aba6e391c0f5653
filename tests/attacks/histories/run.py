"""Live through so many histories, audit each, and keep and shrink those that fail.

Run: python -m tests.attacks.histories.run --until 10000 --state var/histories.jsonl

Every history is written down as soon as it is audited; started again, the run goes on where it was.
Exit 1 when a history failed: it is shrunk and kept among the regressions, which the suite repeats.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from knutepunkt.analysis.disclosure import Policy, kp1
from tests.attacks.histories.audit import Found, audit
from tests.attacks.histories.life import EVENTS, History, lived

REGRESSIONS = Path(__file__).parent / "regressions"


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


def done(state: Path) -> dict[int, bool]:
    """Which seeds have been lived through, and whether each was safe."""
    lines = state.read_text().splitlines() if state.exists() else []
    rows = [json.loads(line) for line in lines if line.endswith("}")]
    return {row["seed"]: row["safe"] for row in rows}


def live(seeds: range, state: Path, policy: Policy) -> list[int]:
    """Live through the seeds that are not done yet; the failing ones of all are returned."""
    before = done(state)
    failing = [seed for seed in seeds if before.get(seed) is False]
    state.parent.mkdir(parents=True, exist_ok=True)
    with state.open("a") as log:
        log.write("\n")  # after a line that a power cut left unfinished
        for seed in (s for s in seeds if s not in before):
            started = time.monotonic()
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
    options = parser.parse_args()
    seeds = range(options.begin, options.until)
    failing = live(seeds, options.state, hasty())
    sys.stdout.write(f"seeds {seeds.start} to {seeds.stop - 1}: {len(failing)} failed {failing}\n")
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main())
