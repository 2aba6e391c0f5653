"""Is this one participant's set of answers possible in this version of the instrument?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic_core import (
    ErrorDetails,
    PydanticCustomError,
    SchemaValidator,
    ValidationError,
    core_schema,
)

from knutepunkt.analysis.instruments.codes import DOES_NOT_APPLY, PREFER_NOT_TO_SAY
from knutepunkt.analysis.instruments.instrument import Instrument
from knutepunkt.analysis.instruments.items import Item, ItemKind

LARGEST_ANSWER = 32_768  # bytes of JSON; a sealed answer is padded to a few fixed sizes
# Line breaks and tabs belong in a text; other control characters and lone surrogates do not.
UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
FAULT_CODES = {
    "extra_forbidden": "unknown_item",
    "literal_error": "not_an_option",
    "too_long": "too_many",
    "too_short": "empty",
    "string_too_long": "too_long",
    "string_too_short": "empty",
    "less_than_equal": "out_of_range",
    "greater_than_equal": "out_of_range",
}

OWN_CODES = frozenset({"chosen_twice", "control_characters", "quote_not_asked", "empty"})


@dataclass(frozen=True)
class AnswerFault:
    """One fault of one answer: the item and a code.

    Codes: unknown_item, not_an_option, chosen_twice, too_many, out_of_range, too_long, empty,
    control_characters, quote_not_asked, hidden, too_large (item ""), wrong_form.
    """

    item: str
    code: str


class AnswersRefused(ValueError):
    """The answers cannot be stored; `faults` lists every reason, none of them holds an answer."""

    def __init__(self, faults: Iterable[AnswerFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.item}: {fault.code}" for fault in self.faults))


def validate_answers(instrument: Instrument, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they came, when every one is possible.

    `answers` maps item id to value; an unanswered item is absent. Closed items: an option's code,
    or DOES_NOT_APPLY or PREFER_NOT_TO_SAY where the item allows it. Multiple choice: a list of
    codes, or one of the two. Number: int or float within the item's range. Free text:
    {"text": str, "may_quote": bool}. Raises `AnswersRefused` for anything else: an unknown item, an
    answer to a hidden item, or more than `LARGEST_ANSWER` bytes. Nothing is changed or left out.
    """
    plain = dict(answers)
    try:
        _validator_of(instrument).validate_python(plain, strict=True)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise AnswersRefused(_faults(details)) from None
    visible = set(instrument.visible_items(plain))
    hidden = [AnswerFault(item, "hidden") for item in plain if item not in visible]
    if hidden:
        raise AnswersRefused(hidden)
    if len(json.dumps(plain, ensure_ascii=False).encode()) > LARGEST_ANSWER:
        raise AnswersRefused([AnswerFault("", "too_large")])
    return plain


def _faults(details: Iterable[ErrorDetails]) -> tuple[AnswerFault, ...]:
    found: dict[str, str] = {}
    for each in details:
        item = str(each["loc"][0]) if each["loc"] else ""
        known = each["type"] if each["type"] in OWN_CODES else FAULT_CODES.get(each["type"])
        # A choice among several forms reports one fault per form; the most telling one is kept.
        if item not in found or found[item] == "wrong_form":
            found[item] = known or "wrong_form"
    return tuple(AnswerFault(item, code) for item, code in found.items())


@lru_cache(maxsize=256)
def _validator_of(instrument: Instrument) -> SchemaValidator:
    fields = {
        item.id: core_schema.typed_dict_field(_schema(instrument, item), required=False)
        for item in instrument.items
        if item.takes_an_answer
    }
    return SchemaValidator(core_schema.typed_dict_schema(fields, extra_behavior="forbid"))


def _schema(instrument: Instrument, item: Item) -> core_schema.CoreSchema:
    if item.kind is ItemKind.NUMBER:
        return _number(item)
    if item.kind is ItemKind.FREE_TEXT:
        return _free_text(item)
    codes = list(instrument.response_set_of(item).codes)
    outside = outside_codes_of(item)
    if item.kind is not ItemKind.MULTIPLE_CHOICE:
        return _whole([*codes, *outside])
    several = core_schema.list_schema(_whole(codes), min_length=1, max_length=len(codes))
    choices: list[core_schema.CoreSchema | tuple[core_schema.CoreSchema, str]] = [
        core_schema.no_info_after_validator_function(_each_once, several)
    ]
    if outside:
        choices.append(_whole(list(outside)))
    return core_schema.union_schema(choices)


def outside_codes_of(item: Item) -> tuple[int, ...]:
    """The codes outside the options that this item accepts; numbers and texts are left empty."""
    if not item.is_closed:
        return ()
    allowed = ((DOES_NOT_APPLY, item.does_not_apply), (PREFER_NOT_TO_SAY, item.prefer_not_to_say))
    return tuple(code for code, may in allowed if may)


def _whole(codes: Sequence[int]) -> core_schema.CoreSchema:
    # A literal alone lets 1.0 and True pass for 1; the chain asks for a whole number first.
    return core_schema.chain_schema(
        [core_schema.int_schema(strict=True), core_schema.literal_schema(list(codes))]
    )


def _number(item: Item) -> core_schema.CoreSchema:
    low, high = item.minimum or 0.0, item.maximum or 0.0
    if item.whole_numbers:
        return core_schema.int_schema(ge=int(low), le=int(high), strict=True)
    return core_schema.float_schema(ge=low, le=high, allow_inf_nan=False, strict=True)


def _free_text(item: Item) -> core_schema.CoreSchema:
    text = core_schema.no_info_after_validator_function(
        _readable, core_schema.str_schema(min_length=1, max_length=item.longest, strict=True)
    )
    quote: core_schema.CoreSchema = core_schema.bool_schema(strict=True)
    if not item.consent_to_quote:
        quote = core_schema.no_info_after_validator_function(_not_asked, quote)
    return core_schema.typed_dict_schema(
        {
            "text": core_schema.typed_dict_field(text),
            "may_quote": core_schema.typed_dict_field(quote, required=False),
        },
        extra_behavior="forbid",
    )


def _each_once(codes: list[int]) -> list[int]:
    if len(set(codes)) != len(codes):
        raise PydanticCustomError("chosen_twice", "one option was chosen twice")
    return codes


def _readable(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("empty", "there is no text")
    if UNWANTED.search(text):
        raise PydanticCustomError("control_characters", "it holds control characters")
    return text


def _not_asked(quote: bool) -> bool:
    if quote:
        raise PydanticCustomError("quote_not_asked", "this item does not ask for consent to quote")
    return quote
