"""How is a report written as JSON, and read back as the same report?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, get_type_hints

from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.report import structure, values
from knutepunkt.analysis.report.structure import Report

_SHAPES: dict[str, type] = {
    name: found
    for module in (structure, values)
    for name, found in vars(module).items()
    if isinstance(found, type) and is_dataclass(found)
} | {"Texts": Texts}
_HINTS = {name: get_type_hints(shape) for name, shape in _SHAPES.items()}


class NotAReport(ValueError):
    """Text that is no report of a version this program reads."""


def plain(part: Any) -> Any:
    """A part of a report as dicts, lists, text and numbers; `is` names the shape."""
    if is_dataclass(part) and not isinstance(part, type):
        named = {each.name: plain(getattr(part, each.name)) for each in fields(part)}
        return {"is": type(part).__name__, **named}
    if isinstance(part, Mapping):
        return {key: plain(value) for key, value in part.items()}
    if isinstance(part, tuple | list):
        return [plain(each) for each in part]
    return part.isoformat() if isinstance(part, date) else part


def to_json(report: Report) -> str:
    """The report as JSON: keys in the order of the structure, the same bytes every time."""
    return json.dumps(plain(report), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_json(text: str | bytes) -> Report:
    """The report that was written by `to_json`; `NotAReport` for anything else."""
    try:
        found = from_plain(json.loads(text))
    except (ValueError, TypeError, KeyError) as fault:
        raise NotAReport(str(fault)) from fault
    if not isinstance(found, Report):
        raise NotAReport("the text holds no report")
    return found


def from_plain(part: Any) -> Any:
    """A part as `plain` wrote it, in its own shape again."""
    if isinstance(part, list):
        return tuple(from_plain(each) for each in part)
    if not isinstance(part, dict):
        return part
    if "is" not in part:
        return {key: from_plain(value) for key, value in part.items()}
    shape, hints = _SHAPES[part["is"]], _HINTS[part["is"]]
    given = {
        name: _typed(from_plain(value), hints[name]) for name, value in part.items() if name != "is"
    }
    return shape(**given)


def _typed(value: Any, hint: Any) -> Any:
    """Text as the date or the enumeration its field asks for."""
    if isinstance(hint, type) and isinstance(value, str):
        if issubclass(hint, Enum):
            return hint(value)
        if issubclass(hint, date):
            return date.fromisoformat(value)
    return value
