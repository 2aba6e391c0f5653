"""How is an instrument written as JSON, and read back without losing or guessing anything?"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from knutepunkt.analysis.instruments.problems import InstrumentRefused, Problem

T = TypeVar("T")
LARGEST_FILE = 2_000_000  # bytes; the longest questionnaires in use are a tenth of this

REMEDIES = {
    "unexpected_keyword_argument": ("There is no field of this name.", "Check the spelling."),
    "missing_argument": ("The field is missing.", "Write it."),
    "missing": ("The field is missing.", "Write it."),
    "json_invalid": ("It is not JSON.", "Correct it and try again."),
}


def plain(value: Any) -> Any:
    """A dataclass as JSON-ready lists and dictionaries.

    Fields at their default are left out, so that an optional field added later changes no hash.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name))
            for field in fields(value)
            if getattr(value, field.name) != _default(field)
        }
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value.value if isinstance(value, Enum) else value


def _default(field: Field[Any]) -> Any:
    return object() if field.default is MISSING else field.default


def read_instrument(source: str | bytes, wanted: type[T]) -> T:
    """Read JSON as `wanted`; every fault of form is reported with its path.

    Raises `InstrumentRefused`. Unknown fields are refused: a misspelt name must not pass as absent.
    """
    if len(source) > LARGEST_FILE:
        raise InstrumentRefused(
            [Problem("file", "It is larger than two megabytes.", "Remove what is not text.")]
        )
    try:
        return TypeAdapter(wanted).validate_json(source, strict=True, extra="forbid")
    except ValidationError as error:
        raise InstrumentRefused(_problem(each) for each in error.errors()) from error


def _problem(error: ErrorDetails) -> Problem:
    path = "".join(
        f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"]
    ).lstrip(".")
    known = REMEDIES.get(error["type"])
    if known is None:
        known = (f"{error['msg']}.", "Write the field as the guide to instruments shows.")
    what, remedy = known
    if error["type"] == "json_invalid":
        what = f"{error['msg']}."
    return Problem(path or "file", what, remedy)
