"""The specification of every statistic: formula, source and a worked example that is tested.

A chapter of the method manual is a module here with a `TITLE` and `STATISTICS`; `python
tools/write_methods.py` writes docs/methods from them, and a test holds the two in step. Expected
values are worked by hand or published, never taken from the code.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType


@dataclass(frozen=True)
class Worked:
    """One figure of a worked example: what it is, what it must be, and how it is computed."""

    label: str
    expected: float
    compute: Callable[[], float]
    within: float = 5e-5


@dataclass(frozen=True)
class Statistic:
    """One statistic of the manual.

    Attributes:
        name: heading.
        question: the question it answers, one sentence.
        formula: in plain text.
        sources: where the formula comes from.
        code: dotted name of the function that computes it.
        setting: the numbers of the worked example, in words.
        worked: its figures.
        notes: what a reader must know beside it.
    """

    name: str
    question: str
    formula: str
    sources: str
    code: str
    setting: str
    worked: tuple[Worked, ...]
    notes: str = ""


def chapters() -> list[ModuleType]:
    """Return every module of this package that is a chapter, by name."""
    found = [
        importlib.import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__)
    ]
    return sorted(
        (one for one in found if hasattr(one, "STATISTICS")), key=lambda one: one.__name__
    )
