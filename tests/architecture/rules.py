"""Rules of the house that an import linter cannot see; each returns one sentence per violation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = "knutepunkt"
ROOMS = ("people", "directory", "responses", "surveys", "evaluations", "site", "audit", "shared")
#: What one room may use of another. Views, forms and presenters are nobody else's business.
PUBLIC_LAYERS = {"models", "queries", "actions", "vocabulary", "policies", "lifecycle", "access"}
#: Layers that may change state.
WRITING_LAYERS = {"actions", "models", "extract", "migrations"}
VAULT_DOORS = ("surveys.actions", "evaluations.extract")
LONGEST_FILE = 400

_WRITES = {
    "save",
    "delete",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
_CHAIN_WRITES = {"update", "add", "set", "remove", "clear"}
_QUERYSET_WORDS = {"objects", "filter", "exclude", "all", "select_for_update", "using"}


def sources(root: Path) -> Iterator[tuple[str, Path, ast.Module]]:
    """Yield dotted name (without the package), path and syntax tree of every source file."""
    for path in sorted((root / PACKAGE).rglob("*.py")):
        dotted = ".".join(path.relative_to(root / PACKAGE).with_suffix("").parts)
        yield dotted.removesuffix(".__init__"), path, _parsed(path.read_text("utf-8"))


@cache
def _parsed(text: str) -> ast.Module:
    """The syntax tree of a text: a copy of the tree with one line planted is parsed in that file."""
    return ast.parse(text)


@cache
def _nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a file, which several rules walk."""
    return tuple(ast.walk(tree))


def layer_of(dotted: str) -> str:
    """Return the layer's name: ``surveys.actions.rounds`` is in ``actions``."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 else ""


def _chain(node: ast.expr) -> list[str]:
    names: list[str] = []
    current: ast.expr = node
    while True:
        if isinstance(current, ast.Call):
            current = current.func
        elif isinstance(current, ast.Attribute):
            names.append(current.attr)
            current = current.value
        else:
            if isinstance(current, ast.Name):
                names.append(current.id)
            return names[::-1]


def _is_write(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    before = _chain(call.func.value)
    if call.func.attr in _WRITES:
        is_queryset_call = bool(_QUERYSET_WORDS & set(before))
        return call.func.attr in {"save", "delete"} or is_queryset_call
    return call.func.attr in _CHAIN_WRITES and "objects" in before


#: Objects whose ``save`` and ``delete`` write a file or a session, not a row.
_NOT_ROWS = {"document", "workbook", "figure", "image", "qr", "session", "presentation", "buffer"}


def writes_outside_actions(root: Path) -> list[str]:
    """Rule 1: what changes state is a verb in ``actions``."""
    found = []
    for dotted, _path, tree in sources(root):
        room = dotted.split(".")[0]
        if room not in ROOMS or layer_of(dotted) in WRITING_LAYERS or room == "shared":
            continue
        for node in _nodes(tree):
            if isinstance(node, ast.Call) and _is_write(node):
                assert isinstance(node.func, ast.Attribute)
                chain = _chain(node.func.value)
                if chain and chain[-1] in _NOT_ROWS:
                    continue
                found.append(
                    f"{dotted}:{node.lineno} writes ({'.'.join([*chain, node.func.attr])})"
                )
    return found


def long_files(root: Path) -> list[str]:
    """Rule 7: a file stays under 400 lines."""
    found = []
    for dotted, path, _tree in sources(root):
        if ".migrations" in f".{dotted}":
            continue
        lines = len(path.read_text("utf-8").splitlines())
        if lines > LONGEST_FILE:
            found.append(f"{dotted} has {lines} lines; split it by noun")
    return found


def modules_without_a_sentence(root: Path) -> list[str]:
    """Rule 11: every module opens with the sentence that says which question it answers."""
    return [
        f"{dotted} does not say which question it answers"
        for dotted, _path, tree in sources(root)
        if ".migrations" not in f".{dotted}" and not ast.get_docstring(tree)
    ]


def foreign_layers_used(root: Path) -> list[str]:
    """A room uses another room's models, queries, actions and vocabulary, nothing else."""
    found = []
    for dotted, _path, tree in sources(root):
        here = dotted.split(".")[0]
        if here not in ROOMS:
            continue
        for target, line in _imports(tree):
            parts = target.split(".")
            if len(parts) < 3 or parts[1] not in ROOMS or parts[1] in {here, "shared"}:
                continue
            if parts[2] not in PUBLIC_LAYERS and not (
                here == "surveys" and parts[1] == "responses"
            ):
                found.append(f"{dotted}:{line} uses {target}")
    return found


