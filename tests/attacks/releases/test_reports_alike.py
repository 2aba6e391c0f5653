"""A6 in whole reports: what is there, and what is not, when everyone is alike in some way.

Two rounds with the same people. In each case there is something that nobody differs in, or does not,
or one or two do; which numbers, tables, sentences and notes a report holds, in any format, must not
say which.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from knutepunkt.analysis.disclosure import Ledger, Policy, kp1
from knutepunkt.analysis.report import Design, build_report
from knutepunkt.analysis.report.notation import to_json
from knutepunkt.evaluations.presenters.files import files_of
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.attacks.releases.weakened import without
from tests.unit.analysis.report.sample import centre

DIFFERING = (0, 1, 2)
ITEM = "MES1"
SCALE = [f"MES{i}" for i in range(1, 6)]
ATTENDANCE = "OPP2"
Change = Callable[[pl.DataFrame, int], pl.DataFrame]


def column(frame: pl.DataFrame, name: str, values: list[int | None]) -> pl.DataFrame:
    return frame.with_columns(pl.Series(name, values, dtype=pl.Int8))


def same(frame: pl.DataFrame, names: list[str], differing: int, *rounds: str) -> pl.DataFrame:
    """Everyone answers 3 to all of them; so many answer 1 to the first of them."""
    here = frame["round"].is_in(list(rounds)).to_list()
    first = [place for place, asked in enumerate(here) if asked][:differing]
    for name in names:
        values = [3 if asked else v for v, asked in zip(frame[name].to_list(), here, strict=True)]
        if name == names[0]:
            values = [1 if place in first else v for place, v in enumerate(values)]
        frame = column(frame, name, values)
    return frame


def alike_once(frame: pl.DataFrame, differing: int) -> pl.DataFrame:
    return same(frame, SCALE, differing, "r1")


def alike_always(frame: pl.DataFrame, differing: int) -> pl.DataFrame:
    return same(frame, SCALE, differing, "r1", "r2")


def attend_alike(frame: pl.DataFrame, differing: int) -> pl.DataFrame:
    return same(frame, [ATTENDANCE], differing, "r1", "r2")


def mechanism_alike(frame: pl.DataFrame, differing: int) -> pl.DataFrame:
    names = [name for name in frame.columns if name.startswith("MEK")]
    return same(frame, names, differing, "r1", "r2")


def one_item_alike(frame: pl.DataFrame, differing: int) -> pl.DataFrame:
    return same(frame, [ITEM], differing, "r1", "r2")


def nobody_changes(frame: pl.DataFrame, differing: int) -> pl.DataFrame:
    """On one outcome everyone answers in the second round what they answered in the first."""
    first = {p: i for i, p in enumerate(frame["participant"]) if frame["round"][i] == "r1"}
    changed = 0
    columns = {name: frame[name].to_list() for name in SCALE}
    for place, (person, at) in enumerate(frame.select("participant", "round").iter_rows()):
        if at != "r2" or person not in first:
            continue
        for name in SCALE:
            columns[name][place] = columns[name][first[person]]
        if changed < differing and columns[ITEM][place]:
            columns[ITEM][place] = 1 if columns[ITEM][place] > 3 else 5
            changed += 1
    for name, values in columns.items():
        frame = column(frame, name, values)
    return frame


def groups_of_one_mind(frame: pl.DataFrame, differing: int) -> pl.DataFrame:
    """In each group everyone gives the group's answers, another in each round; one or two do not."""
    groups = {name: place for place, name in enumerate(sorted(set(frame["group"])))}
    rounds = {name: place for place, name in enumerate(sorted(set(frame["round"])))}
    for name in SCALE:
        values: list[int | None] = [
            1 + (2 * groups[group] + rounds[each] * (1 + groups[group] % 3)) % 5
            for group, each in frame.select("group", "round").iter_rows()
        ]
        for place in range(differing):
            values[3 * place] = 1 if (values[3 * place] or 0) > 3 else 5
        frame = column(frame, name, values)
    return frame


def nobody_answers(frame: pl.DataFrame, differing: int) -> pl.DataFrame:
    """Everyone skips one question in both rounds, or one person answers it, or two."""
    values: list[int | None] = [None] * frame.height
    for place in range(differing):
        values[place] = 4
    return column(frame, "BEN1", values)


CASES: dict[str, Change] = {
    change.__name__: change
    for change in (
        alike_once, alike_always, attend_alike, mechanism_alike, one_item_alike, nobody_changes,
        groups_of_one_mind, nobody_answers,
    )
}  # fmt: skip


MOVES_MEANS = ("nobody_changes", "groups_of_one_mind")


@dataclass(frozen=True)
class Seen:
    """A report as data with its release, and as every file of one language."""

    data: str
    files: dict[str, bytes]


@cache
def study() -> tuple[Design, pl.DataFrame]:
    design, frame = centre(groups=12, rounds=2, response=0.95)
    return replace(design, attendance=ATTENDANCE), frame


@cache
def told(case: str, differing: int, clause: str = "", *, written: bool = False) -> Seen:
    design, frame = study()
    policy: Policy = without(clause) if clause else kp1()
    report, judgement = build_report(design, CASES[case](frame, differing), Ledger(), policy)
    whole = json.loads(to_json(report))
    whole.pop("certificate")
    files = files_of(report, "nb") if written else {}
    return Seen(json.dumps([whole, judgement.document], sort_keys=True), files)


def proves(case: str) -> bool:
    """Whether a report where nobody differs is like none where one or two do.

    Who changes moves an ordinary mean as well, and who differs from a group; there it is what a report
    holds that is compared.
    """

    def seen(differing: int) -> str:
        data = told(case, differing).data
        return re.sub(r"-?\d+\.\d+", "x", data) if case in MOVES_MEANS else data

    alike = seen(DIFFERING[0])
    return all(seen(differing) != alike for differing in DIFFERING[1:])


SAYS = "see in which numbers, notes and sentences a report has that nobody differed"


def test_a_whole_report_does_not_prove_that_everyone_was_alike() -> None:
    found = [case for case in CASES if proves(case)]
    assert_harmless(Measured("A6", SAYS, len(CASES), len(found), 0.0, len(found)))


def test_no_file_of_it_does_either() -> None:
    """Every format is written from the same report; compared all the same, to the last byte."""
    alike, one = (told("attend_alike", k, written=True).files for k in DIFFERING[:2])
    differ = [name for name in alike.keys() | one.keys() if alike.get(name) != one.get(name)]
    says = "see in any byte of any format that everyone attends alike"
    assert_harmless(Measured("A6", says, len(alike), len(differ), 0.0, len(differ)))


def test_it_proves_it_where_a_spread_is_told_however_small() -> None:
    """Without P3 the same comparison sees that nobody differs."""
    cases = ("alike_always",)
    found = sum(
        told(case, 0, "P3").data not in {told(case, k, "P3").data for k in DIFFERING[1:]}
        for case in cases
    )
    assert_succeeds(Measured("A6", SAYS, len(cases), found, 0.0, found, "KP-1 without P3"))
