"""Do slips exist once, on paper only, and are those nobody got made void again?"""

from __future__ import annotations

import dataclasses

import pytest

from knutepunkt.audit.models import AuditEvent
from knutepunkt.responses.models import SlipMark
from knutepunkt.shared.errors import NotNow
from knutepunkt.surveys.actions import slips
from knutepunkt.surveys.actions.planning import plan_survey
from knutepunkt.surveys.actions.rounds import open_round
from knutepunkt.surveys.actions.slips import most_slips, print_slips, replace_slips, spoil
from knutepunkt.surveys.policies.refusals import GroupNotAsked, TooManySlips
from knutepunkt.surveys.vocabulary import Channel
from tests.unit.surveys.conftest import make_group

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


@pytest.fixture
def opened(centre, coordinator, plan):
    plan = dataclasses.replace(plan, ended_groups_get=Channel.LETTER)
    return open_round(
        asked_round=plan_survey(organisation=centre, plan=plan, by=coordinator), by=coordinator
    )


def test_each_group_gets_a_slip_for_each_member(opened, coordinator):
    printed = print_slips(asked_round=opened, by=coordinator)
    assert [(each.asked.group.name, each.channel, len(each.codes)) for each in printed] == [
        ("Gruppe A", Channel.SLIPS, 7),
        ("Gruppe B", Channel.SLIPS, 6),
        ("Gruppe C", Channel.LETTER, 5),
    ]
    assert len({code for each in printed for code in each.codes}) == 18
    assert SlipMark.objects.filter(round_ref=opened.pk).count() == 18
    assert [each.slips_printed for each in opened.asked_groups.order_by("group__name")] == [7, 6, 5]


def test_no_code_is_kept_anywhere_on_the_main_side(opened, coordinator):
    printed = print_slips(asked_round=opened, by=coordinator)
    kept = repr([event.details for event in AuditEvent.objects.all()])
    assert not any(code in kept for each in printed for code in each.codes)


def test_a_code_on_the_wall_is_one_for_the_group(centre, coordinator, plan):
    plan = dataclasses.replace(plan, groups_get=Channel.WALL)
    opened = open_round(
        asked_round=plan_survey(organisation=centre, plan=plan, by=coordinator), by=coordinator
    )
    printed = print_slips(asked_round=opened, by=coordinator)
    assert [len(each.codes) for each in printed] == [1, 1, 1]


def test_slips_wait_for_the_opening(centre, coordinator, plan):
    planned = plan_survey(organisation=centre, plan=plan, by=coordinator)
    with pytest.raises(NotNow):
        print_slips(asked_round=planned, by=coordinator)


def test_slips_the_centre_never_got_are_void(opened, coordinator, monkeypatch):
    real, calls = slips.vault.hand_out, []

    def hand_out(**kwargs):
        calls.append(kwargs["group_ref"])
        if len(calls) == 3:
            raise RuntimeError("the machine stopped here")
        return real(**kwargs)

    monkeypatch.setattr(slips.vault, "hand_out", hand_out)
    with pytest.raises(RuntimeError):
        print_slips(asked_round=opened, by=coordinator)
    assert SlipMark.objects.filter(is_void=False).count() == 0
    assert {each.slips_printed for each in opened.asked_groups.all()} == {0}


def test_new_slips_replace_spoiled_ones(opened, coordinator):
    printed = print_slips(asked_round=opened, by=coordinator)[0]
    spoiled = printed.codes[0]
    new = replace_slips(asked=printed.asked, count=2, spoiled=(spoiled,), by=coordinator)
    assert len(new.codes) == 2
    assert SlipMark.objects.filter(is_void=True).count() == 1
    printed.asked.refresh_from_db()
    assert printed.asked.slips_replaced == 2


def test_no_more_slips_than_the_group_can_need(opened, coordinator):
    asked = opened.asked_groups.get(group__name="Gruppe A")
    assert most_slips(asked) == 10
    for count in (0, 11):
        with pytest.raises(TooManySlips):
            replace_slips(asked=asked, count=count, by=coordinator)


def test_a_group_that_is_not_asked_gets_no_slips(opened, coordinator, centre):
    other = make_group(centre, "Gruppe X")
    with pytest.raises(GroupNotAsked):
        print_slips(asked_round=opened, by=coordinator, group_ids=frozenset({other.pk}))


def test_spoiling_tells_nobody_which_slip(opened, coordinator):
    code = print_slips(asked_round=opened, by=coordinator)[0].codes[0]
    spoil(asked_round=opened, code=code, by=coordinator)
    event = AuditEvent.objects.filter(verb="spoil_slip").get()
    assert code not in repr(event.details)
    assert event.details == {}
