"""Does every worked example of the method manual come out, and is the manual in step?"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from tests.spec.statistics import Statistic, chapters
from tools.write_methods import FOLDER, pages

EVERY = [(module.TITLE, one) for module in chapters() for one in module.STATISTICS]


@pytest.mark.parametrize("one", [one for _, one in EVERY], ids=lambda one: one.name)
def test_the_worked_example_comes_out(one: Statistic) -> None:
    assert one.worked
    for each in one.worked:
        assert each.compute() == pytest.approx(each.expected, abs=each.within), each.label


@pytest.mark.parametrize("one", [one for _, one in EVERY], ids=lambda one: one.name)
def test_the_code_it_names_exists(one: Statistic) -> None:
    module, _, name = one.code.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))
    assert one.formula
    assert one.sources


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_manual_is_in_step(name: str) -> None:
    written = Path(FOLDER / name).read_text(encoding="utf-8")
    assert written == pages()[name], "run python tools/write_methods.py"
