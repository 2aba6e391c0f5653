"""Is a codebook read as it was written, and refused with the line that is wrong?"""

from __future__ import annotations

import pytest

from knutepunkt.analysis.coding import Codebook, CodebookFault, read_codebook, shipped_codebook


def test_lines_become_codes_in_their_order_and_come_back_the_same() -> None:
    book = read_codebook("# themes\n\nhope: Håp | Von | Hope\ntime: Tid\n")
    assert book.ids == ("hope", "time")
    assert book.code("hope").texts.nn == "Von"
    assert book.code("time").texts.en == "Tid"
    assert read_codebook(book.as_lines()) == book
    assert Codebook.from_json(book.as_json()) == book


@pytest.mark.parametrize(
    ("text", "line", "kind"),
    [
        ("", 1, "empty"),
        ("hope Håp", 1, "no_name"),
        ("hope:", 1, "no_name"),
        ("a: A\nHope!: Håp", 2, "bad_id"),
        ("a: A\na: B", 2, "twice"),
        ("a: A | B", 1, "names"),
        ("a: A | | C", 1, "names"),
        ("a: " + "x" * 121, 1, "too_long"),
        ("\n".join(f"c{i}: C{i}" for i in range(31)), 31, "too_many"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, kind: str) -> None:
    with pytest.raises(CodebookFault) as refused:
        read_codebook(text)
    assert (refused.value.line, refused.value.kind) == (line, kind)


def test_the_shipped_codebook_has_names_in_three_languages() -> None:
    for code in shipped_codebook().codes:
        assert len({code.texts.nb, code.texts.nn, code.texts.en}) >= 2
        assert not code.texts.missing
