"""Is every number in the report and its tables one that was released, and the other way round?

The second half of ``verify_release.py``, which calls it; standard library alone.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Problems = Iterator[str]

# What a number in the report may come from besides a released figure: nothing about answers.
NOT_ANSWERS = (
    "gate.",
    "policy",
    "rule.",
    "instrument.",
    "design",
    "protocol",
    "order of",
    "count of",
)
DIVIDED = " divided by "
PUBLIC_FLAGS = {"flag.conditional_on_groups"}  # follows from how few groups took part
NUMBERS = ("Number", "Range", "Band", "Below", "AtLeast")
STATES = {"Withheld": "withheld", "NotMade": "not_made"}


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def walk(part: Any) -> Iterator[Json]:
    """Everything in the report that has a shape, wherever it stands."""
    if isinstance(part, dict):
        if "is" in part:
            yield part
        for inner in part.values():
            yield from walk(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from walk(inner)


def told_by(figure: Json) -> set[tuple[Any, ...]]:
    """Every value the report may take from a figure."""
    cells = figure["categories"]
    told: set[tuple[Any, ...]] = {("number", figure["n"])}
    for size in range(1, len(cells) + 1):
        for some in itertools.combinations(cells, size):
            told.add(("number", round(sum(cell["percent"] for cell in some), 6)))
    told |= {("range", cell["low"], cell["high"]) for cell in cells}
    values = [number["value"] for number in figure["numbers"] if "value" in number]
    told |= {("number", value) for value in values}
    # "Less than 0.001" is what a p that rounds to nothing reads as.
    told |= {("range", 0.0, 0.001) for n in figure["numbers"] if n["kind"] == "p_value" and n.get("value") == 0.0}  # fmt: skip
    told |= {("range", low, high) for low, high in itertools.permutations(values, 2)}
    told |= {("range", value, value) for value in values}
    told |= {("range", n["low"], n["high"]) for n in figure["numbers"] if "value" not in n}
    told |= {("number", count["value"]) for count in figure["counts"] if "value" in count}
    for each in (*figure["counts"], *([figure["class"]] if figure["class"] else [])):
        if "fewer_than" in each:
            below = each["fewer_than"] is not None
            told.add(("below", each["fewer_than"]) if below else ("atleast", each["at_least"]))
    if figure["band"]:
        low, high = figure["band"]["low_tenths"], figure["band"]["high_tenths"]
        told.add(("band", round(10 * (low if high == 10.0 else high), 6), high == 10.0))
    told |= {("number", response["groups"]) for response in figure["responses"]}
    for bounds_of in {(r["low"], r["high"]) for r in figure["responses"]}:  # groups of one class
        same = [r["groups"] for r in figure["responses"] if (r["low"], r["high"]) == bounds_of]
        told.add(("number", sum(same)))
    return told


def as_told(value: Json) -> tuple[Any, ...]:
    shape = value["is"].lower()
    if shape == "number":
        return ("number", value["value"])
    if shape == "range":
        return ("range", value["low"], value["high"])
    if shape == "band":
        return ("band", value["percent"], value["at_least"])
    return (shape, value["threshold"])


def report_problems(report: Json, figures: dict[str, Json], seal: str) -> Problems:
    """What in the report is not in the figures, and which figures are not in the report."""
    if report.get("certificate") != seal:
        yield "the report names another certificate"
    yield from trait_problems(report, figures)
    allowed = {name: told_by(figure) for name, figure in figures.items()}
    counts = {c["value"] for f in figures.values() for c in f["counts"] if "value" in c}
    used: set[str] = set()
    for value in walk(report):
        if value["is"] in NUMBERS:
            used.add(value["source"]["statement"])
            yield from source_problems(value, figures, allowed, counts)
        elif value["is"] == "Quoted":
            statement = value["source"]["statement"]
            said = [each["words"] for each in figures.get(statement, {}).get("quotations", [])]
            if value["words"] not in said:
                yield f"{statement}: words that were not released are quoted"
    silent = {n for n, f in figures.items() if f["quotations"] or f["rung"] == "only_n"}
    for name in figures.keys() - used - silent:
        yield f"{name}: released, and not in the report"


def trait_problems(report: Json, figures: dict[str, Json]) -> Problems:
    """What is said of a model's fit, and was not released as true of any."""
    numbers = [n for figure in figures.values() for n in figure["numbers"] if n["kind"] == "trait"]
    held = {f"flag.{number['name']}" for number in numbers if number.get("value") == 1}
    for value in walk(report):
        said = value.get("message", "")
        if said.startswith("flag.") and said not in held | PUBLIC_FLAGS:
            yield f"{said}: said of a model, and not released"


