"""Which model does a formula in lme4's notation stand for?

Understood: ``y ~ a + b``, ``a:b``, ``a * b``, ``a / b``, ``b %in% a``, ``(a + b)^2``, ``- a:b``,
``0 +`` or ``- 1``, ``factor(a)``, ``I(a^2)``, ``log(a)``, ``sqrt(a)``, ``exp(a)``, ``(1 | g)``,
``(x | g)``, ``(x || g)``, ``(0 + x | g)``, ``(1 | g/h)`` and ``(1 | g:h)``.
"""

from __future__ import annotations

import re

from knutepunkt.analysis.models.derived import FUNCTIONS, columns_of, is_derived
from knutepunkt.analysis.models.formula_terms import Misread, expanded
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.specification import MixedModel, RandomEffects, Term

NAME = re.compile(r"[A-Za-z_.\u00c0-\u024f][\w.]*\Z")
AS_CATEGORY = re.compile(r"(?:factor|as\.factor|C)\(\s*([^()]+?)\s*\)\Z")
CALL = re.compile(r"([A-Za-z][\w.]*)\(")
RANDOM = re.compile(r"\((?P<columns>[^|]*)(?P<bar>\|\|?)(?P<factors>[^|]*)\)\Z")
SIGNS = re.compile(r"\s*([-+*/^])\s*")


def parse_formula(text: str) -> MixedModel:
    """Read a formula; see the module for what is understood.

    Raises:
        ModelRefusal: ``bad_formula`` with the part that was not understood.
    """
    try:
        return _parsed(text)
    except Misread as reason:
        raise ModelRefusal(RefusalCode.BAD_FORMULA, f"{text.strip()}: {reason}") from None


def _parsed(text: str) -> MixedModel:
    sides = text.split("~")
    if len(sides) != 2:
        raise Misread("exactly one ~ is needed")
    reader = _Reader()
    outcome = reader.variable(sides[0].strip())
    if reader.categorical:
        raise Misread("the outcome is a number, not a factor")
    fixed, random = _apart(sides[1])
    if not fixed and not random:
        raise Misread("nothing stands after the ~")
    terms, intercept = expanded(fixed, reader.variable)
    effects = tuple(effect for part in random for effect in reader.random(part))
    return MixedModel(outcome, terms, effects, intercept, frozenset(reader.categorical))


class _Reader:
    """Reads the parts of one formula and remembers which variables are categories."""

    def __init__(self) -> None:
        self.categorical: set[str] = set()

    def random(self, part: str) -> list[RandomEffects]:
        """Return the random terms of one parenthesis."""
        match = RANDOM.match(part)
        if match is None:
            raise Misread(f"{part} is no random term")
        terms, intercept = expanded(match["columns"], self.variable)
        pieces: list[tuple[tuple[Term, ...], bool]] = [(terms, intercept)]
        if match["bar"] == "||":
            pieces = [((), True)] if intercept else []
            pieces += [((term,), False) for term in terms]
        hierarchy = self._hierarchy(match["factors"])
        return [
            RandomEffects(factors, columns, with_intercept)
            for factors in hierarchy
            for columns, with_intercept in pieces
        ]

    def _hierarchy(self, text: str) -> list[tuple[str, ...]]:
        outer: tuple[str, ...] = ()
        levels: list[tuple[str, ...]] = []
        for step in text.split("/"):
            names = tuple(self._factor(name.strip()) for name in step.split(":"))
            outer = (*names, *outer)
            levels.append(outer)
        return levels[::-1]

    def _factor(self, text: str) -> str:
        name = self.variable(text)
        if is_derived(name):
            raise Misread(f"{text} cannot be a grouping factor")
        return name

    def variable(self, text: str) -> str:
        """Return the variable a name or a call stands for."""
        as_category = AS_CATEGORY.match(text)
        if as_category:
            self.categorical.add(_column(as_category[1]))
            return _column(as_category[1])
        call = CALL.match(text)
        if call is None:
            return _column(text)
        if call[1] not in FUNCTIONS:
            known = ", ".join((*FUNCTIONS, "factor"))
            raise Misread(f"{call[1]}() is not understood; of functions, {known} are")
        written = SIGNS.sub(r" \1 ", text).replace(" ^ ", "^")
        try:
            columns_of(written)
        except ValueError as error:
            raise Misread(str(error)) from None
        return written


def _apart(text: str) -> tuple[str, list[str]]:
    """Split one side into its fixed part and its random terms."""
    fixed, random = "", []
    for sign, part in _summands(text):
        if part.startswith("(") and "|" in part:
            if sign == "-":
                raise Misread(f"{part} cannot be taken away")
            random.append(part)
        else:
            fixed += f"{sign} {part} "
    return fixed, random


def _summands(text: str) -> list[tuple[str, str]]:
    """Split at + and - outside parentheses, each part with its sign."""
    parts: list[tuple[str, str]] = []
    depth, sign, current = 0, "+", ""
    for letter in text + "+":
        depth += (letter == "(") - (letter == ")")
        if letter in "+-" and depth == 0:
            if current.strip():
                parts.append((sign, current.strip()))
            sign, current = letter, ""
        else:
            current += letter
    if depth or current.strip("+ "):
        raise Misread("the parentheses do not match")
    return parts


def _column(text: str) -> str:
    if not NAME.match(text):
        raise Misread(f"{text!r} is no column name")
    return text
