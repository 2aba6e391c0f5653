"""Do names stand where a Norwegian and a Northern Sámi reader look for them, and can they be printed?"""

from __future__ import annotations

import random

import pytest
from fontTools.ttLib import TTFont

from knutepunkt.shared.alphabet import ALPHABET, in_order
from knutepunkt.shared.typefaces import TYPEFACES

#: The letters of the orthography of 1979, in its order.
NORTHERN_SAMI = "aábcčdđefghijklmnŋoprsštŧuvzž"


@pytest.mark.parametrize(
    "names",
    [
        ["Andøya", "Lofoten", "Ytre Enebakk", "Ænes", "Østre", "Åsheim"],
        ["Bergen", "Oslo", "Ålesund", "Aasen"],
        ["Ákšu", "Čáhci", "Dálvi", "Đoavvi", "Giella", "Šaddu", "Ŧoarvi", "Vuonat", "Žiga"],
        ["Guovdageaidnu", "Kárášjohka", "Unjárga", "Ørsta"],
        ["gruppe 2", "Gruppe A", "Gruppe Å"],
    ],
)
def test_names_are_sorted_as_people_look_them_up(names: list[str]) -> None:
    mixed = names[:]
    random.Random(3).shuffle(mixed)
    assert sorted(mixed, key=in_order) == names


def test_both_alphabets_keep_their_own_order() -> None:
    for own in (NORTHERN_SAMI, "abcdefghijklmnopqrstuvwxyzæøå"):
        assert sorted(own, key=in_order) == list(own)
    assert set(NORTHERN_SAMI) < set(ALPHABET)


def letters_of(font: str) -> set[int]:
    return set(TTFont(TYPEFACES / f"{font}.otf").getBestCmap())


def test_the_typefaces_of_the_sheets_have_the_letters() -> None:
    wanted = {ord(one) for one in ALPHABET + ALPHABET.upper()}
    for cut in ("Regular", "It", "Semibold"):
        assert wanted <= letters_of(f"SourceSans3-{cut}")
    # The headings' serif lacks one letter, which is then set in the sans (sheets/common.typ).
    assert {chr(one) for one in wanted - letters_of("SourceSerif4-Semibold")} <= {"ŧ", "Ŧ"}