def source_problems(
    value: Json,
    figures: dict[str, Json],
    allowed: dict[str, set[tuple[Any, ...]]],
    counts: set[float],
) -> Problems:
    query, statement = value["source"]["query"], value["source"]["statement"]
    if statement is None:
        if not query.startswith(NOT_ANSWERS):
            yield f"a number has no source among the figures: {query}"
    elif statement not in allowed:
        yield f"{statement}: a number of a figure that was not released"
    elif as_told(value) not in allowed[statement] | derived(
        query, figures[statement], allowed[statement], counts
    ):
        yield f"{statement}: {as_told(value)[1:]} is not what was released ({query})"


def derived(
    query: str, figure: Json, told: set[tuple[Any, ...]], counts: set[float]
) -> set[tuple[Any, ...]]:
    """Numbers worked out from released ones alone, where the source says so."""
    if " minus n" in query:  # those who answered, without those behind the figure
        return {("number", max(0, count - (figure["n"] or 0))) for count in counts}
    _, said, divisor = query.rpartition(DIVIDED)
    if said:  # a difference in units of the smallest one that matters
        return {(shape, *(round(v / float(divisor), 1) for v in ends)) for shape, *ends in told
                if shape in ("number", "range") and None not in ends}  # fmt: skip
    return set()


def bounds(value: Json) -> tuple[float | None, float | None]:
    """The two ends a value has in CSV and JSON; none for a plain number."""
    shape = value["is"]
    if shape == "Range":
        return value["low"], value["high"]
    if shape == "Band":
        return (value["percent"], 100) if value["at_least"] else (0, value["percent"])
    if shape == "Below":
        return 0, value["threshold"] - 1
    return (value["threshold"], None) if shape == "AtLeast" else (None, None)


def quotation_problems(figures: dict[str, Json]) -> Problems:
    """Quotations without the number they must stand beside, and more than two under one code."""
    for name, figure in figures.items():
        number = figures.get(f"T13/{figure['cell']}", {})
        is_told = number.get("categories") or (number.get("band") or {}).get("high_tenths") == 10.0
        if figure["quotations"] and not is_told:
            yield f"{name}: words are quoted of a code that is not told of"
        if len(figure["quotations"]) > 2:
            yield f"{name}: more than two quotations stand under one code"


def table_problems(report: Json, written: dict[str, Json], folder: Path) -> Problems:
    """Where the tables in the folder, as JSON and as CSV, say something else than the report."""
    sheets = {path.stem: read_csv(path) for path in sorted(folder.glob("*.csv"))}
    tables = {table["id"]: table for table in report["tables"]}
    if not set(written) == set(sheets) == set(tables):
        yield "the folder holds other tables than the report"
        return
    for name, table in tables.items():
        rows = [row["key"] for row in table["rows"]]
        columns = {"row", *(column["id"] for column in table["columns"])}
        if [row["row"] for row in written[name]["rows"]] != rows:
            yield f"{name}.json: other rows than the report"
        elif any(set(row) != columns for row in written[name]["rows"]):
            yield f"{name}.json: other columns than the report"
        elif [row["row"] for row in sheets[name]] != rows:
            yield f"{name}.csv: other rows than the report"
        else:
            yield from cell_problems(name, table, written[name]["rows"], sheets[name])


def cell_problems(
    name: str, table: Json, plain_rows: list[Json], lines: list[dict[str, str]]
) -> Problems:
    for row, plain, line in zip(table["rows"], plain_rows, lines, strict=True):
        for column, value in zip(table["columns"], row["cells"], strict=True):
            where = f"{name}, {row['key']}, {column['id']}"
            if not as_json(value, plain[column["id"]]):
                yield f"{where}: the JSON says something else than the report"
            if column["numeric"] and not as_line(value, line, column["id"]):
                yield f"{where}: the CSV says something else than the report"


def as_json(value: Json, found: Any) -> bool:
    if value["is"] == "Number":
        return bool(found == round(value["value"], value["decimals"]))
    if value["is"] in STATES:
        return bool(found == {"state": STATES[value["is"]]})
    low, high = bounds(value)
    if low is None:
        return not isinstance(found, int | float | dict)
    return bool(found == {"from": low, "to": high})


def as_line(value: Json, line: dict[str, str], column: str) -> bool:
    found = [line.get(f"{column}{end}") for end in ("", "_from", "_to", "_state")]
    if value["is"] == "Number":
        return found == [f"{value['value']:.{value['decimals']}f}", "", "", ""]
    state = STATES.get(value["is"], "")
    low, high = bounds(value)
    ends = [None if text == "" else float(text or "nan") for text in found[1:3]]
    return found[0] == "" and found[3] == state and ends == [low, high]
