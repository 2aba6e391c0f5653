"""Is a text that names somebody, a group or a place found, and one that does not left alone?"""

from __future__ import annotations

import pytest

from knutepunkt.analysis.coding import identifying_words, words_of_names

NAMES = words_of_names(["Sorg etter dødsfall", "Onsdagsgruppa", "Marit Haugland", "Vågsund"])


@pytest.mark.parametrize(
    "text",
    [
        "Marit var god å snakke med.",
        "marit hjalp meg",
        "Det var marits måte å lede på.",
        "Vi møttes i vågsund.",
        "onsdagsgruppa reddet meg",
        "Sorgen ble lettere.",
        "sorg etter dødsfall er tungt",
        "Jeg traff Kari der.",
        "Alt ble bedre på Toten.",
        "Jeg er 47 og alene.",
        "Ring meg på 91 23 45 67.",
        "Skriv til meg@post.no",
        "Siden 3.5. har det gått bra",
    ],
)
def test_names_are_found(text: str) -> None:
    assert identifying_words(text, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "Roen. Ingen som skal fikse meg.",
        "At jeg ikke er alene.",
        "Det er det. Jeg fikk 2 nye venner!",
        "Så sa jeg: «Nei.» Det var nytt.",
        "I felt that I was not alone, and I'm glad.",
        "Men hva Jeg syns, er at gruppa er god.",
    ],
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert not identifying_words(text, NAMES)


def test_what_everybody_writes_is_no_name() -> None:
    assert "gruppe" not in words_of_names(["Åpen gruppe for voksne"])
    assert "åpen gruppe for voksne" in words_of_names(["Åpen gruppe for voksne"])
