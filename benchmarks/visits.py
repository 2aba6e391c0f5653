"""How many visits does the shipped server take, and how long does a participant wait?

    python -m benchmarks.visits --rate 300 --seconds 60
    python -m benchmarks.visits --engine postgres --workers 2 --rate 300
    python -m benchmarks.visits --stored 1000000 --rounds 100 --rate 300 --seconds 900

Starts the server as it is shipped (granian, no access log) on databases of its own, opens a round
with the shipped survey, and lets visits arrive in an open loop (see `arrivals`). Every answer that
was acknowledged is afterwards looked for in the vault.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.arrivals import Crowd, Tally, quantile
from benchmarks.priority import lend_priority
from tests.postgres import cluster
from tests.served import START, Served

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
PAGE_SIZE = os.sysconf("SC_PAGE_SIZE")
COUNT = (
    START
    + """
from knutepunkt.responses.models import CoveredAnswer, SealedAnswer, SlipMark
print(json.dumps([CoveredAnswer.objects.count(), SlipMark.objects.filter(is_used=True).count(),
    SealedAnswer.objects.count()]))
"""
)


def arguments() -> argparse.Namespace:
    """Read what is to be measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rate", type=float, default=300, help="visits that begin each second")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--warm", type=float, default=3, help="seconds before anything counts")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument(
        "--stored", type=int, default=0, help="answers of closed rounds in the vault"
    )
    parser.add_argument(
        "--rounds", type=int, default=100, help="closed rounds they are spread over"
    )
    parser.add_argument("--folder", type=Path, help="where the databases lie (a new one in /tmp)")
    parser.add_argument("--fill-only", action="store_true", help="stop when the answers are stored")
    return parser.parse_args()


def main() -> int:
    """Measure once and print one JSON object."""
    options = arguments()
    with ExitStack() as stack:
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = {}
        if options.engine == "postgres":
            running = stack.enter_context(cluster(is_durable=True))
            urls = {name: running.create(name) for name in ("main", "vault")}
        served = Served(
            folder / "data",
            vault_url=urls.get("vault", ""),
            workers=options.workers,
            threads=options.threads,
            environment={"KNUTEPUNKT_DATABASE_URL": urls.get("main", "")},
        )
        stack.callback(served.kill)
        missing = options.stored - json.loads(served.run(COUNT))[-1]
        if missing > 0:
            fill(served, missing, options.rounds)
        if options.fill_only:
            return 0
        print(json.dumps(measured(served, options), indent=1))
    return 0


def measured(served: Served, options: argparse.Namespace) -> dict[str, object]:
    """Run the crowd against the server and say what was seen."""
    warm, whole = int(options.rate * options.warm), int(options.rate * options.seconds)
    seeded = served.seed(groups=1, slips=warm + whole + 1)
    before_covered = json.loads(served.run(COUNT))[0]
    served.start()
    warmed = Crowd(seeded, served.port, rate=options.rate).run(seeded.codes[:warm], seed=1)
    lend_priority()
    before, began = server_cpu(served), time.perf_counter()
    memory = [server_memory(served)]
    tally = Crowd(seeded, served.port, rate=options.rate).run(seeded.codes[warm:-1], seed=2)
    took, used = time.perf_counter() - began, server_cpu(served) - before
    memory.append(server_memory(served))
    served.kill()
    covered, marked, sealed = json.loads(served.run(COUNT))
    stored, acknowledged = covered - before_covered, warmed.delivered + tally.delivered
    # Whoever lost patience may have come in all the same; whoever was thanked must have.
    unsure = warm + whole - acknowledged
    if stored != marked - before_covered or not 0 <= stored - acknowledged <= unsure:
        sys.exit(f"acknowledged {acknowledged}, stored {stored}, marked {marked - before_covered}")
    return {
        "engine": options.engine,
        "workers": options.workers,
        "stored before": sealed,
        "visits/s asked": options.rate,
        "visits/s delivered": round(tally.delivered / took, 1),
        "outcomes": dict(tally.outcomes),
        **times(tally),
        **flatness(tally),
        "server CPU ms/visit": round(used / max(1, tally.delivered) * 1000, 2),
        "server cores": round(used / took, 2),
        "server MB, before and after": memory,
        "driver CPU ms/visit": round(tally.driver_cpu / max(1, tally.delivered) * 1000, 2),
        "driver cores": round(tally.driver_cpu / took, 2),
        "load average": os.getloadavg()[0],
    }


def times(tally: Tally) -> dict[str, object]:
    """Return the quantiles of both requests, in milliseconds."""
    return {
        f"{name} ms p{int(share * 100)}": round(quantile(values, share), 1)
        for name, values in (("GET", tally.gets), ("POST", tally.posts))
        for share in (0.5, 0.95, 0.99)
    }


def flatness(tally: Tally, parts: int = 12) -> dict[str, object]:
    """Return p95 in every twelfth of the run, in the order of arrival: a server that tires shows."""
    found: dict[str, object] = {}
    for name, values in (("GET", tally.gets), ("POST", tally.posts)):
        each = max(1, -(-len(values) // parts))
        starts = range(0, len(values), each)
        found[f"{name} ms p95, each twelfth"] = [
            round(quantile(values[at : at + each], 0.95), 1) for at in starts
        ]
    return found


def server_cpu(served: Served) -> float:
    """Return the CPU seconds the server's processes have used so far."""
    return sum(int(stat[11]) + int(stat[12]) for stat in processes(served)) / CLOCK_TICKS


def server_memory(served: Served) -> int:
    """Return the megabytes the server's processes hold in memory now."""
    return round(sum(int(stat[21]) for stat in processes(served)) * PAGE_SIZE / 1e6)


def processes(served: Served) -> list[list[str]]:
    """Return what Linux tells of each of the server's processes, from its state on."""
    assert served.process is not None
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == served.process.pid:
            found.append(fields)
    return found


FILL = (
    START
    + """
import os, uuid, secrets
from django.db import transaction
from knutepunkt.responses import actions
from knutepunkt.responses.models import SealedAnswer, SealedRound
from knutepunkt.responses.queries import sealed_round
from knutepunkt.responses.sealing import envelope_size
each = {stored} // {rounds}
for _ in range({rounds}):
    ref = uuid.uuid4()
    actions.open_round(round_ref=ref)
    length = envelope_size(sealed_round(ref).size)
    with transaction.atomic(using="vault"):
        for at in range(0, each, 500):
            SealedAnswer.objects.bulk_create(
                SealedAnswer(round_ref=ref, sealed=os.urandom(length))
                for _ in range(min(500, each - at)))
    actions.close_round(round_ref=ref)
"""
)


def fill(served: Served, stored: int, rounds: int) -> None:
    """Put closed rounds into the vault: rows of the true length, random as sealed answers are."""
    served.run(FILL.format(stored=stored, rounds=rounds), timeout=7200)


if __name__ == "__main__":
    raise SystemExit(main())
