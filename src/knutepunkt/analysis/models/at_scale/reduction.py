"""Which sums per group do the tables need, and how does any data engine make them?

Written once with Narwhals: the same lines run on Polars, on one machine, and on Spark, on many.
One scale at a time, so that only its columns are read and no product of items of two scales is
ever formed.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

import narwhals as nw
import numpy as np

from knutepunkt.analysis.models.arrays import Floats
from knutepunkt.analysis.models.at_scale.layout import Layout, ScaleItems
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode

GROUP, PERSON, ROUND, SCORE = "_group", "_person", "_round", "_score"
FIRST, LAST = "_first", "_last"


@dataclass(frozen=True)
class ScaleSums:
    """All that the tables need of one scale, summed per group (G of them, in sorted order).

    Attributes:
        name, items, codes: what is summed.
        counts: answers by item and code, shape (G, k, codes).
        outside: answers with a code the item does not have, shape (k,).
        rows: rows of each group.
        complete: rows that answer every item, shape (G,).
        sums, products: of the items over complete rows, shapes (G, k) and (G, k, k).
        by_round: n, sum and sum of squares of scores per group and round, shape (G, 2, 3).
        pairs: n, sums and squares of the change and of the mean of both rounds, shape (G, 5).
        joint: distinct (earlier, later) scores with how many persons have them, shape (u, 3).
    """

    name: str
    items: tuple[str, ...]
    codes: tuple[int, ...]
    counts: Floats
    outside: Floats
    rows: Floats
    complete: Floats
    sums: Floats
    products: Floats
    by_round: Floats
    pairs: Floats
    joint: Floats


def reduce_scale(table: Any, layout: Layout, scale: ScaleItems) -> ScaleSums:
    """Sum one scale of a table.

    A score is the mean of the answered items where at least half are answered. A pair is a person
    of a group with a score in both rounds.

    Args:
        table: anything Narwhals can read lazily: a Polars LazyFrame or DataFrame, a Spark frame.
        layout: see :class:`Layout`.
        scale: one of its scales.

    Raises:
        ModelRefusal: what the layout refuses, ``no_rows``, and ``repeated_person`` if somebody
            stands twice in a round.
    """
    frame = nw.from_native(table).lazy()
    layout.checked(frame.collect_schema().names())
    scored = _scored(frame, layout, scale)
    grouped = _collected(
        scored.group_by(GROUP).agg(*_group_sums(layout, scale)), list(_names(layout, scale))
    )
    if grouped.shape[0] == 0:
        raise ModelRefusal(RefusalCode.NO_ROWS, f"no row has a group in {scale.name}")
    persons = _persons(scored, layout)
    paired = _collected(persons.group_by(GROUP).agg(*_pair_sums()), [GROUP, *_PAIRS])
    if paired.shape[0] and paired[:, -1].max() > 1.0:
        raise ModelRefusal(RefusalCode.REPEATED_PERSON, "a person stands twice in a round")
    both = persons.filter(~nw.col(FIRST).is_null(), ~nw.col(LAST).is_null())
    joint = _collected(both.group_by(FIRST, LAST).agg(nw.len().alias("_n")), [FIRST, LAST, "_n"])
    return _assembled(layout, scale, grouped, paired, joint)


def _scored(frame: Any, layout: Layout, scale: ScaleItems) -> Any:
    """Keep what one scale needs: codes outside set to null, and the score of each row."""
    low, high = min(layout.codes), max(layout.codes)
    kept = frame.select(
        nw.col(layout.group).alias(GROUP),
        nw.col(layout.person).alias(PERSON),
        nw.col(layout.round).alias(ROUND),
        *(nw.col(item).cast(nw.Float64).alias(item) for item in scale.items),
    ).filter(~nw.col(GROUP).is_null())
    marked = kept.with_columns(
        *(
            nw.when((nw.col(item) < low) | (nw.col(item) > high)).then(nw.lit(1.0))
            .otherwise(nw.lit(0.0)).alias(f"{item}~out")
            for item in scale.items
        ),
        *(
            nw.when((nw.col(item) >= low) & (nw.col(item) <= high)).then(nw.col(item)).alias(item)
            for item in scale.items
        ),
    )  # fmt: skip
    answered = nw.sum_horizontal(
        *(nw.when(nw.col(item).is_null()).then(0.0).otherwise(1.0) for item in scale.items)
    )
    counted = marked.with_columns(answered.alias("_answered"))
    half = len(scale.items) / 2.0
    return counted.with_columns(
        nw.when(nw.col("_answered") >= half)
        .then(nw.sum_horizontal(*(nw.col(item).fill_null(0.0) for item in scale.items)) / nw.col("_answered"))
        .alias(SCORE),
        nw.when(nw.col("_answered") == float(len(scale.items))).then(1.0).otherwise(0.0).alias("_complete"),
    )  # fmt: skip


def _group_sums(layout: Layout, scale: ScaleItems) -> list[Any]:
    """Every sum of one group, named as :func:`_names` lists them."""
    told: list[Any] = [nw.len().alias("_rows"), nw.col("_complete").sum().alias("_whole")]
    for item in scale.items:
        told.append(nw.col(f"{item}~out").sum().alias(f"{item}~outside"))
        for code in layout.codes:
            # Spark cannot add truth values; as numbers of one byte they are quick everywhere.
            hit = (nw.col(item) == float(code)).cast(nw.Int8)
            told.append(hit.sum().alias(f"{item}~{code}"))
        told.append((nw.col(item).fill_null(0.0) * nw.col("_complete")).sum().alias(f"{item}~sum"))
    for one, other in combinations_with_replacement(scale.items, 2):
        product = nw.col(one).fill_null(0.0) * nw.col(other).fill_null(0.0) * nw.col("_complete")
        told.append(product.sum().alias(f"{one}~{other}~product"))
    for place, name in enumerate(layout.rounds):
        here = (nw.col(ROUND) == name) & ~nw.col(SCORE).is_null()
        score = nw.when(here).then(nw.col(SCORE)).otherwise(0.0)
        told.append(nw.when(here).then(1.0).otherwise(0.0).sum().alias(f"_n{place}"))
        told.append(score.sum().alias(f"_s{place}"))
        told.append((score * score).sum().alias(f"_q{place}"))
    return told


def _names(layout: Layout, scale: ScaleItems) -> tuple[str, ...]:
    names = [GROUP, "_rows", "_whole"]
    for item in scale.items:
        names += [f"{item}~outside", *(f"{item}~{code}" for code in layout.codes), f"{item}~sum"]
    pairs = combinations_with_replacement(scale.items, 2)
    names += [f"{one}~{other}~product" for one, other in pairs]
    names += [f"{kind}{place}" for place in range(2) for kind in ("_n", "_s", "_q")]
    return tuple(names)


def _persons(scored: Any, layout: Layout) -> Any:
    """One row per person of a group: the scores of both rounds, and rows per round at most."""
    rounds = dict(zip((FIRST, LAST), layout.rounds, strict=True))
    scores = [
        nw.when(nw.col(ROUND) == value).then(nw.col(SCORE)).max().alias(name)
        for name, value in rounds.items()
    ]
    times = [
        nw.when(nw.col(ROUND) == value).then(1.0).otherwise(0.0).sum().alias(f"{name}~times")
        for name, value in rounds.items()
    ]
    return scored.group_by(GROUP, PERSON).agg(*scores, *times)


_PAIRS = ("_pn", "_ps", "_pq", "_pm", "_pt", "_times")


def _pair_sums() -> list[Any]:
    both = ~nw.col(FIRST).is_null() & ~nw.col(LAST).is_null()
    change = nw.when(both).then(nw.col(LAST) - nw.col(FIRST)).otherwise(0.0)
    middle = nw.when(both).then((nw.col(LAST) + nw.col(FIRST)) / 2.0).otherwise(0.0)
    one = nw.when(both).then(1.0).otherwise(0.0)
    return [
        one.sum().alias("_pn"),
        change.sum().alias("_ps"),
        (change * change).sum().alias("_pq"),
        middle.sum().alias("_pm"),
        (middle * middle).sum().alias("_pt"),
        nw.max_horizontal(nw.col(f"{FIRST}~times"), nw.col(f"{LAST}~times")).max().alias("_times"),
    ]


def _collected(frame: Any, names: list[str]) -> Floats:
    """Collect sums, sorted by the first column, without it where it is the group; shape (G, .)."""
    found = (
        frame.collect("polars") if frame.implementation.is_polars() else frame.collect("pyarrow")
    )
    columns = [found.get_column(name).to_numpy() for name in names]
    if names[0] != GROUP:
        return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])
    order = np.argsort(columns[0], kind="stable")
    numbers = [np.asarray(column, dtype=np.float64)[order] for column in columns[1:]]
    return np.column_stack(numbers) if numbers[0].size else np.zeros((0, len(numbers)))


def _assembled(
    layout: Layout, scale: ScaleItems, grouped: Floats, paired: Floats, joint: Floats
) -> ScaleSums:
    k, c = len(scale.items), len(layout.codes)
    width = c + 2
    of_items = grouped[:, 2 : 2 + k * width].reshape(-1, k, width)
    at = 2 + k * width
    upper = np.array(list(combinations_with_replacement(range(k), 2)))
    products = np.zeros((len(grouped), k, k))
    values = grouped[:, at : at + len(upper)]
    products[:, upper[:, 0], upper[:, 1]] = values
    products[:, upper[:, 1], upper[:, 0]] = values
    return ScaleSums(
        name=scale.name,
        items=scale.items,
        codes=layout.codes,
        counts=of_items[:, :, 1 : 1 + c],
        outside=of_items[:, :, 0].sum(axis=0),
        rows=grouped[:, 0],
        complete=grouped[:, 1],
        sums=of_items[:, :, -1],
        products=products,
        by_round=grouped[:, at + len(upper) :].reshape(-1, 2, 3),
        pairs=paired[:, :5],
        joint=joint[np.lexsort((joint[:, 1], joint[:, 0]))],
    )
