"""Why is there no number, where one was asked for?"""

from __future__ import annotations

from enum import StrEnum


class RefusalCode(StrEnum):
    """The reasons a statistic is not computed. Words for each are made by the report."""

    TOO_FEW = "too_few"
    ALL_MISSING = "all_missing"
    CONSTANT = "constant"
    CONSTANT_ITEM = "constant_item"
    ONE_GROUP = "one_group"
    ONE_ITEM = "one_item"
    ONE_CODER = "one_coder"
    NO_REPEATS = "no_repeats"
    NO_OVERLAP = "no_overlap"
    NOT_CONVERGED = "not_converged"
    OUTSIDE_CODES = "outside_codes"
    SAME_PERSON_TWICE = "same_person_twice"
    BAD_ARGUMENT = "bad_argument"


class MeasurementRefused(ValueError):
    """A statistic that would mean nothing: its name, the reason's code, and the count behind it."""

    def __init__(self, statistic: str, code: RefusalCode, n: int | None = None) -> None:
        self.statistic = statistic
        self.code = code
        self.n = n
        counted = "" if n is None else f" (n = {n})"
        super().__init__(f"{statistic}: {code.value}{counted}")
