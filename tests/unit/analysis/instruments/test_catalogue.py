"""Does the shipped participant survey say what it is meant to say?"""

import re

import pytest

from knutepunkt.analysis.instruments import Instrument, ItemKind, read_catalogue

# Forms of bokmål that have no place in a nynorsk text.
BOKMAAL = re.compile(
    r"\b(ikke|hva|hvem|hvor|hvordan|hvorfor|jeg|fra|noen|noe|mye|uke|dere|vært|gjøre"
    r"|selvhjelp\w*|spørre\w*|\w+else|\w+het|\w+lige)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def survey() -> Instrument:
    return read_catalogue()["participant_survey"]


def test_parts_hold_the_items_in_the_agreed_order(survey: Instrument) -> None:
    assert [(part.id, [item.id for item in survey.items_in(part.id)]) for part in survey.parts] == [
        ("P1", ["OPP1", "OPP2", "OPP3"]),
        ("P2", ["BEN1", "BEN2", "BEN3", "BEN4", "BEN5"]),
        ("P3", ["MEK1", "MEK2", "MEK3", "MEK4", "MEK5", "MEK6", "NEG1", "NEG2"]),
        ("P4", ["MES1", "MES2", "MES3", "MES4", "MES5", "TIL1", "TIL2", "TIL3", "KOM1", "KOM2"]),
        ("P5", ["TJE1", "TJE2", "NEG3"]),
        ("P6", ["FRI1", "FRI2", "FRI3", "BAK1", "BAK2"]),
    ]


def test_scales_roles_and_reversed_items(survey: Instrument) -> None:
    assert {scale.id: len(scale.items) for scale in survey.scales} == {
        "BEN": 5,
        "MES": 5,
        "TIL": 3,
        "KOM": 2,
        "MEK": 6,
    }
    assert [scale.id for scale in survey.scales if scale.primary] == ["MES"]
    assert survey.scale("MES").smallest_change == 0.3
    assert survey.scale("BEN").centre == 3
    assert {item.id for item in survey.items if item.reversed} == {"MES5", "TIL2"}
    assert [scale.least_answered for scale in survey.scales] == [4, 4, 2, 2, 4]


def test_harm_is_asked_three_times_and_summed_never(survey: Instrument) -> None:
    assert [item.id for item in survey.harm_items] == ["NEG1", "NEG2", "NEG3"]
    assert not {"NEG1", "NEG2", "NEG3"} & {one for scale in survey.scales for one in scale.items}
    assert [part.id for part in survey.parts if survey.part_asks_about_harm(part.id)] == [
        "P3",
        "P5",
        "P6",
    ]


def test_every_closed_item_may_be_declined_and_every_text_asks_before_quoting(
    survey: Instrument,
) -> None:
    closed = [item for item in survey.items if item.is_closed]
    assert all(item.does_not_apply and item.prefer_not_to_say for item in closed)
    texts = [item for item in survey.items if item.kind is ItemKind.FREE_TEXT]
    assert [item.id for item in texts] == ["FRI1", "FRI2", "FRI3"]
    assert all(item.consent_to_quote for item in texts)


def test_gender_other_is_never_a_category_of_its_own(survey: Instrument) -> None:
    answers = survey.response_set_of(survey.item("BAK2"))
    assert [option.code for option in answers.options if option.always_merged] == [3]
    assert all(category.codes != (3,) for category in answers.merges[0])


def test_nynorsk_is_nynorsk(survey: Instrument) -> None:
    for item in survey.items:
        assert not BOKMAAL.search(item.texts.nn), item.texts.nn
    for answers in survey.response_sets:
        for option in answers.options:
            assert not BOKMAAL.search(option.texts.nn), option.texts.nn


def test_the_shipped_version_has_not_changed_under_the_same_number(survey: Instrument) -> None:
    """A changed word is a new version: give it a new number, then state its hash here.

    Until the first release the number stays; what changed last is how the report puts a class.
    """
    assert survey.version == "1.0"
    assert survey.hash == "a555e128226f2df03548d398cea2c8da5d58fda30f30df4738fb5d729f6c55ad"
