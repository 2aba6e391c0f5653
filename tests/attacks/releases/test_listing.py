"""A31: what a report lists, and what it does not, says nothing of what anybody answered.

A figure that is missing because few answered says that few did. So every figure follows from the
questionnaire and the design, and those that may not be told stand there like all the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from typing import NoReturn
from unittest.mock import patch

import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Audience, Kind, Ledger, judge, kp1
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.report import Design, Report, build_report
from knutepunkt.analysis.report.plan import plan_report
from knutepunkt.analysis.report.planning.attrition import plan_returns
from knutepunkt.analysis.report.planning.participation import plan_participation
from knutepunkt.analysis.report.populations import Answers
from knutepunkt.analysis.report.values import Sentence, Withheld
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.unit.analysis.report.sample import centre, coded

Erase = Callable[[pl.DataFrame], pl.DataFrame]
ROUNDS = 3
MES = [f"MES{i}" for i in range(1, 6)]


@cache
def study() -> tuple[Design, pl.DataFrame]:
    design, frame = centre(groups=10, rounds=ROUNDS, response=0.95)
    times = tuple(replace(each, at=float(place)) for place, each in enumerate(design.rounds))
    return replace(design, attendance="OPP2", rounds=times), frame


def only(names: list[str], kept: int, *rounds: str) -> Erase:
    """So many people answered these questions in these rounds; everybody else skipped them."""

    def erase(frame: pl.DataFrame) -> pl.DataFrame:
        here = frame["round"].is_in(list(rounds))
        skipped = here & (here.cast(pl.Int32).cum_sum() > kept)
        return frame.with_columns(
            pl.when(skipped).then(None).otherwise(pl.col(name)).alias(name) for name in names
        )

    return erase


def skipped_by_groups(names: list[str], count: int) -> Erase:
    """Nobody in so many groups answered these questions."""

    def erase(frame: pl.DataFrame) -> pl.DataFrame:
        silent = sorted(set(frame["group"]))[:count]
        skipped = frame["group"].is_in(silent)
        return frame.with_columns(
            pl.when(skipped).then(None).otherwise(pl.col(name)).alias(name) for name in names
        )

    return erase


REFUSED_BY_NUMBER = ("T7",)
"""What the method refuses of fewer than fifty people, with a sentence; so many answered is told."""
EVERY = [*MES, "BEN1", "OPP2", "NEG1", "BAK1", "MEK1"]
CASES: dict[str, Erase] = {
    "nobody answered": only(EVERY, 0, "r1", "r2", "r3"),
    "5 answered": only(EVERY, 5, "r1", "r2", "r3"),
    "4 answered first": only(EVERY, 4, "r1"),
    "4 answered last": only(EVERY, 4, "r3"),
    "a group skipped": skipped_by_groups(EVERY, 1),
    "half of the groups skipped": skipped_by_groups(EVERY, 5),
}


def refuses(*_args: object, **_named: object) -> NoReturn:
    raise ModelRefusal(RefusalCode.TOO_FEW_ROWS, "no model is fitted")


PLANNING = "knutepunkt.analysis.report.planning"
MODELS = (
    f"{PLANNING}.change.change_for_report",
    f"{PLANNING}.trend.straight_line",
    f"{PLANNING}.attrition.MissingRounds",
    f"{PLANNING}.attendance.within_between",
    f"{PLANNING}.mechanism.mediation",
)


@contextmanager
def without_models() -> Iterator[None]:
    """No model can be fitted: what is listed is the same, and found sooner."""
    with ExitStack() as stack:
        for name in MODELS:
            stack.enter_context(patch(name, refuses))
        yield


def listed(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    """Every figure that is planned: its name, which numbers it has, and the check beside it."""
    design, _ = study()
    plan = plan_report(Answers.of(design, frame))
    return [
        (
            each.place,
            # Of a mean every number has its place, asked for or not.
            () if each.request.kind is Kind.MEAN else tuple(n.name for n in each.request.numbers),
            each.model and each.model.check,
        )
        for each in plan.figures
        if each.place.table not in REFUSED_BY_NUMBER
    ]


SAYS = "see in which figures a report lists how many answered a question"


def test_a31_what_is_listed_follows_from_the_design() -> None:
    _, frame = study()
    usual = listed(frame)
    with without_models():
        differ = [name for name, erase in CASES.items() if listed(erase(frame)) != usual]
    assert_harmless(Measured("A31", SAYS, len(CASES), len(differ), 0.0, len(differ)))


def test_a31_it_is_seen_where_what_nobody_answered_is_left_out() -> None:
    _, frame = study()
    left_out = CASES["nobody answered"](frame).drop(EVERY)
    with without_models():
        seen = listed(left_out) != listed(frame)
    against = "columns without answers left out"
    assert_succeeds(Measured("A31", SAYS, 1, seen, 0.0, int(seen), against))


def rows(report: Report, table: str, key: str) -> list[tuple[object, ...]]:
    """The cells of one question's lines, without the question itself."""
    return [row.cells[1:] for row in report.table(table).rows if row.key.startswith(key)]


