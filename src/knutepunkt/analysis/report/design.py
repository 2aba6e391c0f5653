"""What must be known about a study, besides the answers, before its report can be planned?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, pairwise

from knutepunkt.analysis.coding.codebook import Codebook
from knutepunkt.analysis.disclosure.policy import Audience
from knutepunkt.analysis.instruments import Instrument
from knutepunkt.analysis.instruments.texts import Texts
from knutepunkt.analysis.linking import Linkage


class DesignFault(ValueError):
    """A design that cannot be reported on; the message says what is wrong and what to change."""


@dataclass(frozen=True)
class GroupInvited:
    """One group in one round: how many slips it was handed, and how many of them were used.

    `county`: the name of the county it meets in; empty where that is not known or not told.
    `members`: how many were to be asked, where that is known; a class of its response is taken of
    them. Of slips there can be made as many as somebody likes.
    """

    id: str
    handed_out: int
    used: int
    label: Texts | None = None
    county: str = ""
    members: int | None = None


@dataclass(frozen=True)
class RoundDesign:
    """One round: when it was open, and whom it reached.

    `groups` is empty where the design has no groups; `withdrawn` counts answers deleted at the
    close. `invited` is how many were asked where no slips were handed out (existing data), and
    `known_groups` how many groups they came from. `at` is where the round lies in time, in the
    study's own unit (days, months): where every round has one, the even course over time is told.
    `asked` names the questions of this round; None: all of the questionnaire. What a report lists
    follows from it, never from what was answered.
    """

    id: str
    label: Texts
    opened: date | None = None
    closed: date | None = None
    groups: tuple[GroupInvited, ...] = ()
    invited: int | None = None
    known_groups: int | None = None
    at: float | None = None
    is_closed: bool = True
    asked: frozenset[str] | None = None

    @property
    def group_count(self) -> int | None:
        """How many groups were asked; None where the design has none or nobody counted."""
        return len(self.groups) or self.known_groups

    @property
    def handed_out(self) -> int | None:
        """Slips handed out, or people asked; None where nobody counted."""
        if self.groups:
            return sum(group.handed_out for group in self.groups)
        return self.invited


def _check_order(times: Sequence[date | None] | Sequence[float | None]) -> None:
    """Refuse rounds that do not stand in the order of time."""
    known = [time for time in times if time is not None]
    if any(later < earlier for earlier, later in pairwise(known)):  # type: ignore[operator]
        raise DesignFault("The rounds stand out of order. Name them from the first to the last.")


@dataclass(frozen=True)
class Norm:
    """How some people known from elsewhere scored."""

    mean: float
    sd: float


@dataclass(frozen=True)
class Measure:
    """What is known beforehand of a scale, for telling one person's change from its error.

    `reliability` comes from elsewhere, and `source` says where; without it the report estimates
    its own, from 50 answers. `cutoff` is the score where those with and without the trouble meet;
    `troubled` and `well` are the two it was worked out from, where it was.
    """

    reliability: float | None = None
    source: Texts | None = None
    cutoff: float | None = None
    lower_is_better: bool = False
    troubled: Norm | None = None
    well: Norm | None = None


@dataclass(frozen=True)
class Protocol:
    """What was decided before the answers were read, and the hash that proves it.

    `dated` is the date the report bears. `deviations` are printed as they stand. `measures` says,
    by scale, what was known beforehand.
    """

    hash: str
    locked_on: date
    dated: date
    primary: str | None = None
    deviations: tuple[Texts, ...] = ()
    measures: Mapping[str, Measure] = field(default_factory=dict)

    def measure(self, scale: str) -> Measure:
        """What was known of a scale; nothing in particular where the protocol is silent."""
        return self.measures.get(scale, Measure())


@dataclass(frozen=True)
class Conduct:
    """How a survey was carried out, from its configuration; for the reporting checklists.

    `channels`: "slips", "letter", "paper", "wall", those that were used. `follows`: "nobody",
    "card" or "card_and_questions". `key`: "server" or "offline". Groups started in the period from
    `started_from` to `started_until` were asked, those that had ended included.
    """

    channels: tuple[str, ...]
    follows: str
    key: str
    asks_to_quote: bool
    started_from: date | None = None
    started_until: date | None = None


@dataclass(frozen=True)
class Design:
    """Everything but the answers.

    The frame that goes with it has one row per answer and the columns `participant` (opaque text),
    `group` (opaque text; absent where `has_groups` is false), `round` (a `RoundDesign.id`),
    `with_slip` (bool; absent means all true) and one column per item id with whole codes, null for
    no answer and negative codes for "does not apply" and "prefer not to say".

    `attendance` names the question about how often people come, its options from most often to
    least. A column `organisation` (opaque text) sets organisations beside each other, adjusted for
    the questions or scales `adjusted_for`, columns of the frame. `codebook` and `coders` say by which codes open
    answers were coded, and by how many; None and 0 where nobody coded them. `linked`: the same person has the same `participant` in every round. `linkages` says by
    round how sure that is, refs being participants; empty where it is certain or nobody was linked.
    `roster` holds known totals
    per item and code, where a roster exists. `left_out` counts answers of these rounds that could
    not be opened or do not fit the questionnaire; it is told as a class. `retrospective`: people
    look back on their time in the group, those who left included. `conduct`: None where nobody
    knows how it was carried out, as with existing data.
    """

    title: Texts
    organisation: Texts
    instrument: Instrument
    rounds: tuple[RoundDesign, ...]
    protocol: Protocol
    audience: Audience = Audience.CENTRE
    has_groups: bool = True
    linked: bool = False
    sensitive_theme: bool = False
    retrospective: bool = True
    slips: bool = True
    example: bool = False
    attendance: str | None = None
    retest: tuple[str, str] | None = None
    adjusted_for: tuple[str, ...] = ()
    conduct: Conduct | None = None
    left_out: int = 0
    codebook: Codebook | None = None
    coders: int = 0
    roster: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    linkages: Mapping[str, Linkage] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Refuse a study without rounds, or with two rounds of the same id."""
        ids = [each.id for each in self.rounds]
        if not ids:
            raise DesignFault("The design names no round. Name at least one.")
        if len(set(ids)) != len(ids):
            raise DesignFault("Two rounds have the same id. Give each its own.")
        if self.retest is not None and list(self.retest) not in [
            list(p) for p in combinations(ids, 2)
        ]:
            raise DesignFault("The retest is not two rounds in order. Name the earlier one first.")
        _check_order([each.opened or each.closed for each in self.rounds])
        _check_order([each.at for each in self.rounds])

    @property
    def is_single(self) -> bool:
        """Whether there is one round, so that nothing can be called change."""
        return len(self.rounds) == 1

    @property
    def last(self) -> RoundDesign:
        """The latest round: the one the sentences speak about."""
        return self.rounds[-1]

    def round(self, round_id: str) -> RoundDesign:
        """The round with this id; KeyError when there is none."""
        return {each.id: each for each in self.rounds}[round_id]
