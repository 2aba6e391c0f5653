"""Are possible answers kept as they came, and all others refused with a reason?"""

import json
from typing import Any

import polars as pl
import pytest

from knutepunkt.analysis.instruments import (
    AnswersRefused,
    Instrument,
    answers_frame,
    answers_from_form,
    outside_codes,
    read_catalogue,
    score,
    validate_answers,
)
from tests.unit.analysis.instruments.test_instrument import WORDS, small


@pytest.fixture(scope="module")
def survey() -> Instrument:
    return read_catalogue()["participant_survey"]


@pytest.fixture(scope="module")
def mixed() -> Instrument:
    """Every kind of item, and a rule."""
    item = {"part": "P", "texts": WORDS}
    items = [
        {"id": "ONE", "kind": "single_choice", "response_set": "S", **item},
        {"id": "MANY", "kind": "multiple_choice", "response_set": "S", **item},
        {"id": "WHOLE", "kind": "number", "minimum": 0, "maximum": 40, **item},
        {
            "id": "HOURS",
            "kind": "number",
            "minimum": -1,
            "maximum": 24,
            "whole_numbers": False,
            **item,
        },
        {"id": "TEXT", "kind": "free_text", "longest": 10, **item},
        {"id": "NOTE", "kind": "information", **item},
    ]
    rules = [{"item": "ONE", "operator": "in", "values": [1], "show": ["MANY"]}]
    return Instrument.from_json(json.dumps(small(items=items, scales=[], skip_rules=rules)))


def test_good_answers_come_back_unchanged(mixed: Instrument) -> None:
    answers = {
        "ONE": 1,
        "MANY": [3, 1],
        "WHOLE": 40,
        "HOURS": 1.5,
        "TEXT": {"text": "æ\n🙂", "may_quote": False},
    }
    assert validate_answers(mixed, answers) == answers
    assert validate_answers(mixed, {"ONE": 1, "MANY": -1}) == {"ONE": 1, "MANY": -1}
    assert validate_answers(mixed, {}) == {}


@pytest.mark.parametrize(
    ("item", "value", "code"),
    [
        ("ONE", 4, "not_an_option"),
        ("ONE", 0, "not_an_option"),
        ("ONE", -3, "not_an_option"),
        ("ONE", True, "wrong_form"),
        ("ONE", 1.0, "wrong_form"),
        ("ONE", "1", "wrong_form"),
        ("ONE", None, "wrong_form"),
        ("ONE", [1], "wrong_form"),
        ("MANY", [], "empty"),
        ("MANY", [1, 1], "chosen_twice"),
        ("MANY", [1, 9], "not_an_option"),
        ("MANY", [1, 2, 3, 1], "too_many"),
        ("WHOLE", 41, "out_of_range"),
        ("WHOLE", -1, "out_of_range"),
        ("WHOLE", 1.5, "wrong_form"),
        ("HOURS", float("nan"), "wrong_form"),
        ("HOURS", float("inf"), "wrong_form"),
        ("TEXT", {"text": "x" * 11}, "too_long"),
        ("TEXT", {"text": " \n"}, "empty"),
        ("TEXT", {"text": "a\x00b"}, "control_characters"),
        ("TEXT", {"text": "a\ud800"}, "wrong_form"),
        ("TEXT", {"text": "a", "may_quote": True}, "quote_not_asked"),
        ("TEXT", {"text": "a", "name": "Kari"}, "unknown_item"),
        ("TEXT", "a", "wrong_form"),
        ("NOTE", 1, "unknown_item"),
        ("OTHER", 1, "unknown_item"),
    ],
)
def test_each_fault_names_item_and_reason_and_never_the_answer(
    mixed: Instrument, item: str, value: Any, code: str
) -> None:
    with pytest.raises(AnswersRefused) as caught:
        validate_answers(mixed, {"ONE": 1, item: value})
    assert [(fault.item, fault.code) for fault in caught.value.faults] == [(item, code)]
    assert "Kari" not in str(caught.value)


