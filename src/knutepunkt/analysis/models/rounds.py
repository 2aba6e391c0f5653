"""Which rows of several rounds are complete, and who stands in them?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from knutepunkt.analysis.models.arrays import Floats, Integers, codes_of
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode


@dataclass(frozen=True)
class Rounds:
    """Complete rows of several rounds.

    Attributes:
        frame: columns y, wave (Enum in order), time (0, 1, ...), person, and group if any.
        waves: names of the rounds that occur, in order.
        n_dropped: rows without an answer.
        n_groups: 0 where the design has no groups.
        n_persons: persons who answered at least once.
        linked: whether any person answered in two rounds.
    """

    frame: pl.DataFrame
    waves: tuple[str, ...]
    n_dropped: int
    n_groups: int
    n_persons: int
    linked: bool

    @property
    def changes(self) -> tuple[str, ...]:
        """Name of the change to each later round from the first."""
        return tuple(f"{later} - {self.waves[0]}" for later in self.waves[1:])

    def numbers(self, column: str) -> Floats:
        """Return a column as floats."""
        return self.frame[column].to_numpy().astype(np.float64)


def read_rounds(
    y: NDArray[Any],
    wave: NDArray[Any],
    person: NDArray[Any],
    group: NDArray[Any] | None,
    order: tuple[str, ...],
) -> Rounds:
    """Check and complete the rows of several rounds; see :class:`Rounds`."""
    columns: dict[str, Any] = {"y": np.asarray(y, dtype=np.float64), "person": person}
    if group is not None:
        columns["group"] = group
    if len({np.asarray(part).size for part in (*columns.values(), wave)}) != 1:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, "the columns differ in length")
    codes, levels = codes_of(np.asarray(wave))
    names = [str(one) for one in levels]
    frame = pl.DataFrame(columns).with_columns(wave=pl.Series([names[code] for code in codes]))
    wanted = list(order) or names
    frame = frame.filter(pl.col("wave").is_in(wanted))
    complete = frame.filter(pl.col("y").is_not_nan() & pl.all_horizontal(pl.all().is_not_null()))
    used = [name for name in wanted if name in set(complete["wave"])]
    if len(used) < 2:
        raise ModelRefusal(RefusalCode.ONE_ROUND, "a change needs answers in two rounds")
    if complete.select("person", "wave").is_duplicated().any():
        raise ModelRefusal(RefusalCode.REPEATED_PERSON, "a person stands twice in a round")
    timed = complete.with_columns(
        wave=pl.col("wave").cast(pl.Enum(used)),
        time=pl.col("wave").cast(pl.Enum(used)).to_physical().cast(pl.Float64),
    )
    persons = timed["person"].n_unique()
    return Rounds(
        timed,
        tuple(used),
        frame.height - complete.height,
        timed["group"].n_unique() if group is not None else 0,
        persons,
        persons < timed.height,
    )


MOST_CONTRASTS = 3  # beyond that a group's course is described by trend and bend alone


def with_course(rounds: Rounds) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the rows with orthogonal polynomials of the round, and the names of these columns.

    With each varying over groups on its own, every group may change in its own way: for two rounds
    by half its change up or down, for three also by a bend.
    """
    n_waves = len(rounds.waves)
    degree = n_waves - 1 if n_waves - 1 <= MOST_CONTRASTS else 2
    places = np.arange(n_waves, dtype=np.float64)
    powers = np.vander(places - places.mean(), degree + 1, increasing=True)
    shapes = np.linalg.qr(powers)[0][:, 1:]
    codes = rounds.numbers("time").astype(np.int64)
    names = tuple(f"course{place + 1}" for place in range(degree))
    columns = [pl.Series(name, shapes[codes, place]) for place, name in enumerate(names)]
    return rounds.frame.with_columns(columns), names


def wave_columns(rounds: Rounds) -> Floats:
    """Return an indicator for each round but the first, shape (n, waves - 1)."""
    codes = rounds.numbers("time")
    columns: Floats = (codes[:, None] == np.arange(1, len(rounds.waves))).astype(np.float64)
    return columns


def cell_means(rounds: Rounds, codes: Integers, n_groups: int) -> Floats:
    """Return the mean of each group in each round, NaN where nobody answered."""
    n_waves = len(rounds.waves)
    cells = codes * n_waves + rounds.numbers("time").astype(np.int64)
    counts = np.bincount(cells, minlength=n_groups * n_waves)
    sums = np.bincount(cells, rounds.numbers("y"), minlength=n_groups * n_waves)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    table: Floats = means.reshape(n_groups, n_waves)
    return table
