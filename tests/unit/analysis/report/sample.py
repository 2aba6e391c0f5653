"""Simulated answers of a centre: small groups, satisfied people, some who skip and some who leave."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from knutepunkt.analysis.coding import (
    Code,
    Codebook,
    CodedAnswers,
    CodedRound,
    CodedText,
    OpenText,
    WrittenText,
)
from knutepunkt.analysis.disclosure import Judgement, Ledger, policy_for
from knutepunkt.analysis.disclosure.policy import Audience
from knutepunkt.analysis.instruments import Instrument, read_catalogue
from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.report import Report, build_report
from knutepunkt.analysis.report.design import Design, GroupInvited, Protocol, RoundDesign

LABELS = (
    Texts(nb="Høsten 2025", nn="Hausten 2025", en="Autumn 2025"),
    Texts(nb="Våren 2026", nn="Våren 2026", en="Spring 2026"),
    Texts(nb="Høsten 2026", nn="Hausten 2026", en="Autumn 2026"),
)
OPENED = (date(2025, 10, 1), date(2026, 3, 1), date(2026, 10, 1))
CLOSED = (date(2025, 11, 15), date(2026, 4, 15), date(2026, 11, 15))


def survey() -> Instrument:
    """The participant survey that ships with the product."""
    return next(each for each in read_catalogue().values() if each.scales)


def _codes(rng: np.random.Generator, level: np.ndarray, centre: float, k: int) -> np.ndarray:
    raw = centre + 0.55 * level + rng.normal(0, 0.75, level.size)
    return np.clip(np.rint(raw), 1, k).astype(int)


def _round(
    rng: np.random.Generator, instrument: Instrument, people: pl.DataFrame, label: str, lift: float
) -> pl.DataFrame:
    level = people["level"].to_numpy() + lift
    columns: dict[str, list[int | None]] = {}
    for item in instrument.items:
        if not item.is_closed:
            continue
        k = instrument.response_set_of(item).high
        if item.harm:
            values = np.clip(np.rint(1.2 + np.abs(rng.normal(0, 0.8, level.size))), 1, k).astype(
                int
            )
        elif item.background or not instrument.response_set_of(item).ordered or k < 5:
            values = rng.integers(1, k + 1, level.size)
        else:
            values = _codes(rng, level, 4.1, k)
            values = k + 1 - values if item.reversed else values
        skipped = rng.random(level.size) < 0.03
        columns[item.id] = [None if s else int(v) for v, s in zip(values, skipped, strict=True)]
    return people.select("participant", "group").with_columns(
        pl.lit(label).alias("round"),
        pl.lit(True).alias("with_slip"),
        *(pl.Series(name, values, dtype=pl.Int8) for name, values in columns.items()),
    )


def centre(
    *,
    rounds: int = 1,
    groups: int = 18,
    size: int = 8,
    response: float = 0.8,
    seed: int = 20261130,
    linked: bool = True,
    audience: Audience = Audience.CENTRE,
    has_groups: bool = True,
) -> tuple[Design, pl.DataFrame]:
    """A design and its answers; the same seed gives the same centre."""
    rng = np.random.default_rng(seed)
    instrument = survey()
    members = [(f"g{g:02d}", size - int(rng.integers(0, 3))) for g in range(groups)]
    names, places, levels = [], [], []
    for group, count in members:
        mood = rng.normal(0, 0.3)
        for person in range(count):
            names.append(f"p-{group}-{person}")
            places.append(group)
            levels.append(mood + rng.normal(0, 0.8))
    everyone = pl.DataFrame({"participant": names, "group": places, "level": levels})
    frames, designs = [], []
    for index in range(rounds):
        answered = everyone.filter(pl.Series(rng.random(everyone.height) < response))
        frames.append(_round(rng, instrument, answered, f"r{index + 1}", 0.45 * index))
        used = dict(answered.group_by("group").len().iter_rows())
        invited = tuple(GroupInvited(g, count, used.get(g, 0)) for g, count in members)
        designs.append(
            RoundDesign(
                f"r{index + 1}",
                LABELS[index % 3],
                opened=OPENED[index % 3],
                closed=CLOSED[index % 3],
                groups=invited if has_groups else (),
                invited=None if has_groups else everyone.height,
            )
        )
    design = Design(
        title=Texts(
            nb="Hva har gruppa gitt deg?",
            nn="Kva har gruppa gitt deg?",
            en="What has the group given you?",
        ),
        organisation=Texts(
            nb="Sildrehuset, senter for selvhjelp og mestring",
            nn="Sildrehuset, senter for sjølvhjelp og meistring",
            en="Sildrehuset, Centre for Self-help and Coping",
        ),
        instrument=instrument,
        rounds=tuple(designs),
        protocol=Protocol("5f" * 32, date(2026, 9, 15), date(2026, 11, 30)),
        audience=audience,
        has_groups=has_groups,
        linked=linked and rounds > 1,
        example=True,
    )
    return design, pl.concat(frames)


WRITTEN = {
    "not_alone": "Jeg skjønte at jeg ikke var alene om det.",
    "recognition": "Eg kjende meg att i det dei andre sa.",
    "time": "The meetings were a little short.",
}
RATES = {"not_alone": 0.45, "recognition": 0.35, "time": 0.03}


@cache
def reported(**sizes: Any) -> tuple[Report, Judgement]:
    """The report of a centre as KP-1 lets it out, with its judgement; made once in a process.

    For tests that look at it. The same answers give the same report, and one that shows this makes
    its own.
    """
    return build_report(*centre(**sizes), Ledger(), policy_for())


def coded(
    design: Design,
    frame: pl.DataFrame,
    *,
    writes: float = 0.8,
    consents: float = 0.5,
    second: bool = True,
    slips: float = 0.05,
    seed: int = 7,
) -> CodedAnswers:
    """What people wrote in their own words, and how two coders coded it; a few codes differ."""
    rng = np.random.default_rng(seed)
    rounds = {}
    for each in design.rounds:
        people = frame.filter(pl.col("round") == each.id)["participant"].to_list()
        texts, first, other = [], {}, {}
        for person in sorted(people):
            if rng.random() > writes:
                continue
            codes = [code for code, rate in RATES.items() if rng.random() < rate]
            words = " ".join(WRITTEN[code] for code in codes) or "Det var fint."
            name = f"t{int(rng.integers(10**9)):09d}"
            may_quote = bool(rng.random() < consents)
            texts.append(WrittenText(person, OpenText(name, "FRI1", words, may_quote, "nb")))
            first[name] = CodedText(frozenset(codes), fit=may_quote)
            turned = frozenset(code for code in RATES if (code in codes) != (rng.random() < slips))
            other[name] = CodedText(turned, fit=may_quote)
        rounds[each.id] = CodedRound(tuple(texts), first, other if second else None)
    book = Codebook(tuple(Code(code, Texts(nb=code, nn=code, en=code)) for code in RATES))
    return CodedAnswers(book, rounds)
