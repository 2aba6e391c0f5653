"""Are rounds and answers put in order only where their names tell?"""

from __future__ import annotations

import pytest

from knutepunkt.cli.existing.ordering import options_in_order, rounds_in_time


@pytest.mark.parametrize(
    ("names", "in_time"),
    [
        (("etter", "før"), ("før", "etter")),
        (("Oppfølging", "Etter", "Før"), ("Før", "Etter", "Oppfølging")),
        (("post", "pre"), ("pre", "post")),
        (("t10", "t2", "t1"), ("t1", "t2", "t10")),
        (("2. runde", "1. runde"), ("1. runde", "2. runde")),
        (("12", "6", "0.5"), ("0.5", "6", "12")),
        (("2026-09", "2026-02"), ("2026-02", "2026-09")),
        (("bare én",), ("bare én",)),
        (("vår", "høst"), None),
        (("pre", "before"), None),
        (("høst 2025", "vår 2026"), None),
    ],
)
def test_rounds_stand_in_time_or_nobody_knows(names, in_time) -> None:
    assert rounds_in_time(names) == in_time


@pytest.mark.parametrize(
    ("words", "ordered"),
    [
        (
            ("Stor nytte", "Ingen nytte", "Noe nytte"),
            ("Ingen nytte", "Noe nytte", "Stor nytte"),
        ),
        (("Heilt einig", "Ueinig", "Einig"), ("Ueinig", "Einig", "Heilt einig")),
        (("Yes", "No"), ("No", "Yes")),
        (("kvinne", "mann"), None),
        (("enig", "einig"), None),
    ],
)
def test_answers_stand_from_least_to_most_or_nobody_knows(words, ordered) -> None:
    assert options_in_order(words) == ordered