@pytest.mark.parametrize("few", [0, 4])
def test_a_question_few_answered_stands_there_and_is_withheld(few: int) -> None:
    design, frame = study()
    erased = only(["BEN1"], few, "r1", "r2", "r3")(frame)
    with without_models():
        report, _ = build_report(design, erased, Ledger(), kp1())
    shown = rows(report, "T4-BEN", "BEN1@")
    assert len(shown) == ROUNDS
    assert all(isinstance(cells[1], Withheld) for cells in shown)
    assert Sentence("withheld.sentence") in report.table("T4-BEN").notes


def test_a_theme_nobody_wrote_of_stands_there_too() -> None:
    design, frame = centre(groups=10)
    said = coded(design, frame, writes=0.0)
    report, _ = build_report(design, frame, Ledger(), kp1(), coded=said)
    shown = report.table("T13").rows
    assert len(shown) == len(said.codebook.codes)
    assert all(isinstance(row.cells[1], Withheld) for row in shown)


def flows(frame: pl.DataFrame) -> dict[str, object]:
    """How many came back, as T12-flow and T1 tell it."""
    design, _ = centre(groups=10, rounds=2, response=0.95)
    answers = Answers.of(design, frame)
    planned = plan_participation(answers).joined(plan_returns(answers))
    judgement = judge(planned.requests, policy=kp1(), audience=Audience.CENTRE, ledger=Ledger())
    return {
        f"{each.cell}:{count.name}": count
        for each in judgement.released
        if each.kind == Kind.FLOW
        for count in each.counts
        if each.table == "T12-flow" or count.name == "linked"
    }


def test_a8_a_class_of_those_who_came_back_does_not_tell_how_many_there_were() -> None:
    """All came back but one. "At least 69" of those who answered would tell that they were 73."""
    _, frame = centre(groups=10, rounds=2, response=1.0)
    people = sorted(set(frame["participant"]))[:58]
    told = set()
    tried = (55, 56, 57)
    for n in tried:
        kept = people[:n]
        later = kept[1:]
        some = frame.filter(
            (pl.col("round").eq("r1") & pl.col("participant").is_in(kept))
            | (pl.col("round").eq("r2") & pl.col("participant").is_in(later))
        )
        told.add(str(sorted(flows(some).items(), key=str)))
    hits = len(tried) if len(told) > 1 else 0
    says = "find how many answered, exactly, from a class of those who came back"
    assert_harmless(Measured("A8", says, len(tried), hits, 0.0, hits))


def test_every_table_with_something_withheld_says_the_one_sentence() -> None:
    """The same words for whatever the reason was, in every table that holds a withheld cell."""
    design, frame = study()
    one_sentence = Sentence("withheld.sentence")
    with without_models():
        report, _ = build_report(design, CASES["4 answered last"](frame), Ledger(), kp1())
    for table in report.tables:
        cells = [cell for row in table.rows for cell in row.cells]
        is_withheld = any(isinstance(cell, Withheld) for cell in cells)
        assert (one_sentence in table.notes) == is_withheld, table.id
