"""How do slips come into people's hands, and what happens to those that are spoiled?

Only digests of codes are kept, so codes exist on the printed sheet and nowhere else. Both
databases are touched: the main one is made ready first and commits last, so that slips which the
centre never got are made void again.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from knutepunkt.audit.actions import record
from knutepunkt.people.models import Person
from knutepunkt.responses import actions as vault
from knutepunkt.shared.alphabet import in_order
from knutepunkt.surveys.actions.paper import paper_words
from knutepunkt.surveys.lifecycle import ROUND
from knutepunkt.surveys.models import Round, RoundGroup
from knutepunkt.surveys.policies.refusals import GroupNotAsked, TooManySlips
from knutepunkt.surveys.policies.runners import require_survey_runner
from knutepunkt.surveys.vocabulary import SLIP_KINDS, Channel


@dataclass(frozen=True)
class PrintedSlips:
    """Codes for one group, shown once: they go to the printer and are kept nowhere.

    ``words`` are the words of regret for each code where the answer is given on paper; elsewhere
    the page makes them, and there are none here.
    """

    asked: RoundGroup
    channel: Channel
    codes: tuple[str, ...]
    words: tuple[str, ...] = ()


def most_slips(asked: RoundGroup) -> int:
    """Return how many slips may be made at a time for the group: its members, and a few spare."""
    return asked.members + 3


def print_slips(
    *, asked_round: Round, by: Person, group_ids: frozenset[object] | None = None
) -> tuple[PrintedSlips, ...]:
    """Make as many slips as each group has members; ``group_ids`` limits it to some groups."""
    asked = sorted(
        asked_round.asked_groups.select_related("group"), key=lambda each: in_order(each.group.name)
    )
    wanted = [each for each in asked if group_ids is None or each.group_id in group_ids]
    if not wanted:
        raise GroupNotAsked
    return _hand_out(
        asked_round,
        [(each, 1 if each.channel == Channel.WALL else each.members) for each in wanted],
        counter="slips_printed",
        by=by,
    )


def replace_slips(
    *, asked: RoundGroup, count: int, by: Person, spoiled: tuple[str, ...] = ()
) -> PrintedSlips:
    """Make new slips for lost or spoiled ones; spoiled ones at hand are made void."""
    if not 1 <= count <= most_slips(asked):
        raise TooManySlips(most_slips(asked))
    printed = _hand_out(asked.round, [(asked, count)], counter="slips_replaced", by=by)[0]
    for code in spoiled:
        spoil(asked_round=asked.round, code=code, by=by)
    return printed


@transaction.atomic
def spoil(*, asked_round: Round, code: str, by: Person) -> None:
    """Make a spoiled slip void. Nobody learns whether it had been used."""
    require_survey_runner(by, asked_round.survey.organisation)
    ROUND.after(asked_round.state, "hand_out")
    # The act is written down without the code, and with no word on what was found.
    record("spoil_slip", asked_round, by=by, organisation_id=asked_round.survey.organisation_id)
    vault.void(code=code)


def _hand_out(
    asked_round: Round, wanted: list[tuple[RoundGroup, int]], *, counter: str, by: Person
) -> tuple[PrintedSlips, ...]:
    survey = asked_round.survey
    require_survey_runner(by, survey.organisation)
    made: list[PrintedSlips] = []
    try:
        with transaction.atomic():
            fresh = Round.objects.select_for_update().get(pk=asked_round.pk)
            ROUND.after(fresh.state, "hand_out")
            for asked, count in wanted:
                RoundGroup.objects.filter(pk=asked.pk).update(**{counter: F(counter) + count})
            record(
                "hand_out",
                fresh,
                by=by,
                organisation_id=survey.organisation_id,
                slips=sum(count for _asked, count in wanted),
            )
            for asked, count in wanted:
                made.append(_slips_for(asked_round, asked, count))
    except BaseException:
        for printed in made:
            for code in printed.codes:
                vault.void(code=code)
        raise
    return tuple(made)


def _slips_for(asked_round: Round, asked: RoundGroup, count: int) -> PrintedSlips:
    channel = Channel(asked.channel)
    codes = vault.hand_out(
        round_ref=asked_round.pk,
        group_ref=asked.group_id,
        count=count,
        kind=SLIP_KINDS[channel],
    )
    words: tuple[str, ...] = ()
    if channel == Channel.PAPER:
        words = tuple(" ".join(paper_words(asked_round=asked_round, code=code)) for code in codes)
    return PrintedSlips(asked, channel, tuple(codes), words)
