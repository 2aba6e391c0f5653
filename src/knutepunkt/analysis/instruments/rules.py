"""Which rules must an instrument keep, beyond being written in the right form?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from knutepunkt.analysis.instruments.codes import LARGEST_CODE
from knutepunkt.analysis.instruments.items import Item, ItemKind
from knutepunkt.analysis.instruments.problems import Problem
from knutepunkt.analysis.instruments.response_sets import ResponseSet
from knutepunkt.analysis.instruments.scales import Scale
from knutepunkt.analysis.instruments.skip_rules import Operator, SkipRule
from knutepunkt.analysis.instruments.texts import Texts

if TYPE_CHECKING:
    from knutepunkt.analysis.instruments.instrument import Instrument

IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
MOST_ITEMS = 500
LONGEST_FREE_TEXT = 4000


def faults(instrument: Instrument) -> list[Problem]:
    """Every rule this instrument breaks, in the order of the file; empty when it keeps them all."""
    return [
        *_heading(instrument),
        *_identifiers(instrument),
        *_parts(instrument),
        *(fault for each in instrument.response_sets for fault in _response_set(each)),
        *(fault for item in instrument.items for fault in _item(instrument, item)),
        *(fault for scale in instrument.scales for fault in _scale(instrument, scale)),
        *_one_primary(instrument),
        *_rules(instrument),
    ]


def _wording(path: str, texts: Texts) -> Iterator[Problem]:
    if texts.missing:
        languages = ", ".join(texts.missing)
        yield Problem(path, f"There is no wording in {languages}.", "Write it in each language.")


def _heading(instrument: Instrument) -> Iterator[Problem]:
    yield from _wording("title", instrument.title)
    yield from _wording("intro", instrument.intro)
    for name in ("version", "licence", "source"):
        if not getattr(instrument, name).strip():
            yield Problem(name, "It is empty.", "State it, so that others know what they may do.")
    if not any(item.takes_an_answer for item in instrument.items):
        yield Problem("items", "There is nothing to answer.", "Add at least one question.")
    if len(instrument.items) > MOST_ITEMS:
        yield Problem("items", f"There are more than {MOST_ITEMS}.", "Divide the instrument.")


def _identifiers(instrument: Instrument) -> Iterator[Problem]:
    columns: dict[str, str] = {}
    named: list[tuple[str, Iterable[str]]] = [
        ("items", (item.id for item in instrument.items)),
        ("scales", (scale.id for scale in instrument.scales)),
    ]
    yield from _well_formed("id", instrument.id)
    for kind, ids in named:
        for one in ids:
            yield from _well_formed(f"{kind}.{one}", one)
            if one in columns:
                what = f"The id is used twice, here and among {columns[one]}."
                yield Problem(f"{kind}.{one}", what, "Give each item and scale an id of its own.")
            columns[one] = kind
    for kind, each in (("parts", instrument.parts), ("response_sets", instrument.response_sets)):
        ids_of_kind = [one.id for one in each]
        for one in ids_of_kind:
            yield from _well_formed(f"{kind}.{one}", one)
        for one in sorted({one for one in ids_of_kind if ids_of_kind.count(one) > 1}):
            yield Problem(f"{kind}.{one}", "The id is used twice.", "Rename one of them.")


def _well_formed(path: str, identifier: str) -> Iterator[Problem]:
    if not IDENTIFIER.fullmatch(identifier):
        yield Problem(
            path,
            f"{identifier!r} cannot be an id.",
            "Start with a letter; use up to 32 letters a-z, digits and underscores.",
        )


def _parts(instrument: Instrument) -> Iterator[Problem]:
    used = {item.part for item in instrument.items}
    for part in instrument.parts:
        yield from _wording(f"parts.{part.id}", part.texts)
        if part.id not in used:
            yield Problem(f"parts.{part.id}", "It holds no item.", "Add one or remove the part.")


def _response_set(each: ResponseSet) -> Iterator[Problem]:
    path = f"response_sets.{each.id}"
    codes = each.codes
    if len(codes) < 2:
        yield Problem(path, "There are fewer than two options.", "Write at least two.")
    if sorted(codes) != list(range(1, len(codes) + 1)) or len(codes) > LARGEST_CODE:
        yield Problem(
            path,
            f"The codes are {list(codes)}.",
            f"Number the options 1, 2, 3 and on, at most {LARGEST_CODE}.",
        )
    for option in each.options:
        yield from _wording(f"{path}.{option.code}", option.texts)
    if each.lead is not None:
        yield from _wording(f"{path}.lead", each.lead)
    yield from _merges(path, each)


def _merges(path: str, each: ResponseSet) -> Iterator[Problem]:
    finer = len(each.codes)
    for step, reading in enumerate(each.merges):
        here = f"{path}.merges[{step}]"
        covered = sorted(code for category in reading for code in category.codes)
        if covered != sorted(each.codes):
            what = "The merged categories do not hold every code exactly once."
            yield Problem(here, what, "Place each code in one category.")
        if not 2 <= len(reading) < finer:
            what = "It is not coarser than the reading before, or has fewer than two categories."
            yield Problem(here, what, "List the readings from fine to coarse.")
        finer = len(reading)
        for category in reading:
            yield from _wording(here, category.texts)


def _item(instrument: Instrument, item: Item) -> Iterator[Problem]:
    path = f"items.{item.id}"
    yield from _wording(path, item.texts)
    if item.part not in {part.id for part in instrument.parts}:
        yield Problem(path, f"There is no part {item.part!r}.", "Name one of the parts.")
    yield from _answers_of(instrument, item, path)
    if item.reversed and item.kind is not ItemKind.SCALE:
        yield Problem(path, "Only a scale item can be reversed.", "Remove `reversed`.")
    if item.consent_to_quote and item.kind is not ItemKind.FREE_TEXT:
        yield Problem(path, "Only free text can be quoted.", "Remove `consent_to_quote`.")
    if item.kind is ItemKind.FREE_TEXT and not 1 <= item.longest <= LONGEST_FREE_TEXT:
        what = f"`longest` is {item.longest}."
        yield Problem(path, what, f"Let it be from 1 to {LONGEST_FREE_TEXT} characters.")
    if item.kind is ItemKind.NUMBER and (
        item.minimum is None or item.maximum is None or item.minimum >= item.maximum
    ):
        what = "A number needs a `minimum` below its `maximum`."
        yield Problem(path, what, "State both; answers outside are refused.")


def _answers_of(instrument: Instrument, item: Item, path: str) -> Iterator[Problem]:
    known = {each.id: each for each in instrument.response_sets}
    if not item.is_closed:
        if item.response_set is not None:
            what = f"An item of the kind {item.kind.value} has no response set."
            yield Problem(path, what, "Remove `response_set`.")
        return
    if item.response_set not in known:
        what = f"There is no response set {item.response_set!r}."
        yield Problem(path, what, "Name one of: " + ", ".join(sorted(known)) + ".")
    elif item.kind is ItemKind.SCALE and not known[item.response_set].ordered:
        what = "A scale item needs answers in order."
        yield Problem(path, what, "Choose an ordered response set, or the kind single_choice.")


def _scale(instrument: Instrument, scale: Scale) -> Iterator[Problem]:
    path = f"scales.{scale.id}"
    yield from _wording(path, scale.texts)
    if scale.scoring != "mean":
        yield Problem(path, f"There is no scoring {scale.scoring!r}.", "Write `mean`.")
    try:
        share = Fraction(scale.minimum_answered)
    except (ValueError, ZeroDivisionError):
        share = Fraction(0)
    if not 0 < share <= 1:
        what = f"`minimum_answered` is {scale.minimum_answered!r}."
        yield Problem(path, what, 'Write a fraction above 0 and at most 1, as in "2/3".')
    if len(set(scale.items)) != len(scale.items) or not scale.items:
        yield Problem(path, "It has no items, or one of them twice.", "List each item once.")
    items = {item.id: item for item in instrument.items}
    for item_id in scale.items:
        yield from _scale_item(instrument, scale, items.get(item_id), f"{path}.{item_id}")


def _scale_item(
    instrument: Instrument, scale: Scale, item: Item | None, path: str
) -> Iterator[Problem]:
    if item is not None and item.kind is ItemKind.NUMBER and len(scale.items) == 1:
        yield from _held_score(scale, item, path)
        return
    if item is None or item.kind is not ItemKind.SCALE:
        yield Problem(path, "It is no scale item of this instrument.", "Name scale items only.")
        return
    if item.harm:
        what = "Items about harm are reported one by one."
        yield Problem(path, what, "Take it out of the scale.")
    for each in instrument.response_sets:
        if each.id == item.response_set and (each.low, each.high) != (scale.low, scale.high):
            what = f"Its answers run {each.low}-{each.high}, the scale {scale.low}-{scale.high}."
            yield Problem(path, what, "Let both run between the same ends.")


def _held_score(scale: Scale, item: Item, path: str) -> Iterator[Problem]:
    """A score that was made elsewhere: one number whose ends are those of the scale."""
    if (item.minimum, item.maximum) != (scale.low, scale.high):
        what = f"The number runs {item.minimum}-{item.maximum}, the scale {scale.low}-{scale.high}."
        yield Problem(path, what, "Let both run between the same ends.")


def _one_primary(instrument: Instrument) -> Iterator[Problem]:
    primary = [scale.id for scale in instrument.scales if scale.primary]
    if len(primary) > 1:
        what = f"{', '.join(primary)} are all primary."
        yield Problem("scales", what, "Choose one primary outcome.")


def _rules(instrument: Instrument) -> Iterator[Problem]:
    place = {item.id: number for number, item in enumerate(instrument.items_in_order)}
    for number, rule in enumerate(instrument.skip_rules):
        path = f"skip_rules[{number}]"
        unknown = [one for one in (rule.item, *rule.show) if one not in place]
        if unknown:
            what = f"There is no item {unknown[0]!r}."
            yield Problem(path, what, "Name items of this instrument.")
            continue
        if not rule.show or any(place[one] <= place[rule.item] for one in rule.show):
            what = f"It must show items that stand after {rule.item}."
            yield Problem(path, what, "Move the item, or turn the rule round.")
        yield from _values(instrument, rule, path)


def _values(instrument: Instrument, rule: SkipRule, path: str) -> Iterator[Problem]:
    item = instrument.item(rule.item)
    takes_values = rule.operator not in (Operator.ANSWERED, Operator.NOT_ANSWERED)
    if takes_values and item.kind in (ItemKind.FREE_TEXT, ItemKind.INFORMATION):
        what = f"{rule.item} has no answer to compare."
        yield Problem(path, what, "Use `answered`, or another item.")
    single = rule.operator in (Operator.AT_LEAST, Operator.AT_MOST)
    if (len(rule.values) == 1) if single else bool(rule.values) is takes_values:
        return
    wanted = "one value" if single else ("values" if takes_values else "no values")
    yield Problem(path, f"`{rule.operator.value}` takes {wanted}.", "Correct `values`.")
