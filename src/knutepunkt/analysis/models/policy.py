"""Which model does the number of groups allow, and which row of the table says so?

The table is data: the first row that fits fires, and the report names it by its id.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode


class OutcomeKind(StrEnum):
    """What the outcome is."""

    CONTINUOUS = "continuous"
    BINARY = "binary"
    ORDINAL = "ordinal"


class Method(StrEnum):
    """How the interval of the report is found."""

    GROUPS_AS_FIXED = "groups_as_fixed"
    PERSONS_AS_CLUSTERS = "persons_as_clusters"
    KENWARD_ROGER = "kenward_roger"
    SATTERTHWAITE = "satterthwaite"
    CR2 = "cr2"
    LOGISTIC_QUADRATURE = "logistic_quadrature"
    CUMULATIVE_QUADRATURE = "cumulative_quadrature"


class Check(StrEnum):
    """What is computed beside it, for the methods reader."""

    NONE = "none"
    GROUP_MEANS = "group_means"
    CR2 = "cr2"


LARGEST_KENWARD_ROGER = 5_000
MANY_GROUPS = 40
LEAST_TO_GENERALISE = 6
"""With fewer groups than this nothing is said of other groups."""
UNLIMITED = 10**12
_EVERY = (0, UNLIMITED)
_SOME = (0, LARGEST_KENWARD_ROGER)
_MANY = (LARGEST_KENWARD_ROGER + 1, UNLIMITED)


@dataclass(frozen=True)
class PolicyRow:
    """One row of the table.

    Attributes:
        id: how the report names the row.
        kinds: outcomes it is for.
        groups: least and largest number of groups; 0 for no groups in the design.
        rows: least and largest number of rows.
        singular: only for singular fits, only for others, or for both (None).
        method: how the interval is found.
        check: what is computed beside it.
        slope: whether groups may change in ways of their own, so that their change has a variance.
        reason: code of why, for the sentence in the report.
    """

    id: str
    kinds: frozenset[OutcomeKind]
    groups: tuple[int, int]
    rows: tuple[int, int]
    singular: bool | None
    method: Method
    check: Check
    slope: bool
    reason: str

    @property
    def flips(self) -> bool:
        """Whether p by flipping whole groups stands beside: few groups, and a mixed model of numbers."""
        return self.slope and self.groups[0] >= LEAST_TO_GENERALISE and self.groups[1] < MANY_GROUPS


_NUMBER = frozenset({OutcomeKind.CONTINUOUS})
_BINARY = frozenset({OutcomeKind.BINARY})
_ORDINAL = frozenset({OutcomeKind.ORDINAL})
_ANY = frozenset(OutcomeKind)

TABLE: tuple[PolicyRow, ...] = (
    PolicyRow(
        "P1", _NUMBER, (0, 0), _SOME, None,
        Method.KENWARD_ROGER, Check.NONE, False, "no_groups_in_the_design",
    ),
    PolicyRow(
        "P2", _NUMBER, (0, 0), _MANY, False,
        Method.SATTERTHWAITE, Check.NONE, False, "no_groups_in_the_design",
    ),
    PolicyRow(
        "P3", _NUMBER, (0, 0), _MANY, True,
        Method.CR2, Check.NONE, False, "no_groups_in_the_design",
    ),
    PolicyRow(
        "P4", frozenset({OutcomeKind.BINARY, OutcomeKind.ORDINAL}), (0, 0), _EVERY, None,
        Method.PERSONS_AS_CLUSTERS, Check.NONE, False, "no_groups_in_the_design",
    ),
    PolicyRow(
        "G1", _ANY, (1, 5), _EVERY, None,
        Method.GROUPS_AS_FIXED, Check.NONE, False, "too_few_groups_to_generalise",
    ),
    PolicyRow(
        "B1", _BINARY, (6, UNLIMITED), _EVERY, None,
        Method.LOGISTIC_QUADRATURE, Check.NONE, False, "binary_outcome",
    ),
    PolicyRow(
        "O1", _ORDINAL, (6, UNLIMITED), _EVERY, None,
        Method.CUMULATIVE_QUADRATURE, Check.NONE, False, "ordinal_outcome",
    ),
    PolicyRow(
        "L2", _NUMBER, (6, UNLIMITED), _MANY, True,
        Method.CR2, Check.NONE, False, "singular_and_many_rows",
    ),
    PolicyRow(
        "G2", _NUMBER, (6, 9), _SOME, None,
        Method.KENWARD_ROGER, Check.GROUP_MEANS, True, "few_groups",
    ),
    PolicyRow(
        "G3", _NUMBER, (10, 39), _SOME, None,
        Method.KENWARD_ROGER, Check.CR2, True, "some_groups",
    ),
    PolicyRow(
        "S1", _NUMBER, (40, UNLIMITED), _SOME, True,
        Method.KENWARD_ROGER, Check.CR2, True, "singular_fit",
    ),
    PolicyRow(
        "G4", _NUMBER, (40, UNLIMITED), _EVERY, False,
        Method.SATTERTHWAITE, Check.CR2, True, "many_groups",
    ),
    PolicyRow(
        "L1", _NUMBER, (6, 39), _EVERY, False,
        Method.SATTERTHWAITE, Check.CR2, True, "many_rows",
    ),
)  # fmt: skip


def choose(
    groups: int, rows: int, outcome: OutcomeKind = OutcomeKind.CONTINUOUS, *, singular: bool = False
) -> PolicyRow:
    """Return the row of the table that fires.

    Args:
        groups: number of groups; 0 where the design has none and persons are the clusters.
        rows: number of rows of the model.
        outcome: what the outcome is.
        singular: whether the fit has a variance of zero or a correlation of one.

    Raises:
        ModelRefusal: ``bad_argument`` for a negative number.
    """
    for row in TABLE:
        if _fits(row, groups, rows, outcome, singular=singular):
            return row
    raise ModelRefusal(RefusalCode.BAD_ARGUMENT, f"no row for {groups} groups and {rows} rows")


def _fits(row: PolicyRow, groups: int, rows: int, outcome: OutcomeKind, *, singular: bool) -> bool:
    least, most = row.groups
    return (
        outcome in row.kinds
        and least <= groups <= most
        and row.rows[0] <= rows <= row.rows[1]
        and row.singular in (None, singular)
    )
