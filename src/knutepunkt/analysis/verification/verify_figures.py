"""Part 2: does each figure of release.json keep what KP-1 asks of what is told?

KP-1's numbers are stated here anew, and so are the classes and steps that follow from them. What a
figure rests on (whose answers, from which groups) cannot be seen here; that needs the vault.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Problems = Iterator[str]

# KP-1: each number, and whether a higher (+1) or a lower (-1) one protects more.
FLOOR: dict[str, tuple[float, int]] = {
    "threshold_centre": (5, 1), "threshold_wide": (10, 1), "groups": (3, 1),
    "largest_share": (0.5, -1), "disjoint_subsets": (3, 1), "comparisons": (2_000_000, -1),
    "coalition": (2, 1), "group_size": (10, 1), "solver_seconds": (2.0, -1),
    "witnesses": (4000, -1), "coarse_below": (100, 1), "coarse_step": (5, 1),
    "mean_decimals": (1, -1), "deviation_from": (20, 1), "p_classes_below": (50, 1),
    "spare_observations": (10, 1), "variance_groups": (6, 1), "quotation_readers": (2, 1),
    "quotation_people": (2, 1),
}  # fmt: skip
FIXED: Json = {
    "class_cut": 0.5,
    "p_class_cuts": [0.001, 0.01, 0.05, 0.10],
    "band_tenths": [9.5, 9.0, 8.0, 7.0, 6.0],
    "perturbation": "none",
}
NAMED = {"table", "cell", "kind", "rung", "n"}
FILLED = {"categories", "band", "class", "numbers", "counts", "responses", "quotations"}
PARTS = {  # what each form holds besides n; every other part must be empty
    "categories": {"categories", "numbers"}, "band": {"band"}, "class": {"class"}, "only_n": set(),
    "figures": {"numbers", "counts", "responses"}, "quotations": {"quotations"},
}  # fmt: skip
STEPS = {"coefficient": 0.01, "variance": 0.01, "p_value": 0.001, "degrees": 1.0, "trait": 1.0}
KINDS = {*STEPS, "mean", "limit", "deviation", "median", "share"}


class Case:
    """The certificate, and everything in the folder of the release."""

    def __init__(self, certificate: Path, release: Path) -> None:
        self.certificate = read(certificate)
        self.document, self.entry, self.report = (
            read(release / f"{name}.json") for name in ("release", "entry", "report")
        )
        self.release = release
        self.language: str = read(min((release / "tables").glob("*.json")))["language"]
        self.policy: Json = self.certificate["policy"]
        self.t: int = self.certificate["threshold"]
        self.is_centre = self.certificate["audience"] == "centre"
        self.figures: dict[str, Json] = {name_of(f): f for f in self.document["figures"]}

    def step(self, n: float) -> float:
        """How finely n and percentages may be told (P6)."""
        return float(self.policy["coarse_step"]) if n < self.policy["coarse_below"] else 1.0

    def most(self, n: float) -> float:
        """The largest number of people a told n may stand for."""
        return n + self.step(n) / 2 if n < self.policy["coarse_below"] else n


def read(path: Path) -> Json:
    found = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(found, dict):
        raise ValueError(f"{path.name} is not what it should be")
    return found


def name_of(figure: Json) -> str:
    return f"{figure['table']}/{figure['cell']}"


def on_grid(value: float, step: float) -> bool:
    return abs(value / step - round(value / step)) < 1e-6


def each_figure(check: Callable[[Case, Json], Problems]) -> Callable[[Case], Problems]:
    """A check of one figure, made of every figure; a problem names the figure."""

    @functools.wraps(check)
    def every(case: Case) -> Problems:
        for name, figure in case.figures.items():
            yield from (f"{name}: {problem}" for problem in check(case, figure))

    return every


@each_figure
def forms_hold(case: Case, figure: Json) -> Problems:
    """Each figure has one form, and nothing in it speaks of a group's answers (P2)."""
    if set(figure) != NAMED | FILLED or figure["rung"] not in PARTS:
        yield "it holds something that is no part of a figure"
        return
    filled = {part for part in FILLED if figure[part]}
    if not filled <= PARTS[figure["rung"]] or (figure["rung"] != "only_n" and not filled):
        yield "it tells something else than its form allows"
    if bool(figure["responses"]) != (figure["kind"] == "participation"):
        yield "a group is named, or counted, where it may not be"
    cut = case.policy["class_cut"]
    for response in figure["responses"]:
        if set(response) != {"group", "low", "high", "groups"}:
            yield "a group's participation is told with something more"
        elif (response["low"], response["high"]) not in ((0.0, cut), (cut, 1.0)):
            yield "a group's participation is told more finely than in two classes"
        elif response["group"] is not None and not case.is_centre:
            yield "a group is named to others than the centre"


