"""Does one definition of the rules show and hide the right items?"""

import json
from typing import Any

import pytest

from knutepunkt.analysis.instruments import (
    Instrument,
    Operator,
    SkipRule,
    definition_for_browser,
)
from knutepunkt.analysis.instruments.skip_rules import visible_items
from tests.unit.analysis.instruments.test_instrument import small


@pytest.mark.parametrize(
    ("operator", "values", "answer", "expected"),
    [
        (Operator.IN, (2, 3), 3, True),
        (Operator.IN, (2, 3), 1, False),
        (Operator.IN, (2, 3), None, False),
        (Operator.IN, (2,), [1, 2], True),
        (Operator.IN, (-1,), -1, True),
        (Operator.NOT_IN, (2,), 1, True),
        (Operator.NOT_IN, (2,), None, False),
        (Operator.NOT_IN, (2,), [1, 2], False),
        (Operator.AT_LEAST, (3,), 3, True),
        (Operator.AT_LEAST, (3,), 2, False),
        (Operator.AT_MOST, (3,), 3, True),
        (Operator.AT_MOST, (3,), -2, False),
        (Operator.ANSWERED, (), -1, True),
        (Operator.ANSWERED, (), "", False),
        (Operator.NOT_ANSWERED, (), None, True),
        (Operator.NOT_ANSWERED, (), {"text": "x"}, False),
    ],
)
def test_operators(
    operator: Operator, values: tuple[float, ...], answer: Any, expected: bool
) -> None:
    assert SkipRule("Q", operator, ("R",), values).holds(answer) is expected


def test_a_hidden_item_hides_what_hangs_on_it() -> None:
    rules = [
        SkipRule("A", Operator.IN, ("B",), (1,)),
        SkipRule("B", Operator.IN, ("C",), (1,)),
    ]
    assert visible_items("ABC", rules, {"A": 1, "B": 1}) == ("A", "B", "C")
    assert visible_items("ABC", rules, {"A": 2, "B": 1}) == ("A",)


def test_an_item_of_two_rules_is_shown_when_either_holds() -> None:
    rules = [
        SkipRule("A", Operator.IN, ("C",), (1,)),
        SkipRule("B", Operator.IN, ("C",), (1,)),
    ]
    assert visible_items("ABC", rules, {"B": 1}) == ("A", "B", "C")
    assert visible_items("ABC", rules, {}) == ("A", "B")


def test_the_browser_gets_the_same_rules_and_the_order() -> None:
    rule = {"item": "A1", "operator": "in", "values": [1], "show": ["A2"]}
    instrument = Instrument.from_json(json.dumps(small(skip_rules=[rule])))
    handed = definition_for_browser(instrument)
    assert handed["order"] == ["A1", "A2", "A3"]
    assert handed["rules"] == [{"item": "A1", "operator": "in", "show": ["A2"], "values": [1.0]}]
    kept, removed = instrument.without_hidden({"A1": 2, "A2": 3, "A3": 1})
    assert kept == {"A1": 2, "A3": 1}
    assert removed == ("A2",)