def test_an_answer_to_a_hidden_item_is_refused_not_dropped(mixed: Instrument) -> None:
    with pytest.raises(AnswersRefused, match="MANY: hidden"):
        validate_answers(mixed, {"ONE": 2, "MANY": [1]})


def test_a_whole_answer_has_a_largest_size(mixed: Instrument) -> None:
    item = {"kind": "free_text", "part": "P", "texts": WORDS, "longest": 4000}
    items = [{"id": f"T{number}", **item} for number in range(9)]
    wordy = Instrument.from_json(json.dumps(small(items=items, scales=[])))
    answers = {one["id"]: {"text": "x" * 4000} for one in items}
    with pytest.raises(AnswersRefused, match="too_large"):
        validate_answers(wordy, answers)


def test_a_form_becomes_answers(mixed: Instrument, survey: Instrument) -> None:
    fields = {
        "ONE": ["1"],
        "MANY": ["3", "1"],
        "WHOLE": [" 7 "],
        "HOURS": ["1,5"],
        "TEXT": ["a\r\nb "],
        "state": ["sealed"],
    }
    assert answers_from_form(mixed, fields, beside=["state"]) == {
        "ONE": 1,
        "MANY": [3, 1],
        "WHOLE": 7,
        "HOURS": 1.5,
        "TEXT": {"text": "a\nb", "may_quote": False},
    }
    assert answers_from_form(mixed, {"MANY": ["2"]}) == {"MANY": [2]}
    assert answers_from_form(mixed, {"MANY": ["-1"], "ONE": [""]}) == {"MANY": -1}
    quoted = answers_from_form(survey, {"FRI1": ["ord"], "FRI1.may_quote": ["on"]})
    assert quoted == {"FRI1": {"text": "ord", "may_quote": True}}


@pytest.mark.parametrize("fields", [{"ONE": ["x"]}, {"ONE": ["1", "2"]}, {"WHOLE": ["1.5"]}])
def test_a_forged_form_reaches_the_validator_and_is_refused(
    mixed: Instrument, fields: dict[str, list[str]]
) -> None:
    with pytest.raises(AnswersRefused):
        validate_answers(mixed, answers_from_form(mixed, fields))


def test_an_unknown_field_is_refused(mixed: Instrument) -> None:
    with pytest.raises(AnswersRefused, match="NOTE: unknown_item"):
        answers_from_form(mixed, {"NOTE": ["1"]})


def test_the_frame_holds_every_answer(mixed: Instrument) -> None:
    frame = answers_frame(
        mixed, [{"ONE": 1, "MANY": [3, 1], "HOURS": 1.5}, {"MANY": -1, "TEXT": {"text": "ja"}}]
    )
    assert frame["ONE"].to_list() == [1, None]
    assert frame["MANY"].to_list() == [[3, 1], [-1]]
    assert frame["TEXT"].to_list() == [None, "ja"]
    assert frame["TEXT.may_quote"].to_list() == [None, False]
    assert frame.schema["ONE"] == pl.Int8


def test_scores_by_hand(survey: Instrument) -> None:
    """MES5 is reversed: 2 counts as 4. Four of five items give a score, three do not."""
    frame = answers_frame(
        survey,
        [
            {"MES1": 5, "MES2": 4, "MES3": 3, "MES4": 4, "MES5": 2},
            {"MES1": 5, "MES2": 4, "MES3": -1, "MES4": 4, "MES5": 2},
            {"MES1": 5, "MES2": 4, "MES3": -2, "MES5": 2},
            {"TIL1": 1, "TIL2": 1, "KOM1": 5},
        ],
    )
    scored = score(frame, survey)
    assert scored["MES"].to_list() == [4.0, 17 / 4, None, None]
    assert scored["TIL"].to_list() == [None, None, None, 3.0]
    assert scored["KOM"].to_list() == [None] * 4


def test_codes_that_are_no_answer_are_counted(survey: Instrument) -> None:
    frame = pl.DataFrame({"BEN1": [1, 7, -1, None], "BEN2": [1, 2, 3, 5]}, schema_overrides=None)
    assert outside_codes(frame, survey) == {"BEN1": 1}
