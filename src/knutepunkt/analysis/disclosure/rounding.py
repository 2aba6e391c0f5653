"""How exactly may a number be told (P6)?"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from knutepunkt.analysis.disclosure.policy import Policy
from knutepunkt.analysis.disclosure.statements import ModelSize, Number, NumberKind


@dataclass(frozen=True)
class ReleasedNumber:
    """A number as it may be told: a rounded value, or a class between two bounds.

    ``kind`` is a ``NumberKind``, "count", or "public" for a count that everyone knows.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    kind: str = "count"

    def as_json(self) -> dict[str, object]:
        """Only what the reader is told."""
        if self.value is not None:
            return {"name": self.name, "kind": self.kind, "value": self.value}
        return {"name": self.name, "kind": self.kind, "low": self.low, "high": self.high}


def half_up(value: float, step: float) -> float:
    """The nearest multiple of ``step``, halves away from zero; never negative zero."""
    scaled = math.floor(abs(value) / step + 0.5 + 1e-9) * step
    return round(math.copysign(scaled, value), 6) + 0.0 if scaled else 0.0


def rounded_n(n: int, policy: Policy) -> int:
    """n to the nearest coarse step below the policy's limit, exact from there on."""
    if n >= policy.coarse_below or not policy.applies("P6"):
        return n
    return int(half_up(n, policy.coarse_step))


def rounded_percent(share: float, n: int, policy: Policy) -> float:
    """A share (0..1) as a percentage: coarse below the policy's limit, whole from there on."""
    if not policy.applies("P6"):
        return round(100.0 * share, 6)
    return half_up(100.0 * share, policy.coarse_step if n < policy.coarse_below else 1)


def rounded_interval(low: float, high: float, n: int, policy: Policy) -> tuple[float, float]:
    """An interval of a share, rounded like the share itself."""
    return rounded_percent(low, n, policy), rounded_percent(high, n, policy)


def p_class(p: float, policy: Policy) -> tuple[float, float]:
    """The class of a p-value: between two neighbouring cuts."""
    cuts = (0.0, *policy.p_class_cuts, 1.0)
    for low, high in itertools.pairwise(cuts):
        if p < high or high == 1.0:
            return low, high
    return cuts[-2], 1.0


def released_number(
    number: Number, n: int, policy: Policy, model: ModelSize | None = None
) -> ReleasedNumber | None:
    """A computed number as P6 lets it out; None when it stays inside.

    Group effects and extremes never pass: a group effect inverts to the group's mean, an extreme is
    one person's answer. A number that is not finite means nothing and stays inside too.

    Args:
        number: the number at full precision.
        n: participants behind it.
        policy: the policy in force.
        model: the model it comes from, if any.
    """
    if not math.isfinite(number.value):
        return None
    if not policy.applies("P6"):  # only in the suite: what the clause keeps inside
        return ReleasedNumber(number.name, number.value, kind=str(number.kind))
    if number.kind in _NEVER:
        return None
    if model is not None and not model_is_told(number.kind, model, policy):
        return None
    if number.kind in _FROM_DEVIATION and n < policy.deviation_from:
        return None
    kind = str(number.kind)
    if number.kind is NumberKind.P_VALUE and n < policy.p_classes_below:
        return ReleasedNumber(number.name, None, *p_class(number.value, policy), kind)
    if number.kind is NumberKind.SHARE:
        return ReleasedNumber(number.name, rounded_percent(number.value, n, policy), kind=kind)
    step = _step(number.kind, policy)
    return ReleasedNumber(number.name, half_up(number.value, step), kind=kind)


def model_is_told(kind: NumberKind, model: ModelSize, policy: Policy) -> bool:
    """Whether a model leaves observations to spare, and groups enough for a variance."""
    spare = model.observations - model.coefficients - model.variance_parameters
    if spare < policy.spare_observations:
        return False
    return kind not in OF_GROUPS or model.groups >= policy.variance_groups


#: What tells how alike the members of a group are.
OF_GROUPS = frozenset({NumberKind.VARIANCE, NumberKind.TRAIT})
_NEVER = frozenset({NumberKind.GROUP_EFFECT, NumberKind.EXTREME})
_FROM_DEVIATION = frozenset({NumberKind.DEVIATION, NumberKind.MEDIAN})


def _step(kind: NumberKind, policy: Policy) -> float:
    steps = {
        NumberKind.COEFFICIENT: 0.01,
        NumberKind.VARIANCE: 0.01,
        NumberKind.P_VALUE: 0.001,
        NumberKind.DEGREES: 1.0,
        NumberKind.TRAIT: 1.0,
    }
    return steps.get(kind, 10.0**-policy.mean_decimals)
