"""What must a browser know of an instrument to show, check and seal the answers to it?

The same facts the server's rules and validator are made from, as plain data: one definition, read in
two places.
"""

from __future__ import annotations

from typing import Any

from knutepunkt.analysis.instruments.instrument import Instrument
from knutepunkt.analysis.instruments.items import Item, ItemKind
from knutepunkt.analysis.instruments.notation import plain
from knutepunkt.analysis.instruments.validator import outside_codes_of


def definition_for_browser(instrument: Instrument) -> dict[str, Any]:
    """The order of the items, the skip rules, and which answers each item takes, ready for JSON.

    `items` leaves out pieces of information. Closed items have `codes` (the options) and `outside`
    (the codes of "does not apply" and "prefer not to say" they accept); numbers `minimum`,
    `maximum` and `whole`; texts `longest` in characters and `quote`, whether consent is asked.
    """
    return {
        "order": [item.id for item in instrument.items_in_order],
        "rules": [plain(rule) for rule in instrument.skip_rules],
        "items": {
            item.id: _facts(instrument, item)
            for item in instrument.items_in_order
            if item.takes_an_answer
        },
    }


def _facts(instrument: Instrument, item: Item) -> dict[str, Any]:
    kind = {"kind": item.kind.value}
    if item.kind is ItemKind.NUMBER:
        low, high = item.minimum or 0.0, item.maximum or 0.0
        return kind | {"minimum": low, "maximum": high, "whole": item.whole_numbers}
    if item.kind is ItemKind.FREE_TEXT:
        return kind | {"longest": item.longest, "quote": item.consent_to_quote}
    return kind | {
        "codes": list(instrument.response_set_of(item).codes),
        "outside": list(outside_codes_of(item)),
    }
