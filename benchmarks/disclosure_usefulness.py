"""How much of a planned report comes out of the gate, and at which rung?

Run: python benchmarks/disclosure_usefulness.py [repetitions]

A centre of N respondents in groups of 5-8 answers 24 benefit questions (five points, 80-95 % on the
favourable side, groups differing with an intraclass correlation of about .05), 3 harm questions,
4 scales (mean and change over two rounds with all linked), one classification of change, and two
questions about background; slips handed out are up to three more per group. Printed: the share of
planned figures of T1-T8 and T15 by rung, the share above "only n", and that of T1-T8 alone.
"""

from __future__ import annotations

import sys
from collections import Counter

import numpy as np

from knutepunkt.analysis.disclosure import (
    Audience,
    Component,
    Count,
    GroupResponse,
    Kind,
    Ladder,
    Ledger,
    ModelSize,
    Number,
    NumberKind,
    Records,
    TableRequest,
    Variable,
    judge,
    kp1,
)

SCALES = {"BEN": 5, "MES": 5, "TIL": 3, "KOM": 2, "MEK": 6, "TJE": 2}
HARM_LADDER = Ladder.of(((1,), (2,), (3, 4, 5)), ((1, 2), (3, 4, 5)))
CHANGE_LADDER = Ladder.of(((3, 4), (2,), (1,)), ((2, 3, 4), (1,)))


def groups_of(n: int, rng: np.random.Generator) -> list[str]:
    """Group ids of n people in groups of five to eight."""
    ids: list[str] = []
    while len(ids) < n:
        ids += [f"g{len(set(ids))}"] * int(rng.integers(5, 9))
    return ids[:n]


def item(groups: list[str], favourable: float, rng: np.random.Generator) -> list[float | None]:
    """Answers 1-5 with so large a favourable share, groups apart, one in fifty missing."""
    effect = {g: rng.normal(0, 0.4) for g in sorted(set(groups))}
    logit = np.log(favourable / (1 - favourable))
    answers: list[float | None] = []
    for group in groups:
        if rng.random() < 0.02:
            answers.append(None)
            continue
        good = rng.random() < 1 / (1 + np.exp(-(logit + effect[group])))
        answers.append(
            float(rng.choice([4, 5]) if good else rng.choice([1, 2, 3], p=[0.1, 0.3, 0.6]))
        )
    return answers


def who_answered(
    groups: list[str], people: list[str], rng: np.random.Generator
) -> list[TableRequest]:
    """The figures of T1 to T3: flow, response per group, age and gender of those who answered."""
    used = Counter(groups)
    handed = {group: used[group] + int(rng.integers(0, 4)) for group in used}
    total = sum(handed.values())
    counts = (Count("handed_out", total, public=True), Count("used", len(people), of=total))
    responses = tuple(GroupResponse(g, used[g], handed[g]) for g in sorted(used))
    requests = [
        TableRequest("T1", "autumn", Kind.FLOW, counts=counts),
        TableRequest("T2", "autumn", Kind.PARTICIPATION, responses=responses),
    ]
    for name, shares in (("age", (0.25, 0.45, 0.3)), ("gender", (0.68, 0.32))):
        codes = tuple(range(1, len(shares) + 1))
        values = [float(v) for v in rng.choice(codes, len(people), p=shares)]
        records = Records.of(
            Variable(name, 1, len(shares)),
            "autumn",
            participants=people,
            groups=groups,
            values=values,
            closed=True,
        )
        ladder = Ladder.ordinal(codes) if len(codes) > 2 else Ladder.of(((1,), (2,)))
        requests.append(TableRequest("T3", name, Kind.FREQUENCY, (records,), ladder=ladder))
    return requests


