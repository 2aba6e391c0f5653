"""Part 3: is every number and quotation of the report one that was released, and the reverse?

A value is compared by its two ends: a number is both, "at least 80 %" goes from 80 to 100, "fewer
than 5" from 0 to 4, "10 or more" from 10 on.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from verify_figures import Json, Problems  # type: ignore[import-not-found]

Ends = tuple[float | None, float | None]

# What a number in the report may come from besides a released figure: nothing about answers.
NOT_ANSWERS = ("gate.", "policy", "rule.", "instrument.", "design", "protocol", "order of", "count of")  # fmt: skip
PUBLIC_FLAGS = {"flag.conditional_on_groups"}  # follows from how few groups took part
NUMBERS = ("Number", "Range", "Band", "Below", "AtLeast")


def walk(part: Any) -> Iterator[Json]:
    """Everything in the report that has a shape, wherever it stands."""
    if isinstance(part, dict):
        if "is" in part:
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from walk(inner)


def ends(value: Json) -> Ends:
    """The two ends of a value; none of what is no number."""
    shape = value["is"]
    if shape == "Number":
        return value["value"], value["value"]
    if shape == "Range":
        return value["low"], value["high"]
    if shape == "Band":
        return (value["percent"], 100) if value["at_least"] else (0, value["percent"])
    if shape == "Below":
        return 0, value["threshold"] - 1
    return (value["threshold"], None) if shape == "AtLeast" else (None, None)


def told_by(figure: Json) -> set[Ends]:
    """The ends of every value the report may take from a figure."""
    cells, counts, responses = figure["categories"], figure["counts"], figure["responses"]
    values = [each["value"] for each in figure["numbers"] if "value" in each]
    points = [figure["n"], *values, *(each["value"] for each in counts if "value" in each)]
    for size in range(1, len(cells) + 1):  # categories that the report puts together
        for some in itertools.combinations(cells, size):
            points.append(round(sum(cell["percent"] for cell in some), 6))
    points += [response["groups"] for response in responses]
    for low in (0.0, 0.5):  # groups of one class
        points.append(sum(each["groups"] for each in responses if each["low"] == low))
    told = {(point, point) for point in points}
    told |= set(itertools.permutations(values, 2))
    told |= {(each["low"], each["high"]) for each in (*cells, *figure["numbers"]) if "low" in each}
    # "Less than 0.001" is what a p that rounds to nothing reads as.
    told |= {(0.0, 0.001) for n in figure["numbers"] if n["kind"] == "p_value" and n.get("value") == 0.0}  # fmt: skip
    for each in (*counts, *([figure["class"]] if figure["class"] else [])):
        if "fewer_than" in each:
            fewer = each["fewer_than"]
            told.add((0, fewer - 1) if fewer is not None else (each["at_least"], None))
    if figure["band"]:
        told.add(
            (
                round(10 * figure["band"]["low_tenths"], 6),
                round(10 * figure["band"]["high_tenths"], 6),
            )
        )
    return told


def derived(query: str, figure: Json, told: set[Ends], counts: set[float]) -> set[Ends]:
    """Numbers worked out from released ones alone, where the source says so."""
    if " minus n" in query:  # those who answered, without those behind the figure
        return {(left, left) for left in (max(0, count - (figure["n"] or 0)) for count in counts)}
    _, said, divisor = query.rpartition(" divided by ")
    if said:  # a difference in units of the smallest one that matters
        pairs = ((low, high) for low, high in told if low is not None and high is not None)
        return {
            (round(low / float(divisor), 1), round(high / float(divisor), 1)) for low, high in pairs
        }
    return set()


def report_problems(report: Json, figures: dict[str, Json], seal: str) -> Problems:
    """What in the report is not in the figures, and which figures are not in the report."""
    if report.get("certificate") != seal:
        yield "the report names another certificate"
    told = {name: told_by(figure) for name, figure in figures.items()}
    counts = {each["value"] for f in figures.values() for each in f["counts"] if "value" in each}
    numbers = [number for figure in figures.values() for number in figure["numbers"]]
    held = {f"flag.{n['name']}" for n in numbers if n["kind"] == "trait" and n.get("value") == 1}
    used = set()
    for value in walk(report):
        said = value.get("message", "")
        if said.startswith("flag.") and said not in held | PUBLIC_FLAGS:
            yield f"{said}: said of a model, and not released"
        if value["is"] in (*NUMBERS, "Quoted"):
            used.add(value["source"]["statement"])
            yield from source_problems(value, figures, told, counts)
    silent = {n for n, f in figures.items() if f["quotations"] or f["rung"] == "only_n"}
    for name in figures.keys() - used - silent:
        yield f"{name}: released, and not in the report"


def source_problems(
    value: Json, figures: dict[str, Json], told: dict[str, set[Ends]], counts: set[float]
) -> Problems:
    """A number or quotation of the report that its source does not tell."""
    query, name = value["source"]["query"], value["source"]["statement"]
    quoted = value["is"] == "Quoted"
    if name is None:
        if quoted or not query.startswith(NOT_ANSWERS):
            yield f"it has no source among the figures: {query}"
    elif name not in figures:
        yield f"{name}: of a figure that was not released"
    elif quoted and value["words"] not in [each["words"] for each in figures[name]["quotations"]]:
        yield f"{name}: words that were not released are quoted"
    elif not quoted and ends(value) not in told[name] | derived(
        query, figures[name], told[name], counts
    ):
        yield f"{name}: {ends(value)} is not what was released ({query})"
