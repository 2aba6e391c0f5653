"""Could nobody, and could enough, of a group's other members lie in a cell (P5)?

Everything published is pooled over whole groups. Exchanging whole participants between groups of
unchanged size therefore leaves every published number as it is, and leaves every decision of the
gate as it is too, because the gate decides on totals and group sizes alone. Such an exchange is a
witness: a world the reader cannot tell from the real one. That is why the conditions below are
enough, and why the rung that was taken says nothing about any group.
"""

from __future__ import annotations

from dataclasses import dataclass

from knutepunkt.analysis.disclosure.ladder import Band
from knutepunkt.analysis.disclosure.policy import Policy


@dataclass(frozen=True)
class Crowd:
    """The people behind a figure as everyone may know them: totals and group sizes.

    ``total`` counts valid answers with a slip; ``sizes`` counts participants with a slip per group,
    largest first, including those who skipped the question; empty where there are no groups.
    """

    total: int
    sizes: tuple[int, ...]
    threshold: int

    @property
    def largest(self) -> int:
        """Members of the largest group."""
        return self.sizes[0] if self.sizes else 0

    def two_groups_could_hold(self, count: int, policy: Policy) -> bool:
        """Whether ``count`` participants might all come from too few groups (P1).

        Decided on sizes alone, so that the decision does not depend on who is where.
        """
        return bool(self.sizes) and count <= sum(self.sizes[: policy.groups - 1])

    def supports_figures(self, policy: Policy) -> bool:
        """P1 for a population: t participants, three groups, none with more than its share."""
        if not policy.applies("P1"):
            return True
        if self.total < self.threshold or self.two_groups_could_hold(self.total, policy):
            return False
        return self.largest <= policy.largest_share * self.total

    def supports_cell(self, count: int, policy: Policy) -> bool:
        """P1 for a published cell: t participants, certainly from three groups."""
        if not policy.applies("P1"):
            return True
        return count >= self.threshold and not self.two_groups_could_hold(count, policy)

    def hides_range(self, low: int, high: int, policy: Policy) -> bool:
        """P5 for a cell whose total is known to lie between ``low`` and ``high``.

        With m others in a group, a coalition of up to k known answers (in the worst way), and
        the cell's total c anywhere in [low, high]:
        some world has none of the m in the cell: ``total - low >= m + k``;
        some world has min(t, m) of them there: ``high >= min(t, m) + k``.
        Both are hardest for the largest group with the coalition in another one.
        """
        if not self.sizes or not policy.applies("P5"):
            return True
        known = policy.coalition
        enough = min(self.threshold, self.largest)
        return self.total - low >= self.largest + known and high >= enough + known

    def hides_cells(self, counts: tuple[int, ...], policy: Policy) -> bool:
        """P5 for a table whose cell counts are taken as known."""
        return all(self.hides_range(count, count, policy) for count in counts)

    def hides_band(self, band: Band, policy: Policy) -> bool:
        """P5 for a band, on both sides of its cut."""
        low, high = band.within
        return self.hides_range(low, high, policy) and self.hides_range(
            self.total - high, self.total - low, policy
        )

    def hides_mean(
        self, low: float, high: float, span: tuple[float, float], policy: Policy
    ) -> bool:
        """P3 and P5 for a mean known to lie between ``low`` and ``high`` on a scale ``span``.

        A mean near an end of its scale says that nearly everyone answered alike. Around any end
        there must be room for min(t, m) others at the opposite end, and for m others one step from
        the end, besides a coalition at the opposite end.
        """
        bottom, top = span
        width = top - bottom
        members = self.largest if self.sizes else self.threshold
        enough = min(self.threshold, members) if self.sizes else self.threshold
        known = policy.coalition
        if not policy.applies("P5") or width <= 0:
            return not policy.applies("P5")
        step = min(1.0, width)
        room = max(width * (enough + known), step * members + width * known)
        return self.total * (top - low) >= room and self.total * (high - bottom) >= room
