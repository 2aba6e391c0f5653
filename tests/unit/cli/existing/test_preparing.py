"""Does a design that does not fit its file say where, what, and what to do?"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from knutepunkt.cli.existing.description import read_description
from knutepunkt.cli.existing.drafting import draft_design
from knutepunkt.cli.existing.preparing import prepare
from knutepunkt.cli.existing.problems import BadInput
from knutepunkt.cli.existing.reading import read_table
from knutepunkt.cli.existing.study import design_of
from tests.unit.cli.existing.answers import DESIGN, invented

DAY = dt.date(2026, 3, 1)


@pytest.fixture
def laid_out(tmp_path: Path):
    """Prepare a frame under a design, as the command does."""

    def lay_out(frame: pl.DataFrame, design: str = DESIGN):
        frame.write_csv(tmp_path / "answers.csv")
        (tmp_path / "design.toml").write_text(design, encoding="utf-8")
        description = read_description(tmp_path / "design.toml")
        return prepare(read_table(tmp_path / "answers.csv"), description), description

    return lay_out


def _with(frame: pl.DataFrame, row: int, column: str, value: object) -> pl.DataFrame:
    values = frame[column].to_list()
    values[row] = value
    return frame.with_columns(pl.Series(column, values, dtype=None, strict=False))


def test_answers_come_out_as_codes_with_missing_as_nothing(laid_out) -> None:
    frame = invented()
    prepared, _ = laid_out(frame)
    assert prepared.rounds == ("before", "after")
    assert prepared.has_groups
    assert prepared.linked
    nines = (frame["hope2"] == 9).sum()
    assert nines > 0
    assert prepared.frame["i_hope2"].null_count() == nines
    assert prepared.frame["i_again"].to_list() == [
        {"no": 1, "perhaps": 2, "yes": 3}[each] for each in frame["again"]
    ]


def test_names_that_look_alike_are_the_same_name(laid_out) -> None:
    frame = invented(groups=3)
    names = frame["circle"].unique().sort().to_list()
    # Spaces before, after and between, one that does not break, and an accent in two letters.
    spelt = {
        names[0]: ["Fjellhø  A", " Fjellhø A", "Fjellhø\u00a0A "],
        names[1]: ["Café", "Cafe\u0301"],
    }
    written = [
        spelt[name][place % len(spelt[name])] if name in spelt else name
        for place, name in enumerate(frame["circle"])
    ]
    people = [f"{who} " if place % 2 else who for place, who in enumerate(frame["who"])]
    rounds = [f" {when}" if place % 3 else when for place, when in enumerate(frame["when"])]
    columns = {"circle": written, "who": people, "when": rounds}
    prepared, _ = laid_out(frame.with_columns(pl.Series(k, v) for k, v in columns.items()))
    assert sorted(prepared.frame["group"].unique()) == ["Café", "Fjellhø A", names[2]]
    assert prepared.frame["participant"].to_list() == frame["who"].to_list()
    assert prepared.rounds == ("before", "after")
    assert prepared.remarks == ()


def test_groups_that_differ_in_capital_letters_are_two_and_a_sentence_says_so(laid_out) -> None:
    frame = invented(groups=3)
    names = frame["circle"].unique().sort().to_list()
    prepared, _ = laid_out(_with(frame, 0, "circle", names[0].upper()))
    assert prepared.frame["group"].n_unique() == 4
    [said] = prepared.remarks
    assert said == (
        f"The groups {names[0].upper()!r} and {names[0]!r} differ only in capital letters and "
        "count as 2 groups. If they are one, write them alike in the file."
    )


def test_a_name_of_spaces_is_no_name(laid_out) -> None:
    with pytest.raises(BadInput, match=r"column 'circle'.*There is no value here"):
        laid_out(_with(invented(), 2, "circle", "  "))


@pytest.mark.parametrize(
    ("spoil", "place", "says"),
    [
        (lambda f: _with(f, 3, "hope1", 7), "row 5, column 'hope1'", "outside 1 to 5"),
        (lambda f: _with(f.cast({"hope1": pl.String}), 3, "hope1", "many"),
         "row 5, column 'hope1'", "is not a number"),
        (lambda f: _with(f.cast({"hope1": pl.Float64}), 3, "hope1", 2.5),
         "row 5, column 'hope1'", "whole number"),
        (lambda f: _with(f, 3, "again", "maybe"), "row 5, column 'again'", "not among the options"),
        (lambda f: _with(f, 3, "circle", None), "row 5, column 'circle'", "no value"),
        (lambda f: _with(f, 3, "when", "later"), "column 'when'", "rounds_in_order"),
        (lambda f: pl.concat([f, f.head(1)]), "row 194", "stands twice"),
        (lambda f: f.drop("hope2"), "column 'hope2'", "does not have it"),
    ],
)  # fmt: skip
def test_bad_input_names_the_place_and_a_remedy(laid_out, spoil, place, says) -> None:
    with pytest.raises(BadInput) as refused:
        laid_out(spoil(invented()))
    assert place in str(refused.value)
    assert says in str(refused.value)
    assert refused.value.remedy.rstrip().endswith(".")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("[study]", "[study]\ncolour = 3"), "colour"),
        (('low = 1', 'low = 5'), "low must be below high"),
        (('reversed = ["hope3"]', 'reversed = ["fear"]'), "not among the items"),
        (("smallest_change = 0.3", "smallest_change = -1"), "smallest_change"),
        (("[columns]", "[columns"), "not TOML"),
    ],
)  # fmt: skip
def test_a_faulty_design_is_named(laid_out, change, says) -> None:
    with pytest.raises(BadInput, match=r"design\.toml") as refused:
        laid_out(invented(), DESIGN.replace(*change))
    assert says in str(refused.value)


WIDE = """
[study]
title = "Wide"
[columns]
person = "id"
group = "none"
[[scores]]
id = "mood"
name = "Mood"
columns = { "first" = "m1", "later" = "m2" }
low = 0
high = 60
lower_is_better = true
reliability = 0.9
cutoff = 14
"""


def test_rounds_side_by_side_are_laid_below_each_other(laid_out) -> None:
    frame = pl.DataFrame({"id": ["a", "b", "c"], "m1": [30, 20, 10], "m2": [12, None, 8]})
    prepared, description = laid_out(frame, WIDE)
    assert prepared.rounds == ("first", "later")
    # Who left before a round has no row in it.
    assert prepared.frame.group_by("round").len().sort("round")["len"].to_list() == [3, 2]
    design = design_of(prepared, description, day=DAY, design_hash="0" * 64)
    measure = design.protocol.measure("mood")
    assert (measure.reliability, measure.cutoff, measure.lower_is_better) == (0.9, 14, True)


NORMS = "troubled = { mean = 22.0, sd = 9.0 }\nwell = { mean = 7.0, sd = 6.0 }\n"


def test_a_cutoff_is_worked_out_from_two_populations(laid_out) -> None:
    frame = pl.DataFrame({"id": ["a", "b", "c"], "m1": [30, 20, 10], "m2": [12, None, 8]})
    prepared, description = laid_out(frame, WIDE.replace("cutoff = 14\n", NORMS))
    measure = design_of(prepared, description, day=DAY, design_hash="0" * 64).protocol.measure(
        "mood"
    )
    # By hand: (6 * 22 + 9 * 7) / (9 + 6) = 195 / 15.
    assert measure.cutoff == 13.0
    assert measure.well is not None
    assert (measure.well.mean, measure.well.sd) == (7.0, 6.0)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (NORMS.splitlines()[0] + "\n", "give both troubled and well"),
        ("cutoff = 14\n" + NORMS, "either cutoff, or troubled and well"),
        (NORMS.replace("22.0", "2.0"), "well does not score better than troubled"),
        (NORMS.replace("9.0", "0.0"), "greater than 0"),
    ],
)  # fmt: skip
def test_two_populations_that_give_no_cutoff_are_refused(laid_out, lines, says) -> None:
    with pytest.raises(BadInput, match=r"design\.toml") as refused:
        laid_out(
            pl.DataFrame({"id": ["a"], "m1": [1], "m2": [2]}), WIDE.replace("cutoff = 14\n", lines)
        )
    assert says in str(refused.value)


def test_rounds_side_by_side_and_below_each_other_are_not_mixed(laid_out) -> None:
    mixed = WIDE + '[[scores]]\nid = "x"\nname = "X"\ncolumn = "m1"\nlow = 0\nhigh = 60\n'
    with pytest.raises(BadInput, match="two designs"):
        laid_out(pl.DataFrame({"id": ["a"], "m1": [1], "m2": [2]}), mixed)


def test_a_scale_that_does_not_begin_at_one_says_how_it_is_written(laid_out) -> None:
    frame = invented().with_columns(pl.col("hope1", "hope2", "hope3") - 1)
    design = DESIGN.replace("low = 1", "low = 0").replace("high = 5", "high = 4\ncutoff = 2.0")
    prepared, description = laid_out(frame, design.replace("values = [9]", "values = [8]"))
    scale = prepared.instrument.scale("hope")
    assert "0–4" in scale.texts.nb
    assert "1–5" in scale.texts.nb
    study = design_of(prepared, description, day=DAY, design_hash="0" * 64)
    assert study.protocol.measure("hope").cutoff == 3.0


def test_the_number_of_tiny_groups_is_not_told(laid_out) -> None:
    pairs = invented(groups=12, size=2)
    prepared, description = laid_out(pairs)
    design = design_of(prepared, description, day=DAY, design_hash="0" * 64)
    assert {each.group_count for each in design.rounds} == {None}
    prepared, description = laid_out(invented())
    design = design_of(prepared, description, day=DAY, design_hash="0" * 64)
    assert {each.group_count for each in design.rounds} == {12}


def test_a_drafted_design_runs_as_it_stands(laid_out, tmp_path: Path) -> None:
    frame = invented().rename({"who": "person", "circle": "group", "when": "round"})
    frame.write_csv(tmp_path / "answers.csv")
    draft = draft_design(read_table(tmp_path / "answers.csv"), DAY)
    assert "dated = 2026-03-01" in draft
    prepared, _ = laid_out(frame, draft)
    assert prepared.linked
    assert prepared.has_groups
    assert [scale.id for scale in prepared.instrument.scales] == ["hope"]


def test_rounds_whose_order_nobody_can_tell_are_asked_for(laid_out) -> None:
    design = DESIGN.replace('rounds_in_order = ["before", "after"]\n', "")
    spring = invented().with_columns(pl.col("when").replace({"before": "vår", "after": "høst"}))
    with pytest.raises(BadInput, match="which came first: 'høst', 'vår'") as refused:
        laid_out(spring, design)
    assert "rounds_in_order" in str(refused.value)
    told, _ = laid_out(invented(), design)
    assert told.rounds == ("before", "after")


def test_a_retest_is_named_in_the_design_and_needs_the_same_people(laid_out) -> None:
    frame = pl.DataFrame({"id": ["a", "b", "c"], "m1": [30, 20, 10], "m2": [12, None, 8]})
    again = WIDE.replace('title = "Wide"', 'title = "Wide"\nretest = ["first", "later"]')
    prepared, description = laid_out(frame, again)
    study = design_of(prepared, description, day=DAY, design_hash="0" * 64)
    assert study.retest == ("first", "later")
    with pytest.raises(BadInput, match=r"design\.toml") as refused:
        laid_out(frame, again.replace('person = "id"\n', ""))
    assert "retest needs columns.person" in str(refused.value)
