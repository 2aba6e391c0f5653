"""Are codes and words forgiving to fingers, and hard to guess?"""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knutepunkt.responses import codes, receipts
from knutepunkt.shared.ids import READABLE


def test_a_code_is_printed_in_groups_and_read_back_however_it_is_typed() -> None:
    code = codes.new_code()
    assert [len(part) for part in code.split("-")] == [3, 3, 3]
    bare = code.replace("-", "")
    for typed in (code, bare, code.lower(), f"  {bare[:4]} {bare[4:]} "):
        assert codes.typed(typed) == bare


def test_every_single_wrong_character_is_noticed() -> None:
    bare = codes.new_code().replace("-", "")
    for at in range(len(bare)):
        for other in READABLE:
            if other != bare[at]:
                assert codes.typed(bare[:at] + other + bare[at + 1 :]) is None


def test_most_exchanged_neighbours_are_noticed() -> None:
    tried = noticed = 0
    for _ in range(300):
        bare = codes.new_code().replace("-", "")
        for at in range(len(bare) - 1):
            if bare[at] != bare[at + 1]:
                tried += 1
                swapped = bare[:at] + bare[at + 1] + bare[at] + bare[at + 2 :]
                noticed += codes.typed(swapped) is None
    assert noticed / tried > 0.99


@pytest.mark.parametrize("text", ["", "K7M", "O00-000-000", "x" * 10_000, "ææææææææ"])
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert codes.typed(text) is None


@pytest.mark.usefixtures("_keys_apart")
def test_a_code_cannot_be_found_from_its_digest_without_the_key(settings: object) -> None:
    code = codes.new_code().replace("-", "")
    digest = codes.code_digest(code)
    assert digest == codes.code_digest(code)
    assert digest != hashlib.sha256(code.encode()).digest()


def test_the_list_has_1024_words_that_any_keyboard_can_tell_apart() -> None:
    words = receipts.word_list()
    assert len(words) == len({receipts.plain(word) for word in words}) == 1024


@given(st.binary(min_size=8, max_size=8))
def test_words_are_read_back(entropy: bytes) -> None:
    words = receipts.words_of(entropy)
    assert len(words) == 7
    assert receipts.read_words(" ".join(words)) == words
    assert receipts.read_words(", ".join(words).upper()) == words
    assert receipts.read_words("\n".join(receipts.plain(word) for word in words)) == words


def test_different_randomness_gives_different_words() -> None:
    assert len({receipts.words_of(number.to_bytes(8, "big")) for number in range(2000)}) == 2000


def test_a_wrong_letter_is_put_right_or_refused_never_taken_for_another_card() -> None:
    put_right = 0
    for number in range(200):
        words = receipts.words_of(hashlib.sha256(bytes([number])).digest()[:8])
        mistyped = list(words)
        mistyped[3] = mistyped[3][:-1] + "x"
        read = receipts.read_words(" ".join(mistyped))
        assert read in (words, None) or read != words
        put_right += read == words
    assert put_right > 100


def test_words_in_another_order_are_not_the_same_card() -> None:
    wrongly_read = 0
    for number in range(300):
        words = receipts.words_of(hashlib.sha256(bytes([number % 256, number // 256])).digest()[:8])
        wrongly_read += receipts.read_words(" ".join(reversed(words))) is not None
    assert wrongly_read < 20  # six bits of check let one in 64 pass


def test_the_digest_is_slow_and_bound_to_the_round() -> None:
    words = receipts.new_words()
    expected = hashlib.pbkdf2_hmac(
        "sha256", " ".join(map(receipts.plain, words)).encode(), b"a" * 16, 4096, 32
    )
    assert receipts.receipt_digest(words, b"a" * 16) == expected
    assert receipts.receipt_digest(words, b"b" * 16) != expected
