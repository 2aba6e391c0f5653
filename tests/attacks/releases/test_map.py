"""A23: rare groups on the map. Somebody looks for the county where there are one or two groups.

He has the release document, the table and the drawing, knows how counties are merged, how many groups
were asked, and (the worst for us) that every group has a place. He looks for anything that tells one
county that is not numbered from another, and otherwise points at one of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl
from lxml import etree

from knutepunkt.analysis.disclosure import Audience, Ledger, judge, kp1
from knutepunkt.analysis.disclosure.areas import told_areas
from knutepunkt.analysis.report.building.material import Material
from knutepunkt.analysis.report.building.places import place_figure, place_table
from knutepunkt.analysis.report.design import Design, GroupInvited
from knutepunkt.analysis.report.planning.places import COUNTIES, TABLE, plan_places
from knutepunkt.analysis.report.populations import Answers
from knutepunkt.evaluations.presenters.drawing.draw import draw
from knutepunkt.evaluations.presenters.drawing.tiles import TILES
from knutepunkt.evaluations.presenters.tables import csv_of
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.unit.analysis.report.sample import centre

SAYS = "point at a county with one or two groups"
MAPS = 400


def rosters(rng: np.random.Generator) -> list[dict[str, int]]:
    """Counties with their groups: many with none, some with one or two, a few with more."""
    found = []
    for _ in range(MAPS):
        weights = rng.dirichlet(np.full(COUNTIES, 0.4))
        counts = rng.multinomial(int(rng.integers(6, 41)), weights)
        found.append({name: int(n) for name, n in zip(TILES, counts, strict=True) if n})
    return found


def design_of(base: Design, roster: Mapping[str, int]) -> Design:
    homes = [name for name, n in roster.items() for _ in range(n)]
    groups = tuple(
        GroupInvited(f"g{place:02}", 8, 6, county=home) for place, home in enumerate(homes)
    )
    return replace(base, rounds=(replace(base.rounds[0], groups=groups),))


def looks(drawing: str) -> dict[str, str]:
    """How each county is drawn: what lies in its tile, without its name and where it lies."""
    tree = etree.fromstring(drawing.encode())
    found: dict[str, str] = dict.fromkeys(TILES, "")
    boxes = [each for each in tree.iter("{*}rect") if float(each.get("width")) > 60]
    for name, box in zip(TILES, boxes, strict=True):
        x, y = float(box.get("x")), float(box.get("y"))
        inside = [
            each
            for each in tree.iter("{*}text")
            if x - 1 <= float(each.get("x")) <= x + float(box.get("width")) + 1
            and y <= float(each.get("y")) <= y + float(box.get("height"))
        ]
        numbers = [each.text for each in inside if re.fullmatch(r"\d+", each.text)]
        fills = sorted({each.get("fill") for each in inside})
        paint = (box.get("fill"), box.get("stroke"), box.get("stroke-dasharray"))
        found[name] = f"{paint} {numbers} {fills}"
    return found


def read(base: Design, roster: Mapping[str, int]) -> tuple[dict[str, int], int, dict[str, str]]:
    """Everything the reader finds: numbers by county, the rest, and how the counties look."""
    design = design_of(base, roster)
    plan = plan_places(Answers(design, pl.DataFrame()))
    judged = judge(plan.requests, policy=kp1(), audience=Audience.PUBLIC, ledger=Ledger())
    material = Material(design, plan, judged, kp1())
    figure, table = place_figure(material), place_table(material)
    if figure is None or table is None:
        return {}, sum(roster.values()), dict.fromkeys(TILES, "")
    told = {
        count["name"]: int(count["value"])
        for shown in judged.document["figures"]
        if shown["table"] == TABLE
        for count in shown["counts"]
    }
    assert [line.split(",")[0] for line in csv_of(table, "nb").splitlines()[1:]] == list(told)
    rest = told.pop("rest", 0)
    return told, rest, looks(draw(figure, "nb"))


def proved(told: Mapping[str, int], rest: int) -> int:
    """Unnumbered counties that must hold one or two groups, or could not hold none."""
    others = COUNTIES - len(told)
    return others if rest and rest > 2 * (others - 1) and others > 1 and told else 0


def attack(base: Design, roster: Mapping[str, int], rng: np.random.Generator) -> tuple[bool, int]:
    told, rest, seen = read(base, roster)
    others = [name for name in TILES if name not in told]
    usual = Counter(seen[name] for name in others)
    odd = [name for name in others if usual[seen[name]] < len(others) / 2]
    if not odd:
        # Nothing tells them apart, and he does as chance does: the same county at random.
        return roster.get(str(rng.choice(others)), 0) in (1, 2), proved(told, rest)
    return roster.get(str(rng.choice(odd)), 0) in (1, 2), proved(told, rest)


def test_a23_counties_that_are_not_numbered_all_look_alike() -> None:
    base, _ = centre(groups=6)
    hits = luck = exact = tries = 0
    for place, roster in enumerate(rosters(np.random.default_rng(23))):
        told, _, _ = read(base, roster)
        others = [name for name in TILES if name not in told]
        if not any(roster.get(name, 0) in (1, 2) for name in others):
            continue
        hit, certain = attack(base, roster, np.random.default_rng(place))
        tries, hits, exact = tries + 1, hits + hit, exact + certain
        # Chance: who knows which counties have three groups or more points with the same draw.
        drawn = str(np.random.default_rng(place).choice(others))
        luck += roster.get(drawn, 0) in (1, 2)
    assert tries > 300
    assert_harmless(Measured("A23", SAYS, tries, hits, luck / tries, exact))


def test_a23_a_map_without_merging_points_at_them() -> None:
    rng = np.random.default_rng(230)
    hits = tries = 0
    chance = 0.0
    for roster in rosters(rng)[:100]:
        told, _ = told_areas(roster, COUNTIES, 1)
        rare = [name for name, n in told.items() if n < 3]
        if not rare:
            continue
        tries, hits = tries + 1, hits + (roster[rare[0]] in (1, 2))
        chance += len(rare) / COUNTIES
    assert_succeeds(Measured("A23", SAYS, tries, hits, chance / tries, hits, "a map not merged"))


def test_a23_the_rest_never_holds_one_or_two_groups_and_names_nobody() -> None:
    for roster in rosters(np.random.default_rng(2300)):
        told, rest = told_areas(roster, COUNTIES, 3)
        assert sum(told.values()) + rest == sum(roster.values())
        assert all(n >= 3 for n in told.values())
        assert rest == 0 or rest >= 3 or not told
        assert proved(told, rest) == 0


def test_a23_groups_without_a_place_lie_in_the_rest() -> None:
    assert told_areas({"Oslo": 5, "": 2, "Agder": 1}, COUNTIES, 3) == ({"Oslo": 5}, 3)
    # One group without a place would be one that stands out; the smallest county joins it.
    assert told_areas({"Oslo": 5, "Agder": 3, "": 1}, COUNTIES, 3) == ({"Oslo": 5}, 4)
