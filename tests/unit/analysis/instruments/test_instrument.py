"""Is an instrument one immutable thing, read whole or refused with the reasons?"""

import dataclasses
import hashlib
import json

import pytest

from knutepunkt.analysis.instruments import (
    Instrument,
    InstrumentRefused,
    ItemKind,
    OwnQuestion,
    QuestionRisk,
    Texts,
    read_catalogue,
)

WORDS = {"nb": "a", "nn": "b", "en": "c"}


def small(**changes: object) -> dict[str, object]:
    """A small instrument as JSON data, with some fields changed."""
    answers = [{"code": code, "texts": WORDS} for code in (1, 2, 3)]
    return {
        "id": "small",
        "version": "1",
        "title": WORDS,
        "intro": WORDS,
        "licence": "MIT",
        "source": "own",
        "parts": [{"id": "P", "texts": WORDS}],
        "items": [
            {"id": one, "kind": "scale", "part": "P", "texts": WORDS, "response_set": "S"}
            for one in ("A1", "A2", "A3")
        ],
        "response_sets": [{"id": "S", "options": answers}],
        "scales": [
            {"id": "A", "texts": WORDS, "items": ["A1", "A2"], "role": "outcome", "high": 3}
        ],
        **changes,
    }


def refused(source: dict[str, object]) -> list[str]:
    with pytest.raises(InstrumentRefused) as caught:
        Instrument.from_json(json.dumps(source))
    return [problem.sentence for problem in caught.value.problems]


def test_writing_and_reading_give_the_same_instrument() -> None:
    for instrument in read_catalogue().values():
        assert Instrument.from_json(instrument.to_json()) == instrument
        assert Instrument.from_json(instrument.to_json(indent=2)).hash == instrument.hash


def test_the_hash_is_that_of_the_canonical_json_and_blind_to_layout() -> None:
    source = small()
    instrument = Instrument.from_json(json.dumps(source))
    turned = Instrument.from_json(json.dumps(dict(reversed(source.items())), indent=4))
    assert turned.hash == instrument.hash
    assert instrument.hash == hashlib.sha256(instrument.to_json().encode()).hexdigest()
    changed = Instrument.from_json(json.dumps(small(version="2")))
    assert changed.hash != instrument.hash


def test_it_cannot_be_changed() -> None:
    instrument = read_catalogue()["participant_survey"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        instrument.version = "2"  # type: ignore[misc]


def test_a_missing_language_falls_back_to_bokmaal() -> None:
    texts = Texts(nb="god dag", nn="god dag", en="hello")
    assert texts.in_language("se") == "god dag"
    assert texts.in_language("en-gb") == "hello"
    assert texts.in_language("fr") == "god dag"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sclaes": []}, "sclaes: There is no field of this name. Check the spelling."),
        ({"title": {"nb": "a", "en": "c"}}, "title.nn: The field is missing. Write it."),
        (
            {"title": {"nb": "a", "nn": " ", "en": "c"}},
            "title: There is no wording in nn. Write it in each language.",
        ),
        ({"licence": ""}, "licence: It is empty. State it, so that others know what they may do."),
        (
            {"skip_rules": [{"item": "A2", "operator": "in", "values": [1], "show": ["A1"]}]},
            "skip_rules[0]: It must show items that stand after A2. "
            "Move the item, or turn the rule round.",
        ),
        (
            {"skip_rules": [{"item": "A9", "operator": "answered", "show": ["A1"]}]},
            "skip_rules[0]: There is no item 'A9'. Name items of this instrument.",
        ),
        (
            {"skip_rules": [{"item": "A1", "operator": "at_least", "show": ["A2"]}]},
            "skip_rules[0]: `at_least` takes one value. Correct `values`.",
        ),
        (
            {"scales": [{"id": "A", "texts": WORDS, "items": ["A1", "X"], "role": "outcome"}]},
            "scales.A.X: It is no scale item of this instrument. Name scale items only.",
        ),
        (
            {"scales": [{"id": "A", "texts": WORDS, "items": ["A1"], "role": "outcome"}]},
            "scales.A.A1: Its answers run 1-3, the scale 1.0-5.0. "
            "Let both run between the same ends.",
        ),
        (
            {"parts": [{"id": "P", "texts": WORDS}, {"id": "Q", "texts": WORDS}]},
            "parts.Q: It holds no item. Add one or remove the part.",
        ),
    ],
)
def test_each_fault_has_its_sentence(changes: dict[str, object], expected: str) -> None:
    assert expected in refused(small(**changes))


def test_a_scale_with_a_harm_item_is_refused() -> None:
    source = small()
    source["items"][0]["harm"] = True  # type: ignore[index]
    assert refused(source) == [
        "scales.A.A1: Items about harm are reported one by one. Take it out of the scale."
    ]


def test_merges_must_be_partitions_from_fine_to_coarse() -> None:
    source = small()
    two = [{"codes": [1], "texts": WORDS}, {"codes": [2], "texts": WORDS}]
    source["response_sets"][0]["merges"] = [two]  # type: ignore[index]
    assert refused(source) == [
        "response_sets.S.merges[0]: The merged categories do not hold every code exactly once. "
        "Place each code in one category."
    ]


def test_a_file_that_is_no_json_is_refused() -> None:
    with pytest.raises(InstrumentRefused, match="file: Invalid JSON"):
        Instrument.from_json("{")


def own(kind: ItemKind = ItemKind.SINGLE_CHOICE, options: int = 2, **more: str) -> OwnQuestion:
    words = Texts("a", "b", "c")
    return OwnQuestion(kind, words, (words,) * options, **more)  # type: ignore[arg-type]


def test_own_questions_make_a_new_version_and_leave_the_old_one() -> None:
    survey = read_catalogue()["participant_survey"]
    questions = [own(), own(ItemKind.FREE_TEXT, 0), own(ItemKind.SCALE, 0, scale="AGREEMENT")]
    extended = survey.with_own_questions(questions)
    assert extended.hash != survey.hash
    assert extended.based_on == survey.hash
    assert [part.id for part in extended.parts] == ["P1", "P2", "P3", "P4", "P5", "OWN", "P6"]
    assert [item.id for item in extended.items_in("OWN")] == ["OWN1", "OWN2", "OWN3"]
    assert not any(item.own for item in survey.items)
    assert Instrument.from_json(extended.to_json()) == extended
    assert [question.risk for question in questions] == [
        QuestionRisk.LOW,
        QuestionRisk.HIGH,
        QuestionRisk.LOW,
    ]


@pytest.mark.parametrize(
    ("questions", "words"),
    [
        ([], "There are 0"),
        ([own()] * 6, "There are 6"),
        ([own(ItemKind.NUMBER)], "cannot be of the kind number"),
        ([own(options=1)], "from two to 7 options"),
        ([own(options=8)], "from two to 7 options"),
        ([own(ItemKind.FREE_TEXT, 2)], "Free text has no options"),
        ([own(ItemKind.SCALE, 0, scale="NONE")], "There is no response set 'NONE'"),
    ],
)
def test_unfit_own_questions_are_refused(questions: list[OwnQuestion], words: str) -> None:
    with pytest.raises(InstrumentRefused, match=words):
        read_catalogue()["participant_survey"].with_own_questions(questions)


def test_own_questions_are_added_once() -> None:
    extended = read_catalogue()["participant_survey"].with_own_questions([own()])
    with pytest.raises(InstrumentRefused, match="already has own questions"):
        extended.with_own_questions([own()])
