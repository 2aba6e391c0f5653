"""What is a multilevel model, written as data?"""

from __future__ import annotations

from dataclasses import dataclass

# A term is the set of variables multiplied in it: ("wave",) or ("wave", "organisation").
Term = tuple[str, ...]


@dataclass(frozen=True)
class RandomEffects:
    """Random columns that vary, with one covariance matrix, over the levels of a factor.

    Attributes:
        factors: the grouping variables whose combinations are the levels; ``("person",
            "group")`` is persons within groups.
        terms: random slopes, none for a random intercept.
        intercept: whether the intercept varies as well.
    """

    factors: tuple[str, ...]
    terms: tuple[Term, ...] = ()
    intercept: bool = True

    @property
    def factor_name(self) -> str:
        """The factor as results name it, e.g. ``person:group``."""
        return ":".join(self.factors)


@dataclass(frozen=True)
class MixedModel:
    """A linear or generalised mixed model, ready to meet rows.

    Attributes:
        outcome: column of the outcome.
        terms: fixed terms beside the intercept.
        random: the random terms, any number, nested or crossed as the data have them.
        intercept: whether there is a fixed intercept.
        categorical: variables to read as categories though their values are numbers.
    """

    outcome: str
    terms: tuple[Term, ...] = ()
    random: tuple[RandomEffects, ...] = ()
    intercept: bool = True
    categorical: frozenset[str] = frozenset()

    @property
    def variables(self) -> tuple[str, ...]:
        """Every column the model reads, the outcome first, each once."""
        names = [self.outcome]
        names += [name for term in self.terms for name in term]
        for effects in self.random:
            names += [*effects.factors, *(name for term in effects.terms for name in term)]
        return tuple(dict.fromkeys(names))

    @property
    def only_factors(self) -> frozenset[str]:
        """Columns that only tell levels apart: no effect is read from their values."""
        factors = {name for effects in self.random for name in effects.factors}
        read = {name for term in self.terms for name in term}
        read |= {name for effects in self.random for term in effects.terms for name in term}
        return frozenset(factors - read - {self.outcome})


def nested(*factors: str, terms: tuple[Term, ...] = ()) -> tuple[RandomEffects, ...]:
    """Return random intercepts for every level of a hierarchy, the outermost factor first.

    ``nested("group", "person")`` is lme4's ``(1 | group/person)``: person within group, then group.
    """
    depths = range(len(factors), 0, -1)
    return tuple(RandomEffects(tuple(reversed(factors[:depth])), terms) for depth in depths)
