"""How long does a round of many answers take to close, on either engine?

    python -m benchmarks.closing --answers 20000
    python -m benchmarks.closing --answers 20000 --engine postgres

Answers lie in the vault as they arrive: sealed to the round, in the transport cover. They are
sealed here beforehand; what is timed is the close alone, until free pages and logs are cleared.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.postgres import cluster
from tests.served import START, Served

SCRIPT = (
    START
    + """
import os, time, uuid
from django.db import transaction
from knutepunkt.responses import actions, queries
from knutepunkt.responses.models import CoveredAnswer, SealedRound, SlipMark
from knutepunkt.responses.sealing import cover, seal_envelope, seal_letter
ref, groups = uuid.uuid4(), [uuid.uuid4() for _ in range(100)]
actions.open_round(round_ref=ref)
for group in groups:
    actions.hand_out(round_ref=ref, group_ref=group, count={answers} // 100)
facts = queries.sealing_facts(ref)
for at in range(0, {answers}, 500):
    with transaction.atomic(using="vault"):
        for n in range(at, at + 500):
            letter = seal_letter(dict(answers=dict(N=n)), facts.recipient, facts.size)
            envelope = seal_envelope(letter, group_ref=groups[n % 100], by_slip=True,
                recipient=facts.recipient, size=facts.size)
            CoveredAnswer.objects.create(round_ref=ref, receipt_digest=os.urandom(32),
                sealed=cover(envelope, facts.transport_recipient))
SlipMark.objects.update(is_used=True)
from benchmarks.priority import lend_priority
lend_priority()
began, cpu = time.perf_counter(), time.process_time()
actions.close_round(round_ref=ref)
took, used = time.perf_counter() - began, time.process_time() - cpu
opened = queries.opened_answers(ref)
numbers = sorted(answer.content["answers"]["N"] for answer in opened.answers)
assert numbers == list(range({answers})) and SealedRound.objects.get().is_swept
print(json.dumps(dict(answers={answers}, seconds=round(took, 2), cpu_seconds=round(used, 2))))
"""
)


def main() -> None:
    """Measure one close and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=20_000)
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = ""
        if options.engine == "postgres":
            url = stack.enter_context(cluster(is_durable=True)).create("vault")
        served = Served(folder / "data", vault_url=url)
        found = json.loads(served.run(SCRIPT.format(answers=options.answers), timeout=3600))
        print(json.dumps({"engine": options.engine, **found}))


if __name__ == "__main__":
    main()
