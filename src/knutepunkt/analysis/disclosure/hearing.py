"""What does the gate know while it judges one release?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from knutepunkt.analysis.disclosure.difference import PublishedSets
from knutepunkt.analysis.disclosure.interval import Crowd
from knutepunkt.analysis.disclosure.ladder import Cell, Partition
from knutepunkt.analysis.disclosure.people import Flags, Homes, Members
from knutepunkt.analysis.disclosure.places import Places
from knutepunkt.analysis.disclosure.policy import Audience, Policy
from knutepunkt.analysis.disclosure.record_sets import RecordSet
from knutepunkt.analysis.disclosure.released import Released
from knutepunkt.analysis.disclosure.remainder import leaves_people_alike
from knutepunkt.analysis.disclosure.rooms import Rooms
from knutepunkt.analysis.disclosure.scales import scales_leave_room
from knutepunkt.analysis.disclosure.statements import Records, Statement, TableRequest
from knutepunkt.analysis.disclosure.witness import Budget, stays_open


@dataclass(frozen=True)
class Ruling:
    """A figure as it may be shown, and the record sets it speaks about."""

    released: Released
    sets: tuple[RecordSet, ...] = ()

    @property
    def statement(self) -> Statement:
        """What the ledger keeps of the ruling."""
        rows = tuple((s.key, s.variable, s.round, s.codes) for s in self.sets)
        shown = self.released
        return Statement(shown.table, shown.cell, shown.kind, str(shown.rung), rows)


@dataclass
class Hearing:
    """The policy, the audience, what was published before, and what was accepted so far."""

    policy: Policy
    audience: Audience
    sequence: int
    earlier: tuple[RecordSet, ...]
    places: Places
    published: PublishedSets
    budget: Budget
    accepted: list[RecordSet] = field(default_factory=list)
    has_groups: bool = True
    shut: set[str] = field(default_factory=set)
    partitions: dict[tuple[str, str], Partition] = field(default_factory=dict)
    _rooms: tuple[Records, Rooms] | None = None
    _told: dict[tuple[str, str], list[RecordSet]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def opened(
        cls,
        policy: Policy,
        audience: Audience,
        sequence: int,
        earlier: tuple[RecordSet, ...],
        requests: Sequence[TableRequest],
    ) -> Hearing:
        """A hearing that has taken note of everything published before, and of who is asked about."""
        budget = Budget(policy.witnesses, policy.solver_seconds)
        places = Places(earlier, (r.roster for request in requests for r in request.records))
        published = PublishedSets(policy, places, earlier)
        hearing = cls(policy, audience, sequence, earlier, places, published, budget)
        for record_set in earlier:
            hearing._told[record_set.variable, record_set.round].append(record_set)
        return hearing

    @property
    def threshold(self) -> int:
        """t for the audience."""
        return self.policy.threshold(self.audience)

    def crowd(self, records: Records) -> Crowd:
        """The people behind a set of records, as everyone may know them."""
        return Crowd(int(records.counted.sum()), records.group_sizes, self.threshold)

    def rooms(self, records: Records) -> Rooms:
        """Which group everybody with an answer is in; kept for the figure that is being judged."""
        if self._rooms is None or self._rooms[0] is not records:
            self._rooms = (records, Rooms.of(records.roster.codes[records.valid]))
        return self._rooms[1]

    def record_set(
        self,
        request: TableRequest,
        records: Records,
        part: str,
        *,
        cell: Cell | None = None,
        within: tuple[int, int] | None = None,
        mean: tuple[float, float] | None = None,
    ) -> RecordSet:
        """The record set of a population or a cell, under a key that says nothing about it."""
        members: Flags = records.valid if cell is None else records.in_cell(cell)
        counted = int((members & records.with_slip).sum())
        low, high = within or (counted, counted)
        inside = Members(records.roster, members)
        return RecordSet(
            key=f"{self.sequence}:{request.table}:{request.cell}:{part}",
            variable=records.variable.name,
            round=records.round,
            codes=cell,
            audience=str(self.audience),
            participants=inside,
            without_slip=Members(records.roster, members & ~records.with_slip),
            low=low,
            high=high,
            groups=Homes(inside),
            mean=mean,
            span=(records.variable.low, records.variable.high),
            components=tuple((c.item, c.reversed) for c in records.variable.components),
        )

    def populations(
        self, request: TableRequest, means: tuple[tuple[float, float] | None, ...] = ()
    ) -> tuple[RecordSet, ...]:
        """The population of every set of records a figure speaks about, with the means told."""
        told = means or (None,) * len(request.records)
        return tuple(
            self.record_set(request, records, f"population-{place}", mean=mean)
            for place, (records, mean) in enumerate(zip(request.records, told, strict=True))
        )

    def supports(self, request: TableRequest, populations: tuple[RecordSet, ...]) -> bool:
        """P1 and P4 for the populations a figure rests on."""
        crowds = [self.crowd(records) for records in request.records]
        return (
            bool(crowds)
            and all(crowd.supports_figures(self.policy) for crowd in crowds)
            and not self.published.would_single_out(populations)
        )

    def told_of_others(self, records: Records) -> bool:
        """Whether anything on this question was told of other people than these.

        Looked at by who they are alone, never by what they answered.
        """
        people = self.places.bits(Members(records.roster, records.counted))
        return any(
            told.codes is None and self.places.slips(told) != people
            for told in self._told[records.variable.name, records.round]
        )

    def withstands(self, request: TableRequest, proposed: tuple[RecordSet, ...]) -> bool:
        """P4 and P5 for proposed sets, together with everything published on their questions.

        Raises:
            TooManyComparisons, SolverStopped: it cannot be told in time.
        """
        if self.published.would_single_out(proposed):
            return False
        everything = (*self.earlier, *self.accepted, *proposed)
        questions = {(r.variable.name, r.round) for r in request.records}
        if self.policy.applies("P5") and not scales_leave_room(everything, proposed, self.policy):
            return False
        for question in sorted(questions):
            fresh = [s for s in proposed if (s.variable, s.round) == question]
            if not self._question_withstands([*self._told[question], *fresh], fresh):
                return False
        return True

    def _question_withstands(self, sets: list[RecordSet], proposed: list[RecordSet]) -> bool:
        """P3 of remainders and P5, for everything told about one question."""
        return not leaves_people_alike(sets, proposed, self.policy, self.places) and stays_open(
            sets, self.policy, self.budget, self.places
        )

    def accept(self, ruling: Ruling) -> None:
        """Take note of what a ruling publishes, before the next figure is judged."""
        shown = ruling.released
        if shown.categories:
            cells = tuple(cell.codes for cell in shown.categories)
            self.partitions[shown.table, shown.cell] = cells
        for record_set in ruling.sets:
            self.published.add(record_set)
            self.accepted.append(record_set)
            self._told[record_set.variable, record_set.round].append(record_set)
