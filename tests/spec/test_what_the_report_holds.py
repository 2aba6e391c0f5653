"""Is the page on what the report holds true: does every function and test it names exist, and is every
promised table, figure, row of the model table and statistic accounted for?"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from functools import cache
from pathlib import Path

import pytest

from knutepunkt.analysis import measurement, models
from knutepunkt.analysis.models.policy import TABLE

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "methods" / "what_the_report_holds.md").read_text("utf-8")
SOURCE = ROOT / "src" / "knutepunkt"
PROMISED = {
    *(f"T{number}" for number in range(1, 17)),
    *(f"F{number}" for number in range(1, 10)),
    *(row.id for row in TABLE),
}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading."""
    part = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


HELD = [
    row
    for heading in ("Tables", "Figures", "Which model", "Linking rounds")
    for row in rows(heading)
]


def named(cell: str) -> str:
    [found] = re.findall(r"`([^`]+)`", cell)
    return str(found)


@cache
def written_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text("utf-8"))
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}


def test_nothing_that_was_promised_is_left_out() -> None:
    assert {row[0] for row in HELD} >= PROMISED
    assert len({row[0] for row in HELD}) == len(HELD)


@pytest.mark.parametrize("row", HELD, ids=[row[0] for row in HELD])
def test_what_a_line_names_exists(row: list[str]) -> None:
    module, _, function = named(row[2]).rpartition(".")
    assert callable(getattr(importlib.import_module(f"knutepunkt.analysis.{module}"), function))
    path, _, test = named(row[3]).partition("::")
    assert test in written_in(path)


def test_every_table_the_report_can_make_has_its_line() -> None:
    made = set()
    for file in (SOURCE / "analysis" / "report").rglob("*.py"):
        made |= set(re.findall(r'"(T\d+(?:-[a-z]+)?)"', file.read_text("utf-8")))
    made.discard("T4-other")  # told in the line of T4
    assert made | {"T4"} == {row[0] for row in HELD if row[0].startswith("T")}


@cache
def used_by_product() -> frozenset[str]:
    """Every name that code of the product uses, but where a function is defined or handed on."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        if file.name == "__init__.py":
            continue
        for each in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(each, ast.Name):
                found.add(each.id)
            elif isinstance(each, ast.Attribute):
                found.add(each.attr)
    return frozenset(found)


def test_a_statistic_is_in_the_product_or_said_to_be_for_your_own_data() -> None:
    functions = {
        name
        for package in (measurement, models)
        for name in package.__all__
        if inspect.isfunction(getattr(package, name))
    }
    told = {named(row[0]) for row in rows("Functions for your own data alone")}
    assert functions - used_by_product() == told
