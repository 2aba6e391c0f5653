"""How much may a comparison of categories say, such as how their odds changed between rounds?

Odds with their interval tell how many answered what, nearly as exactly as the categories do. So they
stand only beside categories that this release has already told, of every round they compare, and
they speak of no finer ones. Whether they are told then says nothing that those figures did not.
"""

from __future__ import annotations

from dataclasses import replace

from knutepunkt.analysis.disclosure.figures import only_n, with_numbers
from knutepunkt.analysis.disclosure.hearing import Hearing, Ruling
from knutepunkt.analysis.disclosure.ladder import Partition
from knutepunkt.analysis.disclosure.likeness import cells_differ
from knutepunkt.analysis.disclosure.statements import TableRequest


def judge_odds(request: TableRequest, hearing: Hearing) -> Ruling | None:
    """The numbers of a comparison in the categories told of every round; else only n.

    Raises:
        ValueError: the request has nothing to compute its numbers with.
    """
    if request.numbers_of is None or not request.told_in:
        raise ValueError("odds need the figures they stand beside, and a function for them")
    populations = hearing.populations(request)
    if not hearing.supports(request, populations):
        return None
    bare = Ruling(only_n(request, hearing), populations)
    partition = in_common([hearing.partitions.get(name, ()) for name in request.told_in])
    known = hearing.policy.coalition
    differ = all(cells_differ(records, partition, known) for records in request.records)
    if not partition or (hearing.policy.applies("P3") and not differ):
        return bare
    numbers = request.numbers_of(partition)
    return with_numbers(replace(request, numbers=numbers), hearing, bare, [])


def in_common(partitions: list[Partition]) -> Partition:
    """The finest categories whose counts follow from each of the partitions; () where there are none.

    The steps of one ladder nest, so that this is the coarsest of them. A reversed item's last step
    has its cells the other way about, which changes no cell.
    """
    if not all(partitions):
        return ()
    coarsest = min(partitions, key=len)
    nests = all(
        any(set(fine) <= set(cell) for cell in coarsest)
        for partition in partitions
        for fine in partition
    )
    return coarsest if nests else ()
