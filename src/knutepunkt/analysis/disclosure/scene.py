"""Everything published about one question in one round, as bounds on whole numbers of people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knutepunkt.analysis.disclosure.ladder import Cell
from knutepunkt.analysis.disclosure.statements import RecordSet

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


def telling(sets: Sequence[RecordSet]) -> list[RecordSet]:
    """The sets without populations about which nothing was told but their size.

    A figure over linked rounds names the subset of each round it rests on, so that P4 can subtract
    it. Where neither a mean nor a cell speaks about that subset, it bounds nobody's answer to the
    question, and taking it apart in P5 would only cost witnesses.
    """
    owners = [s.participants for s in sets if s.codes is not None]
    return [
        s
        for s in sets
        if s.codes is not None or s.mean is not None or any(o <= s.participants for o in owners)
    ]


def entangled(sets: Sequence[RecordSet]) -> bool:
    """Whether more than one table, or a table and a mean, speak about overlapping people.

    Where the design has no groups everyone is a group of their own.
    """
    populations = {s.participants for s in sets if s.codes is None}
    cells = {(s.participants, s.codes, s.low, s.high) for s in sets if s.codes is not None}
    tables = {frozenset(k[1:] for k in cells if k[0] <= p) for p in populations}
    means = any(s.mean for s in sets)
    codes = [code for _, cell, _, _ in cells for code in cell or ()]
    overlapping = len(codes) != len(set(codes))
    return len(populations) > 1 or len(tables) > 1 or overlapping or (means and bool(cells))


def scene_of(sets: Sequence[RecordSet]) -> Scene:
    """The published sets of one question as a scene.

    Raises:
        ValueError: a cell's population is not among the sets.
    """
    sets = without_repetition(sets)
    populations = [s for s in sets if s.codes is None]
    distinct = sorted({s.participants for s in populations}, key=sorted)
    patterns, totals, groups = _patterns(populations, distinct)
    cells = [s for s in sets if s.codes is not None]
    with_mean = any(s.mean for s in populations)
    complete = any(_covers(population, cells) for population in populations)
    systems = [s.codes or () for s in cells]
    pieces = _pieces(systems, populations[0].span, separate=with_mean, complete=complete)
    shape = (len(patterns), len(pieces))
    facts, demands = [], []
    for cell in cells:
        where = _where(_population_of(cell, populations).participants, distinct, patterns)
        what = [i for i, piece in enumerate(pieces) if set(piece) <= set(cell.codes or ())]
        facts.append(Fact(weights_of(shape, where, dict.fromkeys(what, 1.0)), cell.low, cell.high))
        if not cell.key.endswith(f":{CLASS_PART}"):
            rest = tuple(i for i in range(len(pieces)) if i not in what)
            demands += [Demand(where, tuple(what)), Demand(where, rest)]
    for population in populations:
        if population.mean is not None:
            where = _where(population.participants, distinct, patterns)
            people = float(sum(totals[i] for i in where))
            values = {i: float(piece[0]) for i, piece in enumerate(pieces)}
            low, high = population.mean
            facts.append(Fact(weights_of(shape, where, values), low * people, high * people))
            demands += [Demand(where, (i,)) for i in (0, len(pieces) - 1)]
    table = None if with_mean else _table(populations, cells, distinct, patterns, pieces)
    return Scene(totals, groups, pieces, tuple(facts), tuple(dict.fromkeys(demands)), table)


def without_repetition(sets: Sequence[RecordSet]) -> list[RecordSet]:
    """The sets without figures that say what an earlier one said already.

    A figure repeats another when both rest on the same people and each of its cells is a union of
    the other's known cells: the same table told again, or merged further.
    """
    figures: dict[str, list[RecordSet]] = {}
    for each in sets:
        figures.setdefault(each.figure, []).append(each)
    kept: list[list[RecordSet]] = []
    for figure in sorted(figures.values(), key=len, reverse=True):
        if not any(_implied(figure, other) for other in kept):
            kept.append(figure)
    return [each for figure in kept for each in figure]


def _implied(figure: Sequence[RecordSet], other: Sequence[RecordSet]) -> bool:
    people = {s.participants for s in figure if s.codes is None}
    if len(people) != 1 or people != {s.participants for s in other if s.codes is None}:
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


def _table(
    populations: Sequence[RecordSet],
    cells: Sequence[RecordSet],
    distinct: Sequence[frozenset[str]],
    patterns: Sequence[tuple[bool, ...]],
    pieces: Sequence[Cell],
) -> Mask | None:
    """People per pattern and piece as the sets tell them; where they do not tell, the first piece.

    Which of two pieces a person lies in, when no statement about that person separates them, is
    free: either choice agrees with everything published.
    """
    table = np.zeros((len(patterns), len(pieces)))
    owners = {cell.key: _population_of(cell, populations).participants for cell in cells}
    people = {p for s in populations for p in s.participants - s.without_slip}
    places: dict[tuple[bool, ...], int] = {pattern: i for i, pattern in enumerate(patterns)}
    answered: dict[tuple[bool | None, ...], int | None] = {}
    for person in people:
        signature = tuple(
            person in cell.participants if person in owners[cell.key] else None for cell in cells
        )
        if signature not in answered:
            answered[signature] = _first_piece(signature, cells, pieces)
        piece = answered[signature]
        if piece is None:
            return None
        table[places[tuple(person in members for members in distinct)], piece] += 1
    return table


def _first_piece(
    signature: Sequence[bool | None], cells: Sequence[RecordSet], pieces: Sequence[Cell]
) -> int | None:
    for place, piece in enumerate(pieces):
        if all(
            inside is None or inside == (set(piece) <= set(cell.codes or ()))
            for inside, cell in zip(signature, cells, strict=True)
        ):
            return place
    return None


def _patterns(
    populations: Sequence[RecordSet], distinct: Sequence[frozenset[str]]
) -> tuple[list[tuple[bool, ...]], Vector, tuple[Vector, ...]]:
    """Membership patterns, people per pattern, and people per pattern in every group."""
    group_of: dict[str, str] = {}
    for population in populations:
        with_slip = population.participants - population.without_slip
        group_of |= {p: population.groups.get(p, p) for p in with_slip}
    pattern_of = {p: tuple(p in members for members in distinct) for p in group_of}
    patterns = sorted(set(pattern_of.values()))
    tally = {group: [0] * len(patterns) for group in group_of.values()}
    for participant, group in group_of.items():
        tally[group][patterns.index(pattern_of[participant])] += 1
    vectors = [tuple(counts) for counts in tally.values()]
    totals = tuple(int(n) for n in np.sum(vectors, axis=0))
    return patterns, totals, tuple(sorted(set(vectors)))


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


def _population_of(cell: RecordSet, populations: Sequence[RecordSet]) -> RecordSet:
    for population in populations:
        if population.figure == cell.figure and cell.participants <= population.participants:
            return population
    raise ValueError("a cell without its population")


def _where(
    members: frozenset[str],
    distinct: Sequence[frozenset[str]],
    patterns: Sequence[tuple[bool, ...]],
) -> tuple[int, ...]:
    place = list(distinct).index(members)
    return tuple(i for i, pattern in enumerate(patterns) if pattern[place])


def weights_of(shape: tuple[int, int], where: tuple[int, ...], values: dict[int, float]) -> Mask:
    weights = np.zeros(shape)
    for piece, value in values.items():
        weights[list(where), piece] = value
    return weights
