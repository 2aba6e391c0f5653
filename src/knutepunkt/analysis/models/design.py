"""Which matrices does a model become when it meets rows?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from knutepunkt.analysis.models.arrays import Flags, Floats, Integers, Table, codes_of, present
from knutepunkt.analysis.models.derived import columns_of, derived, is_derived
from knutepunkt.analysis.models.refusals import ModelRefusal, RefusalCode
from knutepunkt.analysis.models.specification import MixedModel, Term

INTERCEPT = "(Intercept)"


@dataclass(frozen=True)
class RandomTerm:
    """One random term met with rows.

    Attributes:
        factor: name of the grouping factor.
        codes: 0-based level of each row, shape (n,).
        n_levels: how many levels occur.
        columns: names of the k random columns.
        z: their values, shape (n, k).
    """

    factor: str
    codes: Integers
    n_levels: int
    columns: tuple[str, ...]
    z: Floats


@dataclass(frozen=True)
class Design:
    """A model met with rows: outcome (n,), fixed columns (n, p) with names, random terms."""

    y: Floats
    x: Floats
    names: tuple[str, ...]
    random: tuple[RandomTerm, ...]
    n_dropped: int


@dataclass(frozen=True)
class Variable:
    """A column read as numbers, or as categories with the first level as the reference."""

    name: str
    values: Floats
    levels: tuple[str, ...] | None

    def coded(self, *, full: bool) -> tuple[Floats, tuple[str, ...]]:
        """Return the columns it contributes: itself, or one indicator per level but the first.

        ``full``: also for the first.
        """
        if self.levels is None:
            return self.values[:, None], (self.name,)
        first = 0 if full else 1
        positions = np.arange(first, len(self.levels))
        columns = (self.values[:, None] == positions[None, :]).astype(np.float64)
        return columns, tuple(f"{self.name}{self.levels[position]}" for position in positions)


def build_design(model: MixedModel, rows: Table) -> Design:
    """Turn rows into matrices with R's conventions: treatment contrasts, levels in sorted order
    or in that of a polars Enum, main effects before interactions, rows with a missing value left out and counted.

    Raises:
        ModelRefusal: ``unknown_column``, ``bad_shape``, ``no_rows`` or ``not_finite``.
    """
    kept, n_dropped = _complete_columns(model, rows)
    y = _numbers(model.outcome, kept[model.outcome])
    variables = _variables(model, rows, kept)
    x, names, _ = model_matrix(model.terms, variables, y.size, intercept=model.intercept)
    random = []
    for effects in model.random:
        codes, n_levels = _combined([kept[name] for name in effects.factors])
        z, z_names, _ = model_matrix(effects.terms, variables, y.size, intercept=effects.intercept)
        random.append(RandomTerm(effects.factor_name, codes, n_levels, z_names, z))
    return Design(y, x, names, tuple(random), n_dropped)


def read_variables(model: MixedModel, rows: Table) -> dict[str, Variable]:
    """Return every variable of the model but the outcome, read from the complete rows."""
    return _variables(model, rows, _complete_columns(model, rows)[0])


def model_matrix(
    terms: tuple[Term, ...],
    variables: dict[str, Variable],
    n_rows: int,
    *,
    intercept: bool,
    every_level: bool = False,
) -> tuple[Floats, tuple[str, ...], tuple[Term, ...]]:
    """Return the columns of ``terms``, their names and the term of each, as R's ``model.matrix``.

    A category is coded by contrasts where the term without it is in the model, else in full
    (``every_level``: always). The intercept's term is empty.
    """
    present = {frozenset(term) for term in terms}
    if intercept:
        present.add(frozenset())
    blocks = [np.ones((n_rows, 1))] if intercept else []
    names: list[str] = [INTERCEPT] if intercept else []
    owners: list[Term] = [()] if intercept else []
    for term in terms:
        block: Floats = np.ones((n_rows, 1))
        block_names: tuple[str, ...] = ("",)
        for name in term:
            full = every_level or frozenset(term) - {name} not in present
            columns, labels = variables[name].coded(full=full)
            # The first variable varies fastest, as in R.
            block = (columns[:, :, None] * block[:, None, :]).reshape(n_rows, -1)
            block_names = tuple(
                f"{before}:{label}" if before else label
                for label in labels
                for before in block_names
            )
        blocks.append(block)
        names.extend(block_names)
        owners.extend([term] * len(block_names))
        present.add(frozenset(term))
    x = np.hstack(blocks) if blocks else np.zeros((n_rows, 0))
    return x, tuple(names), tuple(owners)


def _complete_columns(model: MixedModel, rows: Table) -> tuple[dict[str, NDArray[Any]], int]:
    columns = _columns(model, rows)
    keep = _complete(columns)
    if not keep.any():
        raise ModelRefusal(RefusalCode.NO_ROWS, "no row is complete in the columns of the model")
    kept = {name: values[keep] for name, values in columns.items()}
    return {name: _value(name, kept) for name in model.variables}, int(keep.size - keep.sum())


def _value(name: str, kept: dict[str, NDArray[Any]]) -> NDArray[Any]:
    try:
        return derived(name, kept)
    except (TypeError, ValueError) as error:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, f"{name} is not numeric") from error


def _variables(
    model: MixedModel, rows: Table, kept: dict[str, NDArray[Any]]
) -> dict[str, Variable]:
    unread = model.only_factors | {model.outcome}
    return {
        name: _variable(
            name, values, as_category=name in model.categorical, order=_declared_levels(rows, name)
        )
        for name, values in kept.items()
        if name not in unread
    }


def _columns(model: MixedModel, rows: Table) -> dict[str, NDArray[Any]]:
    available = rows.columns if isinstance(rows, pl.DataFrame) else list(rows)
    needed = dict.fromkeys(name for one in model.variables for name in columns_of(one))
    unknown = [name for name in needed if name not in available]
    if unknown:
        raise ModelRefusal(RefusalCode.UNKNOWN_COLUMN, ", ".join(unknown))
    computed_from = {
        one for name in model.variables if is_derived(name) for one in columns_of(name)
    }
    coded = set(model.only_factors) - computed_from
    columns = {name: _column(rows, name, coded=name in coded) for name in needed}
    if len({values.shape for values in columns.values()}) != 1:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, "the columns differ in length")
    return columns


def _column(rows: Table, name: str, *, coded: bool) -> NDArray[Any]:
    """Read one column; texts that only tell groups apart become numbers, with NaN for a gap."""
    if not isinstance(rows, pl.DataFrame):
        values = np.asarray(rows[name])
    elif coded and rows.schema[name] in (pl.String, pl.Categorical, pl.Enum):
        return rows[name].cast(pl.String).rank("dense").to_numpy()
    else:
        values = rows[name].to_numpy()
    if values.dtype.kind in "mM" or values.ndim != 1:
        raise ModelRefusal(
            RefusalCode.BAD_SHAPE, f"column {name} holds neither numbers nor categories"
        )
    return values


def _complete(columns: dict[str, NDArray[Any]]) -> Flags:
    lengths = next(iter(columns.values())).shape
    keep: Flags = np.ones(lengths, dtype=np.bool_)
    for values in columns.values():
        keep &= present(values)
    return keep


def _numbers(name: str, values: NDArray[Any]) -> Floats:
    try:
        numbers = values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ModelRefusal(RefusalCode.BAD_SHAPE, f"column {name} is not numeric") from error
    if not np.isfinite(numbers).all():
        raise ModelRefusal(RefusalCode.NOT_FINITE, f"column {name} has an infinite value")
    return numbers


def _declared_levels(rows: Table, name: str) -> tuple[str, ...]:
    """Return the levels in the order a polars Enum declares, or none."""
    kind = rows.schema.get(name) if isinstance(rows, pl.DataFrame) else None
    return tuple(kind.categories) if isinstance(kind, pl.Enum) else ()


def _variable(
    name: str, values: NDArray[Any], *, as_category: bool, order: tuple[str, ...]
) -> Variable:
    is_number = values.dtype.kind in "iuf" or (
        values.dtype.kind == "O"
        and all(
            isinstance(value, int | float) and value is not True and value is not False
            for value in values
        )
    )
    if is_number and not as_category:
        return Variable(name, _numbers(name, values), None)
    labels = _numbers(name, values) if is_number else values.astype(str)
    codes, levels = codes_of(labels)
    texts = tuple(f"{level:.15g}" if is_number else str(level) for level in levels)
    if len(texts) < 2:
        raise ModelRefusal(RefusalCode.NO_VARIANCE, f"{name} has one category only")
    if order:
        used = tuple(level for level in order if level in texts)
        codes = np.array([used.index(text) for text in texts])[codes]
        texts = used
    return Variable(name, codes.astype(np.float64), texts)


def _combined(columns: list[NDArray[Any]]) -> tuple[Integers, int]:
    """Number the combinations of several columns that occur."""
    codes, n_levels = np.zeros(columns[0].shape, dtype=np.int64), 1
    for values in columns:
        labels = values if values.dtype.kind in "iufb" else values.astype(str)
        own, levels = codes_of(labels)
        if n_levels == 1:
            codes, n_levels = own, int(levels.size)
            continue
        codes, kept = codes_of(codes * levels.size + own)
        n_levels = int(kept.size)
    return codes, n_levels
