"""Which figures does the gate let out, at which rung, and what does it do when something is wrong?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from knutepunkt.analysis.disclosure import (
    Audience,
    Cause,
    Count,
    GroupResponse,
    Judgement,
    Kind,
    Ledger,
    ModelSize,
    Number,
    NumberKind,
    Policy,
    Rung,
    TableRequest,
    append,
    judge,
    kp1,
    policy_for,
)
from tests.unit.analysis.disclosure.centres import (
    BENEFIT,
    HARM,
    answers,
    frequency,
    harm,
    records,
)


def decide(
    *requests: TableRequest,
    audience: Audience = Audience.CENTRE,
    policy: Policy | None = None,
    ledger: Ledger | None = None,
) -> Judgement:
    return judge(requests, policy=policy or kp1(), audience=audience, ledger=ledger or Ledger())


def after(first: Judgement, audience: Audience = Audience.CENTRE) -> Ledger:
    entry = append(
        (),
        release="first",
        audience=audience,
        policy_hash=kp1().hash,
        statements=first.statements,
    )
    return Ledger((entry,), first.contributors)


class TestLadder:
    def test_an_even_spread_keeps_every_category(self) -> None:
        [shown] = decide(frequency(records(answers([20, 20, 20, 20, 20])))).released
        assert shown.rung is Rung.CATEGORIES
        assert [cell.percent for cell in shown.categories] == [20] * 5
        assert shown.n == 100

    def test_small_ends_merge_to_three(self) -> None:
        [shown] = decide(frequency(records(answers([8, 12, 30, 40, 10])))).released
        assert [cell.codes for cell in shown.categories] == [(1, 2), (3,), (4, 5)]
        assert [cell.percent for cell in shown.categories] == [20, 30, 50]

    def test_a_small_middle_merges_to_two(self) -> None:
        [shown] = decide(frequency(records(answers([10, 15, 5, 20, 20])))).released
        assert [cell.codes for cell in shown.categories] == [(1, 2, 3), (4, 5)]

    @pytest.mark.parametrize("unhappy", range(13))
    def test_sixty_satisfied_participants_read_at_least_eight_in_ten(self, unhappy: int) -> None:
        [shown] = decide(frequency(records(answers([unhappy, 0, 0, 30, 30 - unhappy])))).released
        assert shown.rung is Rung.BAND
        assert shown.band is not None
        assert (shown.band.low, shown.band.high) == (8.0, 10.0)
        assert shown.as_json()["band"] == {
            "codes": [4, 5],
            "low_tenths": 8.0,
            "high_tenths": 10.0,
        }

    def test_the_band_is_the_same_document_whatever_the_share_beyond_the_cut(self) -> None:
        documents = [
            decide(frequency(records(answers([unhappy, 0, 0, 60 - unhappy, 0])))).document
            for unhappy in range(13)
        ]
        assert all(document == documents[0] for document in documents)

    def test_fifteen_answers_tell_only_how_many_answered(self) -> None:
        [shown] = decide(frequency(records(answers([1, 1, 1, 6, 6]), group_size=5))).released
        assert (shown.rung, shown.n) == (Rung.ONLY_N, 15)

    def test_the_public_needs_larger_cells(self) -> None:
        planned = frequency(records(answers([9, 9, 9, 14, 19]), group_size=4))
        assert len(decide(planned).released[0].categories) == 5
        [public] = decide(planned, audience=Audience.PUBLIC).released
        assert len(public.categories) == 2

    def test_a_sensitive_theme_is_as_strict_for_the_centre(self) -> None:
        planned = frequency(records(answers([9, 9, 9, 14, 19]), group_size=4))
        [shown] = decide(planned, policy=policy_for(sensitive_theme=True)).released
        assert len(shown.categories) == 2


class TestContributors:
    def test_two_groups_never_show_anything(self) -> None:
        data = records(answers([10, 10, 10, 10, 10]), group_size=25)
        assert decide(frequency(data)).withheld[0].cause is Cause.PROTECTION

    def test_a_group_with_more_than_half_never_shows_anything(self) -> None:
        groups = ["big"] * 40 + [f"g{i // 6}" for i in range(36)]
        data = records(answers([15, 15, 16, 15, 15]), groups=groups)
        assert not decide(frequency(data)).released

    def test_a_cell_that_two_groups_could_hold_is_merged(self) -> None:
        data = records(answers([12, 22, 22, 22, 22]), group_size=6)
        [shown] = decide(frequency(data)).released
        assert len(shown.categories) == 3

    def test_answers_without_a_slip_fill_no_threshold(self) -> None:
        values = answers([20, 20, 20, 20, 20])
        slips = [value != 1 for value in values]
        data = records(values, with_slip=slips, seed=None)
        [shown] = decide(frequency(data)).released
        assert (1,) not in [cell.codes for cell in shown.categories]

    def test_without_groups_only_the_people_count(self) -> None:
        grouped = records(answers([8, 8, 8, 20, 20]))
        data = replace(grouped, groups=None)
        [shown] = decide(frequency(data)).released
        assert len(shown.categories) == 5


class TestHarm:
    @pytest.mark.parametrize("hurt", range(5))
    def test_few_are_one_class_zero_included(self, hurt: int) -> None:
        data = records(answers([50 - hurt, 10, hurt, 0, 0]), variable=HARM)
        [shown] = decide(harm(data)).released
        assert shown.rung is Rung.CLASS
        assert shown.count_class is not None
        assert shown.count_class.fewer_than == 5

    def test_more_are_told_as_a_share(self) -> None:
        data = records(answers([50, 3, 7, 0, 0]), variable=HARM)
        [shown] = decide(harm(data)).released
        assert shown.band is not None
        assert (shown.band.low, shown.band.high) == (0.0, 2.0)

    def test_where_no_band_serves_there_is_still_a_class(self) -> None:
        data = records(answers([9, 3, 6, 0, 0]), variable=HARM)
        [shown] = decide(harm(data)).released
        assert shown.count_class is not None
        assert shown.count_class.at_least == 5


class TestDifference:
    def test_one_joiner_since_the_last_release_withholds(self) -> None:
        people = [f"p{i}" for i in range(90)]
        values = answers([18] * 5)
        first = decide(frequency(records(values, participants=people, seed=None)))
        joined = records([*values, 5], participants=[*people, "joiner"], seed=None)
        assert not decide(frequency(joined), ledger=after(first)).released

    def test_the_same_figure_again_passes(self) -> None:
        planned = frequency(records(answers([18] * 5)))
        first = decide(planned)
        again = decide(planned, ledger=after(first))
        assert again.released == first.released

    def test_another_round_is_not_compared(self) -> None:
        people = [f"p{i}" for i in range(90)]
        first = decide(frequency(records(answers([18] * 5), participants=people, seed=None)))
        later = records(
            answers([18, 18, 18, 18, 19]), participants=[*people, "new"], round_id="spring"
        )
        assert decide(frequency(later), ledger=after(first)).released

    def test_a_narrow_release_counts_when_the_public_is_served(self) -> None:
        people = [f"p{i}" for i in range(90)]
        values = answers([18] * 5)
        first = decide(frequency(records(values, participants=people, seed=None)))
        fewer = records(values[:-2], participants=people[:-2], seed=None)
        second = decide(frequency(fewer), audience=Audience.PUBLIC, ledger=after(first))
        assert not second.released

    def test_all_minus_three_subsets_is_a_set_too(self) -> None:
        people = [f"p{i}" for i in range(120)]
        values = answers([24] * 5)
        whole = records(values, participants=people)
        parts = [
            TableRequest("T9", f"part-{k}", Kind.MEAN, (_slice(whole, k * 39, k * 39 + 39),))
            for k in range(3)
        ]
        judged = decide(TableRequest("T5", "BEN1", Kind.MEAN, (whole,)), *parts)
        # 120 - 3 x 39 = 3 people would be left over.
        assert [figure.cell for figure in judged.released] == ["BEN1", "part-0", "part-1"]

    def test_roster_totals_are_compared_with_those_who_answered(self) -> None:
        planned = frequency(records(answers([20, 20, 20, 20, 20])))
        near = replace(planned, roster=((1, 22), (2, 20), (3, 20), (4, 20), (5, 20)))
        assert len(decide(planned).released[0].categories) == 5
        # Two on the roster did not answer: subtracting the totals would find them.
        assert decide(near).released[0].rung is Rung.BAND


def _slice(data, start: int, stop: int):  # type: ignore[no-untyped-def]
    return replace(
        data,
        participants=data.participants[start:stop],
        groups=data.groups[start:stop],
        values=data.values[start:stop],
        with_slip=data.with_slip[start:stop],
    )


class TestNumbers:
    def test_mean_and_deviation_have_one_decimal(self) -> None:
        data = records([1 + (i % 37) / 10 for i in range(60)])
        [shown] = decide(TableRequest("T5", "BEN", Kind.MEAN, (data,))).released
        told = {number.name: number.value for number in shown.numbers}
        # By hand: sum of (i mod 37) over 0..59 is 666 + 253 = 919; 1 + 91.9 / 60 = 2.5317.
        assert told == {"mean": 2.5, "sd": 1.0}

    @pytest.mark.parametrize("value", [1.0, 5.0, 4.95])
    def test_a_mean_at_the_end_of_its_scale_is_not_told(self, value: float) -> None:
        [shown] = decide(TableRequest("T5", "BEN", Kind.MEAN, (records([value] * 60),))).released
        assert shown.rung is Rung.ONLY_N

    def test_no_deviation_below_twenty(self) -> None:
        data = records([1, 2, 3, 4, 5, 3] * 3, group_size=3)
        wide = replace(data, variable=replace(BENEFIT, low=-20, high=20))
        [shown] = decide(TableRequest("T5", "BEN", Kind.MEAN, (wide,))).released
        assert [number.name for number in shown.numbers] == ["mean"]

    def test_a_model_needs_ten_observations_to_spare(self) -> None:
        data = records([1, 2, 3, 4, 5, 3] * 10)
        numbers = (
            Number("difference", 0.1234, NumberKind.MEAN),
            Number("group variance", 0.5, NumberKind.VARIANCE),
            Number("df", 37.4, NumberKind.DEGREES),
            Number("p", 0.0312, NumberKind.P_VALUE),
            Number("group 3", 0.7, NumberKind.GROUP_EFFECT),
            Number("maximum", 5.0, NumberKind.EXTREME),
        )
        planned = TableRequest(
            "T6", "BEN", Kind.MODEL, (data,), numbers=numbers, model=ModelSize(60, 2, 2, 5)
        )
        [shown] = decide(planned).released
        told = {number.name: number.value for number in shown.numbers}
        assert told == {"difference": 0.1, "df": 37.0, "p": 0.031}
        tight = replace(planned, model=ModelSize(60, 49, 2, 10))
        assert decide(tight).released[0].rung is Rung.ONLY_N

    def test_p_is_a_class_below_fifty(self) -> None:
        data = records([1, 2, 3, 4, 5, 3] * 8)
        planned = TableRequest(
            "T6", "BEN", Kind.MODEL, (data,), numbers=(Number("p", 0.0312, NumberKind.P_VALUE),)
        )
        [shown] = decide(planned).released
        assert (shown.numbers[0].low, shown.numbers[0].high) == (0.01, 0.05)

    @pytest.mark.parametrize("others", range(8))
    def test_people_who_answered_alike_read_as_one_class(self, others: int) -> None:
        data = records([2.0] * others + [3.0] * (140 - others))
        [shown] = decide(TableRequest("T5", "BEN", Kind.MEAN, (data,))).released
        told = [(number.name, number.value, number.low, number.high) for number in shown.numbers]
        assert told == [("mean", 3.0, None, None), ("sd", None, 0.0, 0.5)]

    def test_variances_of_people_who_answered_alike_are_not_told(self) -> None:
        numbers = (Number("residual", 0.0, NumberKind.VARIANCE),)
        size = ModelSize(140, 2, 2, 20)
        data = records([3.0] * 140)
        planned = TableRequest("T8", "BEN", Kind.MODEL, (data,), numbers=numbers, model=size)
        assert decide(planned).released[0].rung is Rung.ONLY_N


class TestParticipation:
    RESPONSES = (
        *tuple(GroupResponse(f"g{i}", used, 8) for i, used in enumerate([2, 4, 7, 8])),
        GroupResponse("small", 3, 4),
    )

    def test_the_centre_reads_classes_per_group(self) -> None:
        planned = TableRequest("T2", "response", Kind.PARTICIPATION, responses=self.RESPONSES)
        [shown] = decide(planned).released
        assert [(c.group, c.low, c.high) for c in shown.responses] == [
            ("g0", 0.0, 0.5),
            ("g1", 0.5, 1.0),
            ("g2", 0.5, 1.0),
            ("g3", 0.5, 1.0),
        ]

    def test_a_group_of_six_is_left_out(self) -> None:
        """ "Below half" of six is two at most: two who answered would know that nobody else did."""
        responses = (GroupResponse("six", 2, 6), GroupResponse("seven", 3, 7))
        planned = TableRequest("T2", "response", Kind.PARTICIPATION, responses=responses)
        [shown] = decide(planned).released
        assert [c.group for c in shown.responses] == ["seven"]

    def test_counts_of_a_tiny_round_are_not_told(self) -> None:
        counts = (Count("handed out", 6, public=True), Count("used", 5, of=6))
        [shown] = decide(TableRequest("T1", "flow", Kind.FLOW, counts=counts)).released
        assert [count.name for count in shown.counts] == ["handed out"]

    def test_the_public_reads_how_many_groups(self) -> None:
        planned = TableRequest("T2", "response", Kind.PARTICIPATION, responses=self.RESPONSES)
        [shown] = decide(planned, audience=Audience.PUBLIC).released
        assert [(c.group, c.groups) for c in shown.responses] == [(None, 1), (None, 3)]

    def test_small_counts_in_the_flow_are_classes(self) -> None:
        counts = (
            Count("handed out", 130, public=True),
            Count("used", 97, of=130, of_is_public=True),
            Count("linked", 94, of=97),
            Count("withdrawn", 2),
        )
        [shown] = decide(TableRequest("T1", "flow", Kind.FLOW, counts=counts)).released
        assert [count.as_json() for count in shown.counts] == [
            {"name": "handed out", "kind": "public", "value": 130.0},
            {"name": "used", "kind": "count", "value": 95.0},
            # All but at most four of the 95 that were told, who may be 93.
            {"name": "linked", "fewer_than": None, "at_least": 89, "codes": []},
            {"name": "withdrawn", "fewer_than": 5, "at_least": None, "codes": []},
        ]


class TestFailsClosed:
    PLANNED = frequency(records(answers([20] * 5)))

    def test_an_open_round(self) -> None:
        judged = decide(frequency(records(answers([20] * 5), closed=False)))
        assert judged.withheld[0].cause is Cause.ROUND_OPEN

    def test_a_policy_below_the_floor(self) -> None:
        lax = replace(kp1(), threshold_centre=3)
        judged = decide(self.PLANNED, policy=lax)
        assert not judged.released
        assert judged.withheld[0].cause is Cause.POLICY_BELOW_FLOOR

    def test_a_broken_ledger(self) -> None:
        first = decide(self.PLANNED)
        ledger = after(first)
        tampered = replace(ledger.entries[0], release="other")
        judged = decide(self.PLANNED, ledger=Ledger((tampered,), ledger.contributors))
        assert judged.withheld[0].cause is Cause.LEDGER_BROKEN

    def test_contributors_missing_while_answers_remain(self) -> None:
        ledger = after(decide(self.PLANNED))
        assert not decide(self.PLANNED, ledger=Ledger(ledger.entries, {})).released
        shredded = Ledger(ledger.entries, {}, frozenset({"autumn"}))
        assert decide(self.PLANNED, ledger=shredded).released

    def test_a_table_that_cannot_be_expressed(self) -> None:
        odd = replace(self.PLANNED, ladder=None)
        judged = decide(odd, replace(self.PLANNED, cell="BEN2"))
        assert judged.withheld[0].cause is Cause.NOT_EXPRESSIBLE
        assert [figure.cell for figure in judged.released] == ["BEN2"]

    def test_an_interval_that_raises_withholds_its_figure(self) -> None:
        def broken(members: object, groups: object) -> tuple[float, float]:
            raise ZeroDivisionError("3 of 7")

        judged = decide(replace(self.PLANNED, interval_of=broken))
        assert judged.withheld[0].cause is Cause.NOT_EXPRESSIBLE
        assert "7" not in judged.withheld[0].detail

    def test_the_same_name_twice_withholds_everything(self) -> None:
        judged = decide(self.PLANNED, self.PLANNED)
        assert judged.withheld[0].cause is Cause.AUDIT_DISAGREES
        assert not judged.released

    def test_nothing_that_is_told_names_a_participant_or_a_group(self) -> None:
        judged = decide(self.PLANNED)
        told = str(judged.document) + str(judged.certificate) + repr(judged.statements)
        names = [*judged.contributors["1:T4:BEN1:population-0"].participants, "'g1'"]
        assert not [name for name in names if f"'{name}'" in told]


def test_every_answer_moved_to_another_group_gives_the_same_release() -> None:
    data = records(answers([3, 9, 15, 30, 33]), group_size=6)
    order = np.random.default_rng(7).permutation(90)
    moved = replace(data, values=data.values[order])
    assert decide(frequency(data)).document == decide(frequency(moved)).document


def test_what_the_second_person_reads_is_true_of_the_design() -> None:
    planned = frequency(records(answers([20] * 5)))
    with_groups = {finding.code: dict(finding.numbers) for finding in decide(planned).findings}
    assert with_groups["contributors"] == {"threshold": 5, "groups": 3}
    assert with_groups["coalition"] == {"members": 2}
    alone = replace(planned, records=(replace(planned.records[0], groups=None),))
    judged = decide(alone)
    without_groups = {finding.code: dict(finding.numbers) for finding in judged.findings}
    assert without_groups["contributors"] == {"threshold": 5}
    assert "coalition" not in without_groups
    assert judged.certificate["design"] == {"groups": False}
