"""Which values does a transformed column such as ``I(age^2)`` or ``log(income)`` have?"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "I": lambda values: values,
    "log": np.log,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "abs": np.abs,
}
OPERATIONS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
COLUMN = re.compile(r"(?<![\w.])[A-Za-z_.\u00c0-\u024f][\w.]*(?!\s*[\w.(])")


def is_derived(name: str) -> bool:
    """Whether a variable is computed from columns rather than being one."""
    return name.endswith(")") and name.split("(", 1)[0] in FUNCTIONS


def columns_of(name: str) -> tuple[str, ...]:
    """Return the columns a variable is read from, each once; itself where it is a column."""
    return _parsed(name)[1] if is_derived(name) else (name,)


def derived(name: str, columns: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
    """Return the values of a variable, shape (n,), from its columns.

    Raises:
        ValueError: for what is no arithmetic of columns and numbers, or columns that are none.
    """
    if not is_derived(name):
        return columns[name]
    tree, used = _parsed(name)
    numbers = {
        f"v{place}": np.asarray(columns[column], dtype=np.float64)
        for place, column in enumerate(used)
    }
    with np.errstate(all="ignore"):  # what is not finite is refused by name afterwards
        return np.asarray(_value(tree, numbers), dtype=np.float64)


@cache
def _parsed(name: str) -> tuple[ast.expr, tuple[str, ...]]:
    """Return the expression with its columns called v0, v1, ..., and their names."""
    used: list[str] = []

    def place(match: re.Match[str]) -> str:
        if match[0] not in used:
            used.append(match[0])
        return f"v{used.index(match[0])}"

    try:
        tree = ast.parse(COLUMN.sub(place, name).replace("^", "**"), mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{name} is no arithmetic of columns") from error
    _checked(tree, name)
    if not used:
        raise ValueError(f"{name} names no column")
    return tree, tuple(used)


def _checked(node: ast.expr, name: str) -> None:
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        _checked(node.left, name)
        _checked(node.right, name)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        _checked(node.operand, name)
    elif _is_call(node):
        _checked(node.args[0], name)  # type: ignore[attr-defined]
    elif not isinstance(node, ast.Name) and not (
        isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    ):
        raise ValueError(f"{name} is no arithmetic of columns")


def _is_call(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return False
    return node.func.id in FUNCTIONS and len(node.args) == 1 and not node.keywords


def _value(node: ast.expr, numbers: Mapping[str, NDArray[np.float64]]) -> Any:
    if isinstance(node, ast.BinOp):
        return OPERATIONS[type(node.op)](_value(node.left, numbers), _value(node.right, numbers))
    if isinstance(node, ast.UnaryOp):
        inner = _value(node.operand, numbers)
        return -inner if isinstance(node.op, ast.USub) else inner
    if isinstance(node, ast.Call):
        return FUNCTIONS[node.func.id](_value(node.args[0], numbers))  # type: ignore[attr-defined]
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]
    return numbers[node.id]  # type: ignore[attr-defined]