@each_figure
def numbers_of_people_hold(case: Case, figure: Json) -> Problems:
    """n is rounded as P6 says and reaches the threshold; small counts are classes."""
    n = figure["n"]
    if n is None and figure["kind"] not in ("flow", "participation", "quotation"):
        yield "n is missing"
    told = [count["value"] for count in figure["counts"] if count.get("kind") == "count"]
    for people in (*told, *([] if n is None else [n])):
        if not on_grid(people, case.step(people)):
            yield f"{people} people are told too finely"
        if case.most(people) < case.t:
            yield f"{people} people are fewer than the threshold"
    classes = [count for count in figure["counts"] if "fewer_than" in count]
    if any(c.get("kind") not in ("count", "public") for c in figure["counts"] if c not in classes):
        yield "a count has an unknown kind"
    for each in (*classes, *([figure["class"]] if figure["class"] else [])):
        fewer, at_least = each["fewer_than"], each["at_least"]
        below, above = (fewer, at_least) == (case.t, None), fewer is None and at_least is not None
        if not below and not (above and at_least >= case.t):
            yield "a class is neither fewer than the threshold nor at least so many"


@each_figure
def shares_hold(case: Case, figure: Json) -> Problems:
    """Categories are disjoint, add up, lie between 0 and 100 and may each hold t people (P3, P6)."""
    cells, n = figure["categories"], figure["n"] or 0
    # Of 98 people n reads 100 too, and percentages are coarse.
    coarse, fine = case.step(n - 1), case.step(n)
    codes = [code for cell in cells for code in cell["codes"]]
    if len(codes) != len(set(codes)):
        yield "two categories overlap"
    if cells and abs(sum(cell["percent"] for cell in cells) - 100) > len(cells) * coarse / 2:
        yield "the categories do not add up to 100 per cent"
    for cell in cells:
        percent = cell["percent"]
        ends = [end for end in (cell["low"], cell["high"]) if end is not None]
        if not all(on_grid(value, fine) for value in (percent, *ends)):
            yield "a percentage is told too finely"
        if not 0 < percent < 100:
            yield "a category is told at 0 or 100 per cent"
        share = min(percent, 100 - percent) + coarse / 2
        if share / 100 * case.most(n) < case.t:
            yield "a category, or the rest, cannot hold the threshold"


@each_figure
def bands_hold(case: Case, figure: Json) -> Problems:
    """A band's cut is one of the fixed ones, and n alone leaves a whole group beyond it."""
    if not figure["band"]:
        return
    low, high = figure["band"]["low_tenths"], figure["band"]["high_tenths"]
    cut = round(low if high == 10.0 else 10.0 - high, 6)
    if (low == 0.0) == (high == 10.0) or cut not in case.policy["band_tenths"]:
        yield "the cut is none of the fixed ones"
    margin = max(case.t, case.policy["group_size"] if case.certificate["design"]["groups"] else 0)
    beyond = math.floor(case.most(figure["n"]) * (10.0 - cut) / 10.0 + 1e-9)
    if beyond < margin + case.policy["coalition"]:
        yield "so few people do not allow this cut"


@each_figure
def computed_numbers_hold(case: Case, figure: Json) -> Problems:
    """Means, deviations, p-values and the rest are rounded, classed or kept inside (P6)."""
    for number in figure["numbers"]:
        for problem in number_problems(case, number, case.most(figure["n"] or 0)):
            yield f"{number['name']}: {problem}"


def number_problems(case: Case, number: Json, most: float) -> Problems:
    kind, value = number["kind"], number.get("value")
    if kind not in KINDS or (kind == "trait" and value not in (0, 1)):
        yield "a number of this kind is never told"
    if kind in ("deviation", "median") and most < case.policy["deviation_from"]:
        yield "it is told of too few people"
    if value is None:
        classes = [*itertools.pairwise([0.0, *case.policy["p_class_cuts"], 1.0])]
        if kind == "p_value" and (number["low"], number["high"]) not in classes:
            yield "p is told in another class"
        if kind not in ("p_value", "deviation"):
            yield "it has no value"
        return
    if kind == "p_value" and most < case.policy["p_classes_below"]:
        yield "p is told as a number, not in classes"
    step = STEPS.get(
        kind, case.step(most) if kind == "share" else 0.1 ** case.policy["mean_decimals"]
    )
    if not math.isfinite(value) or not on_grid(value, step):
        yield "it is told too finely"


@each_figure
def words_hold(case: Case, figure: Json) -> Problems:
    """Words are quoted only under a code of which the release says that enough people said it."""
    number = case.figures.get(f"T13/{figure['cell']}", {})
    is_told = number.get("categories") or (number.get("band") or {}).get("high_tenths") == 10.0
    if figure["quotations"] and not is_told:
        yield "words are quoted of a code that is not told of"
    if len(figure["quotations"]) > 2:
        yield "more than two quotations stand under one code"


FIGURE_CHECKS = (
    forms_hold, numbers_of_people_hold, shares_hold, bands_hold, computed_numbers_hold, words_hold,
)  # fmt: skip
