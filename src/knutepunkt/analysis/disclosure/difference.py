"""Can a few people be singled out by subtracting published sets of records (P4)?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from knutepunkt.analysis.disclosure.places import Places, holds, without
from knutepunkt.analysis.disclosure.policy import Audience, Policy
from knutepunkt.analysis.disclosure.record_sets import RecordSet


class TooManyComparisons(RuntimeError):
    """So many sets have been published that they cannot all be compared in time."""


@dataclass(frozen=True)
class _Known:
    """A published set as bits: one bit per participant."""

    bits: int
    audience: Audience


class PublishedSets:
    """All record sets published so far, compared within the same variable and round.

    Sets are held as whole numbers with one bit per participant; see `Places`.
    """

    def __init__(self, policy: Policy, places: Places, earlier: Iterable[RecordSet] = ()) -> None:
        self._policy = policy
        self._places = places
        self._slips = 0
        self._known: dict[tuple[str, str], list[_Known]] = defaultdict(list)
        self._comparisons = 0
        for record_set in earlier:
            self.add(record_set)

    def add(self, record_set: RecordSet) -> None:
        """Remember a set that has been, or is about to be, published."""
        known = self._as_known(record_set)
        sets = self._known[record_set.variable, record_set.round]
        if record_set.exact and known not in sets:
            sets.append(known)

    def would_single_out(self, proposed: Iterable[RecordSet]) -> bool:
        """Whether publishing the proposed sets lets fewer than t people be singled out.

        Any two sets must differ in each direction by nobody or by at least t participants with a
        slip, and so must a set minus up to three disjoint published subsets of it. The threshold
        of a comparison is that of the narrowest audience among the sets: only its readers see all.

        Raises:
            TooManyComparisons: the policy's number of comparisons was exceeded.
        """
        by_question: dict[tuple[str, str], list[_Known]] = defaultdict(list)
        for record_set in proposed:
            if record_set.exact:
                question = (record_set.variable, record_set.round)
                by_question[question].append(self._as_known(record_set))
        return any(self._conflict(key, new) for key, new in by_question.items())

    def _as_known(self, record_set: RecordSet) -> _Known:
        self._slips |= self._places.slips(record_set)
        return _Known(self._places.bits(record_set.participants), Audience(record_set.audience))

    def _conflict(self, question: tuple[str, str], new: list[_Known]) -> bool:
        old = self._known[question]
        fresh = [known for known in new if known not in old]
        everything = old + fresh
        if not self._policy.applies("P4"):
            return False
        return any(
            self._pair_conflict(known, other) for known in fresh for other in everything
        ) or any(self._subset_conflict(whole, everything, fresh) for whole in everything)

    def _too_few(self, difference: int, audience: Audience) -> bool:
        self._comparisons += 1
        if self._comparisons > self._policy.comparisons:
            raise TooManyComparisons
        return difference != 0 and self._counted(difference) < self._policy.threshold(audience)

    def _counted(self, bits: int) -> int:
        return (bits & self._slips).bit_count()

    def _pair_conflict(self, one: _Known, other: _Known) -> bool:
        audience = one.audience.narrower_of(other.audience)
        return self._too_few(without(one.bits, other.bits), audience) or self._too_few(
            without(other.bits, one.bits), audience
        )

    def _subset_conflict(self, whole: _Known, sets: list[_Known], fresh: list[_Known]) -> bool:
        """Whether a set minus disjoint published subsets leaves somebody, but fewer than t."""
        inside = [s for s in sets if s.bits != whole.bits and holds(whole.bits, s.bits)]
        if whole not in fresh and not any(s in fresh for s in inside):
            return False
        inside.sort(key=lambda s: -self._counted(s.bits))
        depth = self._policy.disjoint_subsets
        return self._subtract(whole.bits, whole.audience, inside, depth)

    def _subtract(self, rest: int, audience: Audience, inside: list[_Known], depth: int) -> bool:
        for place, subset in enumerate(inside):
            if not holds(rest, subset.bits):
                continue
            narrower = audience.narrower_of(subset.audience)
            # The largest subsets come first: what they cannot bring under t, smaller ones cannot.
            reach = self._counted(rest) - depth * self._counted(subset.bits)
            if reach >= max(self._policy.threshold(a) for a in Audience):
                return False
            remainder = without(rest, subset.bits)
            if self._too_few(remainder, narrower):
                return True
            if depth > 1 and self._subtract(remainder, narrower, inside[place + 1 :], depth - 1):
                return True
        return False
