"""Everything published about one question in one round, as bounds on whole numbers of people."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knutepunkt.analysis.disclosure.ladder import Cell
from knutepunkt.analysis.disclosure.places import Places, divided, holds, without
from knutepunkt.analysis.disclosure.record_sets import RecordSet

Vector = tuple[int, ...]
Mask = npt.NDArray[np.float64]
CLASS_PART = "class"


@dataclass(frozen=True)
class Fact:
    """A published bound: low <= sum over patterns and pieces of weight x people <= high."""

    weights: Mask
    low: float
    high: float


@dataclass(frozen=True)
class Demand:
    """A cell of a population about which every group must stay open."""

    patterns: tuple[int, ...]
    pieces: tuple[int, ...]


@dataclass(frozen=True)
class Scene:
    """Everything published about one question in one round, as bounds on whole numbers.

    Attributes:
        totals: people per membership pattern.
        groups: for every distinct group, its people per pattern.
        pieces: codes that no statement tells apart, together.
        facts: the published bounds; shape of weights (patterns, pieces).
        demands: the cells to keep open.
        table: people per pattern and piece in one world that agrees with every fact, the real one
            as far as the statements tell it; None where a mean counts, which no set remembers.
    """

    totals: Vector
    groups: tuple[Vector, ...]
    pieces: tuple[Cell, ...]
    facts: tuple[Fact, ...]
    demands: tuple[Demand, ...]
    table: Mask | None = None


def telling(sets: Sequence[RecordSet], places: Places) -> list[RecordSet]:
    """The sets without populations about which nothing was told but their size.

    A figure over linked rounds names the subset of each round it rests on, so that P4 can subtract
    it. Where neither a mean nor a cell speaks about that subset, it bounds nobody's answer to the
    question, and taking it apart in P5 would only cost witnesses.
    """
    cells = [places.bits(s.participants) for s in sets if s.codes is not None]
    return [
        s
        for s in sets
        if s.codes is not None
        or s.mean is not None
        or any(holds(places.bits(s.participants), cell) for cell in cells)
    ]


def entangled(sets: Sequence[RecordSet], places: Places) -> bool:
    """Whether more than one table, or a table and a mean, speak about overlapping people.

    Where the design has no groups everyone is a group of their own.
    """
    populations = {places.bits(s.participants) for s in sets if s.codes is None}
    cells = {
        (places.bits(s.participants), s.codes, s.low, s.high) for s in sets if s.codes is not None
    }
    tables = {frozenset(k[1:] for k in cells if holds(p, k[0])) for p in populations}
    means = any(s.mean for s in sets)
    codes = [code for _, cell, _, _ in cells for code in cell or ()]
    overlapping = len(codes) != len(set(codes))
    return len(populations) > 1 or len(tables) > 1 or overlapping or (means and bool(cells))


def scene_of(sets: Sequence[RecordSet], places: Places) -> Scene:
    """The published sets of one question as a scene.

    Raises:
        ValueError: a cell's population is not among the sets.
    """
    sets = without_repetition(sets, places)
    populations = [s for s in sets if s.codes is None]
    distinct = places.in_order(places.bits(s.participants) for s in populations)
    patterns, totals, groups = _patterns(populations, distinct, places)
    cells = [s for s in sets if s.codes is not None]
    with_mean = any(s.mean for s in populations)
    complete = any(_covers(population, cells) for population in populations)
    systems = [s.codes or () for s in cells]
    pieces = _pieces(systems, populations[0].span, separate=with_mean, complete=complete)
    shape = (len(patterns), len(pieces))
    facts, demands = [], []
    for cell in cells:
        owner = _population_of(cell, populations, places)
        where = _where(places.bits(owner.participants), distinct, patterns)
        what = [i for i, piece in enumerate(pieces) if set(piece) <= set(cell.codes or ())]
        facts.append(Fact(weights_of(shape, where, dict.fromkeys(what, 1.0)), cell.low, cell.high))
        if not cell.key.endswith(f":{CLASS_PART}"):
            rest = tuple(i for i in range(len(pieces)) if i not in what)
            demands += [Demand(where, tuple(what)), Demand(where, rest)]
    for population in populations:
        if population.mean is not None:
            where = _where(places.bits(population.participants), distinct, patterns)
            people = float(sum(totals[i] for i in where))
            values = {i: float(piece[0]) for i, piece in enumerate(pieces)}
            low, high = population.mean
            facts.append(Fact(weights_of(shape, where, values), low * people, high * people))
            demands += [Demand(where, (i,)) for i in (0, len(pieces) - 1)]
    table = None
    if not with_mean:
        table = _table(populations, cells, _Patterns(distinct, patterns), pieces, places)
    return Scene(totals, groups, pieces, tuple(facts), tuple(dict.fromkeys(demands)), table)


def without_repetition(sets: Sequence[RecordSet], places: Places) -> list[RecordSet]:
    """The sets without figures that say what an earlier one said already.

    A figure repeats another when both rest on the same people and each of its cells is a union of
    the other's known cells: the same table told again, or merged further.
    """
    figures: dict[str, list[RecordSet]] = {}
    for each in sets:
        figures.setdefault(each.figure, []).append(each)
    kept: list[list[RecordSet]] = []
    for figure in sorted(figures.values(), key=len, reverse=True):
        if not any(_implied(figure, other, places) for other in kept):
            kept.append(figure)
    return [each for figure in kept for each in figure]


def _implied(figure: Sequence[RecordSet], other: Sequence[RecordSet], places: Places) -> bool:
    people, others = (
        {places.bits(s.participants) for s in sets if s.codes is None} for sets in (figure, other)
    )
    if len(people) != 1 or people != others:
        return False
    means = {s.mean for s in other}
    known = [set(s.codes) for s in other if s.codes is not None and s.exact]
    return all(
        (s.mean is None or s.mean in means) if s.codes is None else s.exact and _union(s, known)
        for s in figure
    )


def _union(cell: RecordSet, known: Sequence[set[int]]) -> bool:
    codes = set(cell.codes or ())
    inside: set[int] = set().union(*(each for each in known if each <= codes))
    return inside == codes


@dataclass(frozen=True)
class _Patterns:
    """Which of the distinct populations people are in; people are bits: see `Places`."""

    distinct: Sequence[int]
    patterns: Sequence[tuple[bool, ...]]


def _table(
    populations: Sequence[RecordSet],
    cells: Sequence[RecordSet],
    known: _Patterns,
    pieces: Sequence[Cell],
    places: Places,
) -> Mask | None:
    """People per pattern and piece as the sets tell them; where they do not tell, the first piece.

    Which of two pieces a person lies in, when no statement about that person separates them, is
    free: either choice agrees with everything published.
    """
    table = np.zeros((len(known.patterns), len(pieces)))
    everybody = _slips(populations, places)
    owners = [_population_of(cell, populations, places).participants for cell in cells]
    for row, pattern in enumerate(known.patterns):
        blocks: dict[tuple[object, ...], int] = {}
        blocks[()] = _of_pattern(pattern, known.distinct, everybody)
        for cell, owner in zip(cells, owners, strict=True):
            blocks = divided(blocks, places.bits(owner))
            blocks = divided(blocks, places.bits(cell.participants))
        for signature, people in blocks.items():
            in_owners, in_cells = signature[::2], signature[1::2]
            told = [
                inside if here else None for here, inside in zip(in_owners, in_cells, strict=True)
            ]
            piece = _first_piece(told, cells, pieces)
            if piece is None:
                return None
            table[row, piece] += people.bit_count()
    return table


def _slips(populations: Sequence[RecordSet], places: Places) -> int:
    """Everybody in some population whose answer came with a slip."""
    return functools.reduce(operator.or_, (places.slips(s) for s in populations), 0)


def _of_pattern(pattern: Sequence[bool], distinct: Sequence[int], people: int) -> int:
    """Those of the people who are in just these of the populations."""
    for inside, members in zip(pattern, distinct, strict=True):
        people = people & members if inside else without(people, members)
    return people


def _first_piece(
    signature: Sequence[object], cells: Sequence[RecordSet], pieces: Sequence[Cell]
) -> int | None:
    for place, piece in enumerate(pieces):
        if all(
            inside is None or inside == (set(piece) <= set(cell.codes or ()))
            for inside, cell in zip(signature, cells, strict=True)
        ):
            return place
    return None


def _patterns(
    populations: Sequence[RecordSet], distinct: Sequence[int], places: Places
) -> tuple[list[tuple[bool, ...]], Vector, tuple[Vector, ...]]:
    """Membership patterns, people per pattern, and people per pattern in every group."""
    everybody = _slips(populations, places)
    blocks: dict[tuple[object, ...], int] = {(): everybody}
    for members in distinct:
        blocks = divided(blocks, members)
    found = {tuple(bool(flag) for flag in signature): block for signature, block in blocks.items()}
    patterns = sorted(found)
    homes, pattern_of = (np.zeros(places.size, dtype=np.int64) for _ in range(2))
    for population in populations:
        inside = places.flags(places.slips(population))
        homes[inside] = places.homes(population)[inside]
    for place, pattern in enumerate(patterns):
        pattern_of[places.flags(found[pattern])] = place
    who = places.flags(everybody)
    cells = homes[who] * len(patterns) + pattern_of[who]
    tally = np.bincount(cells, minlength=places.labels * len(patterns))
    vectors = set(map(tuple, tally.reshape(-1, len(patterns)).tolist()))
    vectors.discard((0,) * len(patterns))
    totals = tuple(found[pattern].bit_count() for pattern in patterns)
    return patterns, totals, tuple(sorted(vectors))


def _pieces(
    cells: Iterable[Cell], span: tuple[float, float], *, separate: bool, complete: bool
) -> tuple[Cell, ...]:
    """Codes told apart by some statement; every whole value of the scale where a mean counts."""
    systems = [set(cell) for cell in cells]
    codes = sorted({code for cell in systems for code in cell})
    if separate:
        codes = sorted({*codes, *range(round(span[0]), round(span[1]) + 1)})
        return tuple((code,) for code in codes)
    by_signature: dict[tuple[bool, ...], list[int]] = {}
    for code in codes:
        by_signature.setdefault(tuple(code in s for s in systems), []).append(code)
    pieces = [tuple(piece) for piece in by_signature.values()]
    if not complete:
        pieces.append((codes[-1] + 1,))  # the codes a lone band or class does not name
    return tuple(pieces)


def _covers(population: RecordSet, cells: Sequence[RecordSet]) -> bool:
    """Whether a figure's cells hold its whole population, so that they name every code."""
    own = [cell for cell in cells if cell.figure == population.figure and cell.exact]
    return sum(cell.low for cell in own) == population.low


def _population_of(cell: RecordSet, populations: Sequence[RecordSet], places: Places) -> RecordSet:
    for population in populations:
        if population.figure != cell.figure:
            continue
        if holds(places.bits(population.participants), places.bits(cell.participants)):
            return population
    raise ValueError("a cell without its population")


def _where(
    members: int, distinct: Sequence[int], patterns: Sequence[tuple[bool, ...]]
) -> tuple[int, ...]:
    place = list(distinct).index(members)
    return tuple(i for i, pattern in enumerate(patterns) if pattern[place])


def weights_of(shape: tuple[int, int], where: tuple[int, ...], values: dict[int, float]) -> Mask:
    weights = np.zeros(shape)
    for piece, value in values.items():
        weights[list(where), piece] = value
    return weights