def planned(n: int, rng: np.random.Generator) -> list[TableRequest]:
    """The figures of T1 to T8 and T15 for one simulated centre."""
    groups = groups_of(n, rng)
    people = [f"p{i}" for i in range(n)]

    def column(variable: Variable, values: list[float | None], round_id: str) -> Records:
        return Records.of(
            variable, round_id, participants=people, groups=groups, values=values, closed=True
        )

    requests: list[TableRequest] = who_answered(groups, people, rng)
    scores: dict[str, tuple[Variable, list[float | None]]] = {}
    for scale, size in SCALES.items():
        names = [f"{scale}{i}" for i in range(1, size + 1)]
        columns = [item(groups, rng.uniform(0.8, 0.95), rng) for _ in names]
        for name, values in zip(names, columns, strict=True):
            records = column(Variable(name, 1, 5), values, "autumn")
            ladder = Ladder.ordinal((1, 2, 3, 4, 5))
            requests.append(TableRequest("T4", name, Kind.FREQUENCY, (records,), ladder=ladder))
        rows = [[v for v in row if v is not None] for row in zip(*columns, strict=True)]
        means = [float(np.mean(r)) if len(r) * 3 >= 2 * size else None for r in rows]
        scores[scale] = (Variable(scale, 1, 5, tuple(Component(name) for name in names)), means)
    for name in ("NEG1", "NEG2", "NEG3"):
        values = [float(v) for v in rng.choice([1, 2, 3, 4], n, p=[0.7, 0.22, 0.06, 0.02])]
        records = column(Variable(name, 1, 5), values, "autumn")
        requests.append(
            TableRequest(
                "T15", name, Kind.FREQUENCY, (records,), ladder=HARM_LADDER, always_shown=True
            )
        )
    for scale, (variable, means) in scores.items():
        autumn = column(variable, means, "autumn")
        requests.append(TableRequest("T5", scale, Kind.MEAN, (autumn,)))
        if scale in ("MES", "TIL", "KOM"):
            requests += change(variable, means, autumn, column, rng)
    return requests


def change(variable, means, autumn, column, rng):  # type: ignore[no-untyped-def]
    """T6-T8 for one scale: everybody linked to an earlier round."""
    before = [None if m is None else float(np.clip(m - rng.normal(0.4, 0.6), 1, 5)) for m in means]
    spring = column(variable, before, "spring")
    numbers = (Number("difference", 0.4, NumberKind.MEAN), Number("p", 0.01, NumberKind.P_VALUE))
    size = ModelSize(2 * len(means), 2, 3, len(set(autumn.groups)))
    gain = [None if m is None else m - b for m, b in zip(means, before, strict=True)]
    classes = [None if g is None else (1.0 if g < -0.8 else 2.0 if g < 0.8 else 3.0) for g in gain]
    derived = column(Variable(f"{variable.name} change", 1, 4), classes, "autumn")
    return [
        TableRequest(
            "T6", variable.name, Kind.MODEL, (spring, autumn), numbers=numbers, model=size
        ),
        TableRequest(
            "T7", variable.name, Kind.FREQUENCY, (derived,), ladder=CHANGE_LADDER, always_shown=True
        ),
        TableRequest(
            "T8",
            variable.name,
            Kind.MODEL,
            (autumn,),
            numbers=(Number("icc", 0.05, NumberKind.VARIANCE),),
            model=size,
        ),
    ]


def main() -> None:
    """Print the table of shares."""
    repetitions = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    rng = np.random.default_rng(20260901)
    print(
        "| N | audience | planned | categories | band | figures | class | only n | withheld "
        "| above only n | T1-T8 above only n |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for n in (15, 30, 60, 120, 250):
        plans = [planned(n, rng) for _ in range(repetitions)]
        for audience in (Audience.CENTRE, Audience.PUBLIC):
            tally: Counter[str] = Counter()
            benefit: Counter[bool] = Counter()
            for requests in plans:
                judged = judge(requests, policy=kp1(), audience=audience, ledger=Ledger())
                tally.update(str(figure.rung) for figure in judged.released)
                tally["withheld"] += len(judged.withheld)
                told = {(f.table, f.cell) for f in judged.released if f.rung != "only_n"}
                benefit.update((r.table, r.cell) in told for r in requests if r.table != "T15")
            total = sum(tally.values())
            names = ("categories", "band", "figures", "class", "only_n", "withheld")
            shares = [100 * tally[name] / total for name in names]
            above = sum(shares[:4])
            cells = " | ".join(f"{share:.0f} %" for share in shares)
            alone = 100 * benefit[True] / benefit.total()
            start = f"| {n} | {audience} | {total // repetitions}"
            print(f"{start} | {cells} | {above:.1f} % | {alone:.1f} % |")


if __name__ == "__main__":
    main()
