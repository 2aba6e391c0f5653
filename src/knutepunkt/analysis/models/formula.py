"""Which model does a formula in lme4's notation stand for?

Understood: ``y ~ a + b``, ``a:b``, ``a * b``, ``0 +`` or ``- 1``, ``factor(a)``,
``(1 | g)``, ``(x | g)``, ``(x || g)``, ``(0 + x | g)``, ``(1 | g/h)`` and ``(1 | g:h)``.
"""

from __future__ import annotations

import re
from itertools import combinations

from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.specification import MixedModel, RandomEffects, Term

NAME = re.compile(r"[A-Za-z_.\u00c0-\u024f][\w.]*\Z")
AS_CATEGORY = re.compile(r"(?:factor|C)\(\s*([^()]+?)\s*\)\Z")
RANDOM = re.compile(r"\((?P<columns>[^|]*)(?P<bar>\|\|?)(?P<factors>[^|]*)\)\Z")


def parse_formula(text: str) -> MixedModel:
    """Read a formula; see the module for what is understood.

    Raises:
        ModelRefusal: ``bad_formula`` with the part that was not understood.
    """
    sides = text.split("~")
    if len(sides) != 2:
        raise _refused(text, "exactly one ~ is needed")
    outcome = _name(sides[0].strip(), text)
    fixed: list[tuple[str, str]] = []
    random: list[str] = []
    for sign, part in _summands(sides[1]):
        if part.startswith("(") and "|" in part:
            random.append(part)
        else:
            fixed.append((sign, part))
    reader = _Reader(text)
    terms, intercept = reader.terms(fixed)
    effects = tuple(effect for part in random for effect in reader.random(part))
    return MixedModel(outcome, terms, effects, intercept, frozenset(reader.categorical))


class _Reader:
    """Reads the parts of one formula and remembers which variables are categories."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.categorical: set[str] = set()

    def terms(self, summands: list[tuple[str, str]]) -> tuple[tuple[Term, ...], bool]:
        """Return the terms, main effects before interactions, and whether 1 is among them."""
        intercept = True
        found: dict[frozenset[str], Term] = {}
        for sign, part in summands:
            if part in {"0", "1"}:
                intercept = (part == "1") == (sign == "+")
                continue
            if sign == "-":
                raise _refused(self.text, f"only - 1 can be taken away, not {part}")
            for term in self._expanded(part):
                found.setdefault(frozenset(term), term)
        return tuple(sorted(found.values(), key=len)), intercept

    def random(self, part: str) -> list[RandomEffects]:
        """Return the random terms of one parenthesis."""
        match = RANDOM.match(part)
        if match is None:
            raise _refused(self.text, f"{part} is no random term")
        terms, intercept = self.terms(_summands(match["columns"]))
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
            names = tuple(self._variable(name) for name in step.split(":"))
            outer = (*names, *outer)
            levels.append(outer)
        return levels[::-1]

    def _expanded(self, part: str) -> list[Term]:
        factors = [
            tuple(self._variable(name) for name in one.split(":")) for one in part.split("*")
        ]
        found: list[Term] = []
        for size in range(1, len(factors) + 1):
            for chosen in combinations(factors, size):
                found.append(tuple(dict.fromkeys(name for term in chosen for name in term)))
        return found

    def _variable(self, text: str) -> str:
        as_category = AS_CATEGORY.match(text.strip())
        if as_category:
            name = _name(as_category[1], self.text)
            self.categorical.add(name)
            return name
        return _name(text.strip(), self.text)


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
        raise _refused(text, "the parentheses do not match")
    return parts


def _name(text: str, formula: str) -> str:
    if not NAME.match(text):
        raise _refused(formula, f"{text!r} is no column name")
    return text


def _refused(formula: str, reason: str) -> ModelRefusal:
    return ModelRefusal(RefusalCode.BAD_FORMULA, f"{formula.strip()}: {reason}")
