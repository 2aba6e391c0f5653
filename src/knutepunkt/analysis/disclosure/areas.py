"""How finely may a map tell where groups are?

A group is people who know each other, and where there are one or two of a kind, the place names
them. A map therefore tells of areas with enough groups only; all other areas are one, and it must
be possible for each of them that no group at all is there.
"""

from __future__ import annotations

from collections.abc import Mapping


def told_areas(groups: Mapping[str, int], areas: int, least: int) -> tuple[dict[str, int], int]:
    """Which areas are told, and how many groups the rest holds together.

    Args:
        groups: how many groups each area holds; groups without a known area under "".
        areas: how many areas the map has.
        least: the fewest groups an area must hold, and the rest together.

    Returns:
        The areas told and their numbers, and the number in the rest. Everything is in the rest where
        what is left over could be told to lie in some area: where there are so few areas besides
        those told that each of them must hold a group.
    """
    told = {area: n for area, n in groups.items() if area and n >= least}
    rest = sum(groups.values()) - sum(told.values())
    while told and 0 < rest < least:
        smallest = min(told, key=lambda area: (told[area], area))
        rest += told.pop(smallest)
    others = areas - len(told)
    if rest and rest > (least - 1) * (others - 1):
        return {}, sum(groups.values())
    return dict(sorted(told.items())), rest
