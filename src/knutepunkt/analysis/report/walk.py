"""Which sentences, numbers and texts does a report hold, wherever they stand?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from knutepunkt.analysis.report.structure import Report
from knutepunkt.analysis.report.values import Sentence


def everything_in(part: Any) -> Iterator[Any]:
    """The part itself and all that stands inside it, depth first, in order."""
    yield part
    for inner in _inside(part):
        yield from everything_in(inner)


def _inside(part: Any) -> Iterator[Any]:
    if is_dataclass(part) and not isinstance(part, type):
        yield from (getattr(part, each.name) for each in fields(part))
    elif isinstance(part, Mapping):
        yield from part.values()
    elif isinstance(part, tuple | list):
        yield from part


def sentences_of(report: Report) -> Iterator[Sentence]:
    """Every sentence, those inside others included."""
    return (each for each in everything_in(report) if isinstance(each, Sentence))
