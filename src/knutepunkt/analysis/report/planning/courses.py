"""What are an outcome's scores over the rounds, and who stands in several of them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from knutepunkt.analysis.disclosure.statements import Component, Reals, Records, Variable
from knutepunkt.analysis.instruments.scales import Scale, ScaleRole
from knutepunkt.analysis.models.policy import Method, PolicyRow, choose
from knutepunkt.analysis.report.design import RoundDesign
from knutepunkt.analysis.report.populations import Answers

LEAST_LINKED: Final = 10
"""Fewer people than this who come back are treated as new ones: a model would tell of them alone."""


@dataclass(frozen=True)
class Course:
    """One outcome over the rounds in which it was asked.

    `planned` are all of these, `rounds` those in which enough answered for a model to rest on them.
    Where that is not the first and one more, `is_told` is false, and `records` are those of every
    planned round: the gate then withholds what is listed. `rows` has one row per score: y, wave (the
    round's id), participant, and group where there are groups. `asked` is how many groups were
    asked. `follows`: the design follows people; `linked`: enough of them stand in several rounds to
    be treated as the same. `changes` are theirs, one set of records per later round in which they
    are enough.
    """

    scale: Scale
    planned: tuple[RoundDesign, ...]
    rounds: tuple[RoundDesign, ...]
    is_told: bool
    records: tuple[Records, ...]
    rows: pl.DataFrame
    asked: int
    follows: bool
    linked: bool
    changes: tuple[Records, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The rounds' ids, in order."""
        return tuple(each.id for each in self.rounds)

    @property
    def planned_ids(self) -> tuple[str, ...]:
        """The ids of all rounds in which it was asked, in order."""
        return tuple(each.id for each in self.planned)

    @property
    def row(self) -> PolicyRow:
        """The row of the model policy, from how many groups were asked."""
        return choose(self.asked, self.rows.height)

    @property
    def is_modelled(self) -> bool:
        """Whether the groups that gave scores bear that row; else the means stand alone."""
        few = choose(self.groups, self.rows.height).method is Method.GROUPS_AS_FIXED
        return self.is_told and few is (self.row.method is Method.GROUPS_AS_FIXED)

    @property
    def groups(self) -> int:
        """How many groups gave a score; 0 where the design has none."""
        return self.rows["group"].n_unique() if "group" in self.rows.columns else 0

    def scores(self, index: int) -> Reals:
        """The scores of one of the rounds."""
        found = self.rows.filter(pl.col("wave") == self.ids[index])["y"]
        return np.asarray(found.to_numpy(), dtype=np.float64)

    def column(self, name: str) -> npt.NDArray[Any]:
        """One column of the rows as an array."""
        return self.rows[name].to_numpy()

    @property
    def people(self) -> pl.Series:
        """Who gave each score; where too few came back, each round has people of its own."""
        if self.linked:
            return self.rows["participant"]
        return self.rows["participant"] + "@" + self.rows["wave"]


def followed_scales(answers: Answers) -> tuple[Scale, ...]:
    """The scales that are followed over rounds.

    What people say when they look back ("perceived change") is asked anew each round and never
    compared. An instrument without outcomes is followed on all its other scales.
    """
    scales = answers.design.instrument.scales
    outcomes = tuple(s for s in scales if s.role is ScaleRole.OUTCOME)
    return outcomes or tuple(s for s in scales if s.role is not ScaleRole.PERCEIVED_CHANGE)


def course_of(answers: Answers, scale: Scale) -> Course | None:
    """An outcome over the rounds; None where it was asked in fewer than two of them."""
    planned = tuple(each for each in answers.design.rounds if answers.asked_in(each, *scale.items))
    if len(planned) < 2:
        return None
    every = [(each, answers.scale_records(scale, each)) for each in planned]
    held = [(each, records) for each, records in every if answers.is_held(records)]
    is_told = len(held) > 1 and held[0][0] is planned[0]
    if not is_told:
        held = every
    rounds = tuple(each for each, _ in held)
    group = [pl.col("group").cast(pl.String)] if answers.design.has_groups else []
    frames = [
        answers.in_round(each.id).select(
            pl.col(scale.id).cast(pl.Float64).alias("y"),
            pl.lit(each.id).alias("wave"),
            pl.col("participant").cast(pl.String),
            *group,
        )
        for each in rounds
    ]
    rows = pl.concat(frames).filter(pl.col("y").is_not_null())
    again = int((rows.group_by("participant").len()["len"] > 1).sum())
    linked = answers.design.linked and again >= LEAST_LINKED
    changes = _changes(answers, scale, rounds, rows) if linked else ()
    records = tuple(records for _, records in held)
    asked = answers.groups_asked(planned)
    follows = answers.design.linked
    return Course(scale, planned, rounds, is_told, records, rows, asked, follows, linked, changes)


def _changes(
    answers: Answers, scale: Scale, rounds: tuple[RoundDesign, ...], rows: pl.DataFrame
) -> tuple[Records, ...]:
    first = rows.filter(pl.col("wave") == rounds[0].id).select("participant", before="y")
    found = []
    for each in rounds[1:]:
        here = rows.filter(pl.col("wave") == each.id).select("participant", after="y")
        pairs = first.join(here, on="participant")
        if pairs.height >= LEAST_LINKED:
            gaps = pairs.select("participant", gap=pl.col("after") - pl.col("before"))
            found.append(moved_records(answers, scale, each, gaps))
    return tuple(found)


def change_records(
    answers: Answers,
    scale: Scale,
    later: RoundDesign,
    pairs: dict[str, str],
    scores: tuple[dict[str, float], dict[str, float]],
) -> Records:
    """What those changed who are in both rounds, for judging how much its spread tells.

    Args:
        answers, scale, later: the study, the scale, the later of the two rounds.
        pairs: ref in the later round -> ref in the earlier.
        scores: by ref, of the earlier round and of the later.

    Returns:
        One record per person of the later round. A change counts for at most half of the scale's
        range: there must be room for somebody who moved that far either way, not for more.
    """
    before, after = scores
    found = {p: after[p] - before[q] for p, q in pairs.items() if p in after and q in before}
    schema = {"participant": pl.String, "gap": pl.Float64}
    columns = {"participant": list(found), "gap": list(found.values())}
    return moved_records(answers, scale, later, pl.DataFrame(columns, schema=schema))


def moved_records(
    answers: Answers, scale: Scale, later: RoundDesign, gaps: pl.DataFrame
) -> Records:
    """What those changed who are in both rounds, from participant and gap; see `change_records`."""
    half = (scale.high - scale.low) / 2
    people = answers.in_round(later.id).select(pl.col("participant").cast(pl.String))
    values = people.join(gaps, on="participant", how="left", maintain_order="left")["gap"]
    parts = tuple(Component(name) for name in scale.items)
    variable = Variable(f"{scale.id}:moved", -half, half, parts)
    return answers.records_of(variable, later, values.clip(-half, half))


def both_scores(
    answers: Answers, scale: Scale, first: RoundDesign, later: RoundDesign
) -> pl.DataFrame:
    """Those who gave a score in both rounds: participant, and the scores as `first` and `y`."""

    def scores(each: RoundDesign, name: str) -> pl.DataFrame:
        return answers.in_round(each.id).select(
            pl.col("participant").cast(pl.String), pl.col(scale.id).cast(pl.Float64).alias(name)
        )

    return scores(first, "first").join(scores(later, "y"), on="participant").drop_nulls()
