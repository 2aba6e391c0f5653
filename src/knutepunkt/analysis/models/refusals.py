"""Which named reasons can stop a model, so that a report can say why there is no number?"""

from __future__ import annotations

from enum import StrEnum


class RefusalCode(StrEnum):
    """Every reason for which this package declines to give a number. Texts live in the report."""

    NO_ROWS = "no_rows"
    NO_VARIANCE = "no_variance"
    NO_RESIDUAL_VARIANCE = "no_residual_variance"
    COLLINEAR_COLUMNS = "collinear_columns"
    TOO_FEW_ROWS = "too_few_rows"
    TOO_FEW_GROUPS = "too_few_groups"
    ONE_ROW_PER_GROUP = "one_row_per_group"
    NOT_IDENTIFIED = "not_identified"
    NOT_FINITE = "not_finite"
    NOT_CONVERGED = "not_converged"
    NOT_TWO_CATEGORIES = "not_two_categories"
    SEPARATED = "separated"
    UNKNOWN_COLUMN = "unknown_column"
    ONE_ROUND = "one_round"
    REPEATED_PERSON = "repeated_person"
    BAD_FORMULA = "bad_formula"
    BAD_SHAPE = "bad_shape"
    BAD_ARGUMENT = "bad_argument"
    TOO_LARGE = "too_large"
    SINGULAR_FIT = "singular_fit"
    NOT_ESTIMABLE = "not_estimable"
    DEGENERATE_INTERVAL = "degenerate_interval"


class ModelRefusal(ValueError):
    """A model or an interval that cannot be given, with the reason as a code.

    Attributes:
        code: the reason; the report translates it, programs compare it.
        detail: what in particular was wrong, in English, for the log and the methods reader. It
            names columns and counts of the design, never a value somebody answered.
    """

    def __init__(self, code: RefusalCode, detail: str) -> None:
        super().__init__(f"{code.value}: {detail}")
        self.code = code
        self.detail = detail
