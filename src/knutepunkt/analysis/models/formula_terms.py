"""Which terms does one side of a formula add up to, by R's algebra?

``+`` joins, ``-`` takes away, ``:`` multiplies, ``a * b`` is ``a + b + a:b``, ``a / b`` is
``a + a:b``, ``b %in% a`` is ``b:a``, ``(a + b)^2`` crosses up to pairs; ``1`` is the intercept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import reduce

from knutepunkt.analysis.models.specification import Term

BLANK = re.compile(r"\s*")
FUNCTION = re.compile(r"[A-Za-z][\w.]*(?=\()")
NAME = re.compile(r"[A-Za-z_.\u00c0-\u024f][\w.]*")
NUMBER = re.compile(r"\d+")
SIGN = re.compile(r"%in%|[-+*/:^()]")

# Ordered, each once; the intercept is the empty term.
Terms = list[Term]


class Misread(ValueError):
    """A formula, or a part of one, that stands for no model; the text says why."""


def expanded(text: str, variable: Callable[[str], str]) -> tuple[tuple[Term, ...], bool]:
    """Return the terms of ``text``, main effects before interactions, and whether 1 is among them.

    Args:
        text: one side of a formula without random terms; an empty one is the intercept alone.
        variable: turns a name or a call such as ``factor(x)`` into a variable, or raises Misread.
    """
    found = _Reader(_tokens(text), variable).whole()
    terms = sorted((term for term in found if term), key=len)
    return tuple(terms), () in found


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at = BLANK.match(text).end()  # type: ignore[union-attr]
    while at < len(text):
        end = _end_of_token(text, at)
        tokens.append(text[at:end])
        at = BLANK.match(text, end).end()  # type: ignore[union-attr]
    return tokens


def _end_of_token(text: str, at: int) -> int:
    call = FUNCTION.match(text, at)
    if call:
        return _end_of_call(text, call.end())
    for kind in (NAME, NUMBER, SIGN):
        match = kind.match(text, at)
        if match:
            return match.end()
    raise Misread(f"{text[at]!r} is not understood")


def _end_of_call(text: str, at: int) -> int:
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place + 1
    raise Misread("the parentheses do not match")


def _union(*parts: Terms) -> Terms:
    """Join terms; the same variables in another order are the same term."""
    kept: dict[frozenset[str], Term] = {}
    for part in parts:
        for term in part:
            kept.setdefault(frozenset(term), term)
    return list(kept.values())


def _without(terms: Terms, gone: Terms) -> Terms:
    sets = {frozenset(term) for term in gone}
    strange = [term for term in gone if term and frozenset(term) not in map(frozenset, terms)]
    if strange:
        raise Misread(f"{':'.join(strange[0])} is taken away, but no term before it is that one")
    return [term for term in terms if frozenset(term) not in sets]


def _product(one: Terms, other: Terms) -> Terms:
    return _union([tuple(dict.fromkeys((*a, *b))) for a in one for b in other])


def _crossed(one: Terms, other: Terms) -> Terms:
    return _union(one, other, _product(one, other))


def _within(outer: Terms, inner: Terms) -> Terms:
    every = tuple(dict.fromkeys(name for term in outer for name in term))
    return _union(outer, _product([every], inner))


class _Reader:
    """Reads tokens by precedence: ``^`` before ``:`` before ``%in%`` before ``* /`` before ``+ -``."""

    def __init__(self, tokens: list[str], variable: Callable[[str], str]) -> None:
        self.tokens, self.at, self.variable = tokens, 0, variable

    def whole(self) -> Terms:
        """Read everything; the intercept is there unless it is taken away."""
        found: Terms = [()]
        if self.tokens:
            found = self._sum(found)
        if self.at < len(self.tokens):
            raise Misread(f"{self.tokens[self.at]!r} stands where no term can")
        return found

    def _next(self, *wanted: str) -> str:
        """Take the next token if it is one of those wanted; otherwise none."""
        if self.at < len(self.tokens) and self.tokens[self.at] in wanted:
            self.at += 1
            return self.tokens[self.at - 1]
        return ""

    def _sum(self, found: Terms) -> Terms:
        sign = self._next("+", "-") or "+"
        while sign:
            zero = self._next("0")
            part: Terms = [()] if zero else self._level(0)
            added = (sign == "+") != bool(zero)
            found = _union(found, part) if added else _without(found, part)
            sign = self._next("+", "-")
        return found

    def _level(self, level: int) -> Terms:
        signs = (("*", "/"), ("%in%",), (":",))
        if level == len(signs):
            return self._power()
        found = self._level(level + 1)
        sign = self._next(*signs[level])
        while sign:
            join = {"*": _crossed, "/": _within}.get(sign, _product)
            found = join(found, self._level(level + 1))
            sign = self._next(*signs[level])
        return found

    def _power(self) -> Terms:
        found = self._atom()
        if not self._next("^"):
            return found
        order = self._taken()
        if not order.isdigit() or int(order) < 1:
            raise Misread(f"^ needs a whole number, not {order!r}; write I(x^2) for a square")
        return reduce(_crossed, [found] * int(order)) if int(order) > 1 else found

    def _atom(self) -> Terms:
        piece = self._taken()
        if piece == "(":
            found = self._sum([])
            if not self._next(")"):
                raise Misread("the parentheses do not match")
            return found
        if piece == "1":
            return [()]
        if not piece or NUMBER.fullmatch(piece) or SIGN.fullmatch(piece):
            raise Misread(f"{piece!r} is no term" if piece else "a term is missing at the end")
        return [(self.variable(piece),)]

    def _taken(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else ""