def _imports(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in _nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith(PACKAGE + "."):
                    yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE):
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def vault_back_doors(root: Path) -> list[str]:
    """The vault's doors, as far as an import linter cannot see them.

    Looks for ``get_model`` on the vault, its tables or database by name, relations into or out of
    it, and names of the vault that one of the two doors passes on.
    """
    found: list[str] = []
    passed_on = _names_the_doors_import(root)
    for dotted, path, tree in sources(root):
        room = dotted.split(".")[0]
        text = path.read_text("utf-8")
        if room == "responses":
            found += _relations(dotted, tree)
            continue
        is_door = any(dotted == door or dotted.startswith(door + ".") for door in VAULT_DOORS)
        if room not in {"config", "cli"}:
            found += _named_access(dotted, tree)
        if re.search(r"""["']responses\.[A-Z]""", text):
            found.append(f"{dotted} names a model of the vault in a string")
        if not is_door:
            found += _re_exports_used(dotted, tree, passed_on)
    return found


def _relations(dotted: str, tree: ast.Module) -> list[str]:
    kinds = {"ForeignKey", "OneToOneField", "ManyToManyField", "GenericForeignKey"}
    return [
        f"{dotted}:{node.lineno} makes a relation in the vault"
        for node in _nodes(tree)
        if isinstance(node, ast.Attribute) and node.attr in kinds
    ]


def _named_access(dotted: str, tree: ast.Module) -> list[str]:
    found = []
    for node in _nodes(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        words = [
            a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        words += [
            k.value.value
            for k in node.keywords
            if isinstance(k.value, ast.Constant) and isinstance(k.value.value, str)
        ]
        if name in {"get_model", "get_app_config", "get_models", "get_by_natural_key"} and any(
            word == "responses" or word.startswith("responses.") for word in words
        ):
            found.append(f"{dotted}:{node.lineno} reaches the vault through {name}")
        if name in {"using", "db_manager", "atomic"} and "vault" in words:
            found.append(f"{dotted}:{node.lineno} opens the vault's database by name")
        if name == "import_module" and any("knutepunkt.responses" in word for word in words):
            found.append(f"{dotted}:{node.lineno} imports the vault by name")
        if name == "execute" and any("responses_" in word for word in words):
            found.append(f"{dotted}:{node.lineno} reads the vault's tables")
    for node in _nodes(tree):
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Constant)
            and node.slice.value == "vault"
            and _chain(node.value)[-1:] == ["connections"]
        ):
            found.append(f"{dotted}:{node.lineno} opens the vault's database by name")
    return found


def _names_the_doors_import(root: Path) -> set[str]:
    names = set()
    for dotted, _path, tree in sources(root):
        if not any(dotted == door or dotted.startswith(door + ".") for door in VAULT_DOORS):
            continue
        for node in _nodes(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                f"{PACKAGE}.responses"
            ):
                names |= {
                    f"{PACKAGE}.{dotted}.{alias.asname or alias.name}" for alias in node.names
                }
    return names


def _re_exports_used(dotted: str, tree: ast.Module, passed_on: set[str]) -> list[str]:
    return [
        f"{dotted}:{line} gets {target.rsplit('.', 1)[1]} of the vault passed on by a door"
        for target, line in _imports(tree)
        if target in passed_on
    ]
