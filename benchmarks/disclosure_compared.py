"""What do other rules for small counts keep, and which attacks do they let through?

Run: python -m benchmarks.disclosure_compared [centres [answers ...]]

A simulated centre publishes one question of five answers for everybody, and again when one more
person has answered; and the same question in three answers per group, with group sizes known. Four
rules and the gate decide what is shown. Two attackers read it, knowing the rule: one subtracts the
two tables to learn whether the joiner was content; one solves for every cell of the group table.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from knutepunkt.analysis.disclosure import (
    Audience,
    Judgement,
    Kind,
    Ladder,
    Ledger,
    Records,
    TableRequest,
    Variable,
    append,
    judge,
    kp1,
)
from knutepunkt.analysis.disclosure.counts import CountTable, Demand, TooLarge, suppress, table_of

CODES = (1, 2, 3, 4, 5)
THIRDS = {1: "worse", 2: "worse", 3: "same", 4: "better", 5: "better"}
WEIGHTS = np.array([0.02, 0.06, 0.16, 0.42, 0.34])
#: One statement: these codes hold between low and high people.
Fact = tuple[tuple[int, ...], int, int]


@dataclass(frozen=True)
class Centre:
    """Who is in which group, and what each answered; the last one joined late."""

    groups: tuple[str, ...]
    answers: tuple[int, ...]


def drawn(size: int, rng: np.random.Generator) -> Centre:
    """A centre in groups of five to eight, groups leaning differently."""
    groups: list[str] = []
    while len(groups) < size:
        groups += [f"G{len(set(groups)):02}"] * int(rng.integers(5, 9))
    groups = groups[:size]
    lean = {group: rng.normal(0, 0.4) for group in sorted(set(groups))}
    answers = []
    for group in groups:
        tilted = WEIGHTS * np.exp(lean[group] * (np.arange(5) - 2))
        answers.append(int(rng.choice(CODES, p=tilted / tilted.sum())))
    order = rng.permutation(size)
    return Centre(tuple(groups[i] for i in order), tuple(answers[i] for i in order))


def counts_of(answers: tuple[int, ...]) -> dict[int, int]:
    """How many gave each answer."""
    found = Counter(answers)
    return {code: found[code] for code in CODES}


# What each rule says of one count: bounds the reader may put on it, or nothing.


def exact(count: int) -> tuple[int, int] | None:
    """No rule: the count itself."""
    return count, count


def plain(count: int) -> tuple[int, int] | None:
    """A plain threshold of five."""
    return (count, count) if count >= 5 else None


def opensafely(count: int) -> tuple[int, int] | None:
    """Counts to seven hidden, others to the nearest five."""
    if count <= 7:
        return None
    told = 5 * round(count / 5)
    return told - 2, told + 2


RULES = {"no rule": (exact, 0), "threshold 5": (plain, 4), "7, then nearest 5": (opensafely, 7)}


def group_table(centre: Centre) -> CountTable:
    """Groups by three answers."""
    rows = [
        {"group": group, "answer": third, "people": 0}
        for group in dict.fromkeys(centre.groups)
        for third in ("worse", "same", "better")
    ]
    rows += [
        {"group": group, "answer": THIRDS[answer], "people": 1}
        for group, answer in zip(centre.groups, centre.answers, strict=True)
    ]
    return table_of(rows, by=[("group",), ("answer",)], count="people")


def solved(table: CountTable, low: np.ndarray, high: np.ndarray) -> int:
    """Groups of which a reader knows for certain that nobody, or everybody, is in an answer."""
    exposed = set()
    for place, key in enumerate(table.keys):
        if "Total" in key:
            continue
        size = table.size_above(place)
        if size == 0:
            continue
        ends = []
        for sign in (1.0, -1.0):
            cost = np.zeros(len(table.keys))
            cost[place] = sign
            found = milp(
                cost,
                constraints=LinearConstraint(table.sums, 0.0, 0.0),
                bounds=Bounds(low, high),
                integrality=np.ones(cost.size),
            )
            ends.append(round(float(found.x[place])))
        if ends[1] == 0 or ends[0] == size:
            exposed.add(key[0])
    return len(exposed)


def told_by_rule(table: CountTable, rule, hidden_to: int):  # type: ignore[no-untyped-def]
    """Bounds for the attacker, and how many inner cells are kept; group sizes are known."""
    low, high = np.zeros(len(table.keys)), np.zeros(len(table.keys))
    kept = 0
    for place, (key, count) in enumerate(zip(table.keys, table.counts, strict=True)):
        told = (count, count) if key[1] == "Total" else rule(int(count))
        kept += told is not None and "Total" not in key
        low[place], high[place] = told or (0, hidden_to)
    return low, high, kept


def told_by_suppression(table: CountTable):  # type: ignore[no-untyped-def]
    """The same for complementary suppression: cells under five, protected by interval."""
    try:
        hidden = suppress(table, Demand(5, 5), seconds=20.0).hidden
    except TooLarge:
        hidden = np.ones(len(table.keys), dtype=bool)
    sizes = np.array([key[1] == "Total" for key in table.keys])
    shown = ~hidden | sizes
    low = np.where(shown, table.counts, 0)
    high = np.where(shown, table.counts, table.counts.max())
    inner = np.array(["Total" not in key for key in table.keys])
    return low, high, int((~hidden & inner).sum())


def facts_of(answers: tuple[int, ...], rule, hidden_to: int) -> list[Fact]:  # type: ignore[no-untyped-def]
    """What a rule tells of the whole table."""
    return [
        ((code,), *(rule(count) or (0, hidden_to))) for code, count in counts_of(answers).items()
    ]


def joiner_known(before: list[Fact], after: list[Fact], n: int) -> bool:
    """Whether only content, or only discontent, answers of the joiner fit both tables."""
    fitting = set()
    for code in CODES:
        rows, low, high = [], [], []
        for facts, extra in ((before, 0), (after, 1)):
            for codes, least, most in facts:
                rows.append([float(c in codes) for c in CODES])
                shift = extra * (code in codes)
                low.append(least - shift)
                high.append(most - shift)
        rows.append([1.0] * 5)
        low.append(n)
        high.append(n)
        found = milp(
            np.zeros(5),
            constraints=LinearConstraint(np.array(rows), low, high),
            bounds=Bounds(0, np.inf),
            integrality=np.ones(5),
        )
        if found.status == 0:
            fitting.add(code >= 4)
    return len(fitting) == 1


def gate(centre: Centre) -> tuple[list[list[Fact]], int]:
    """What the gate tells before and after the joiner: facts of each, and cells told."""
    ledger, facts, kept = Ledger(), [], 0
    for people in (len(centre.answers) - 1, len(centre.answers)):
        records = Records.of(
            Variable("BEN1", 1, 5),
            "autumn",
            participants=[f"p{i}" for i in range(people)],
            groups=list(centre.groups[:people]),
            values=list(centre.answers[:people]),
            closed=True,
        )
        request = TableRequest(
            "T4", "BEN1", Kind.FREQUENCY, (records,), ladder=Ladder.ordinal(CODES)
        )
        judged = judge([request], policy=kp1(), audience=Audience.CENTRE, ledger=ledger)
        told = _facts_of_gate(judged, people)
        facts.append(told)
        kept += len(told)
        entry = append(
            ledger.entries,
            release=f"r{people}",
            audience=Audience.CENTRE,
            policy_hash=kp1().hash,
            statements=judged.statements,
        )
        ledger = Ledger((*ledger.entries, entry), {**ledger.contributors, **judged.contributors})
    return facts, kept


def _facts_of_gate(judged: Judgement, n: int) -> list[Fact]:
    figure = judged.figure("T4", "BEN1")
    if figure is None:
        return []
    step = 5.0 if n < 100 else 1.0
    told: list[Fact] = []
    for cell in figure.categories:
        low = int(np.ceil((cell.percent - step / 2) * n / 100 - 1e-6))
        high = int(np.floor((cell.percent + step / 2) * n / 100 + 1e-6))
        told.append((cell.codes, max(0, low), min(n, high)))
    if figure.band is not None:
        low, high = figure.band.within
        told.append((figure.band.codes, low, high))
    return told


def gate_on_groups(table: CountTable, facts: list[Fact]):  # type: ignore[no-untyped-def]
    """The gate tells nothing per group; what it tells of everybody bounds the totals."""
    low = np.zeros(len(table.keys))
    high = np.full(len(table.keys), float(table.counts.max()))
    for place, key in enumerate(table.keys):
        if key[1] == "Total":
            low[place] = high[place] = table.counts[place]
    for codes, least, most in facts:
        for third in {THIRDS[code] for code in codes}:
            inside = tuple(code for code in CODES if THIRDS[code] == third)
            if set(inside) == set(codes):
                place = table.keys.index(("Total", third))
                low[place], high[place] = least, most
    return low, high


def main() -> None:
    """Print one row for each rule."""
    centres = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    print(
        "| answers | rule | cells of everybody told | cells per group told | joiner known | groups exposed |"
    )
    print("|---|---|---|---|---|---|")
    for size in [int(word) for word in sys.argv[2:]] or (40, 80, 160):
        rng = np.random.default_rng(20261125)
        tally: dict[str, Counter[str]] = {}
        for _ in range(centres):
            play(drawn(size, rng), tally)
        for name, found in tally.items():
            shares = [
                found["whole"] / found["whole_planned"],
                found["grouped"] / found["grouped_planned"],
                found["joiner"] / centres,
                found["exposed"] / found["groups"],
            ]
            cells = " | ".join(f"{100 * share:.0f} %" for share in shares)
            print(f"| {size} | {name} | {cells} |")


def play(centre: Centre, tally: dict[str, Counter[str]]) -> None:
    """Let every rule publish the centre, and both attackers read it."""
    n = len(centre.answers) - 1
    table = group_table(centre)
    for name, (rule, hidden_to) in RULES.items():
        whole = [facts_of(centre.answers[:k], rule, hidden_to) for k in (n, n + 1)]
        low, high, grouped = told_by_rule(table, rule, hidden_to)
        seen = Counter(joiner=joiner_known(*whole, n), exposed=solved(table, low, high))
        note(tally, name, table, centre, told(centre, rule), grouped, seen)
    low, high, grouped = told_by_suppression(table)
    whole = [facts_of(centre.answers[:k], plain, 4) for k in (n, n + 1)]
    seen = Counter(joiner=joiner_known(*whole, n), exposed=solved(table, low, high))
    name = "5, with complementary suppression"
    note(tally, name, table, centre, told(centre, plain), grouped, seen)
    facts, kept = gate(centre)
    low, high = gate_on_groups(table, facts[0])
    seen = Counter(joiner=joiner_known(*facts, n), exposed=solved(table, low, high))
    note(tally, "the gate (KP-1)", table, centre, kept, 0, seen)


def told(centre: Centre, rule) -> int:  # type: ignore[no-untyped-def]
    """Cells of the two tables about everybody that a rule shows."""
    n = len(centre.answers)
    tables = (counts_of(centre.answers[:k]) for k in (n - 1, n))
    return sum(rule(count) is not None for counts in tables for count in counts.values())


def note(
    tally: dict[str, Counter[str]],
    name: str,
    table: CountTable,
    centre: Centre,
    whole: int,
    grouped: int,
    seen: Counter[str],
) -> None:
    """Add one centre to a rule's account."""
    inner = sum("Total" not in key for key in table.keys)
    tally.setdefault(name, Counter()).update(
        whole=whole,
        whole_planned=2 * len(CODES),
        grouped=grouped,
        grouped_planned=inner,
        groups=len(set(centre.groups)),
        **seen,
    )


if __name__ == "__main__":
    main()
