"""Does the glossary hold every model, state and role, in three languages?"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

from django.apps import apps

from knutepunkt.people.vocabulary import Role
from knutepunkt.shared.lifecycle import Lifecycle

GLOSSARY = Path(__file__).resolve().parents[2] / "GLOSSARY.md"


def rows() -> dict[str, list[str]]:
    """Return the glossary's rows: code name to its other cells."""
    found = {}
    for line in GLOSSARY.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) >= 4 and not re.fullmatch(r"[-: ]+", cells[0]):
            found[cells[0]] = cells[1:]
    return found


def our_rooms() -> list[str]:
    """Return the labels of the project's own rooms."""
    return [c.label for c in apps.get_app_configs() if c.name.startswith("knutepunkt.")]


def test_every_model_stands_in_the_glossary() -> None:
    known = rows()
    models = [m for label in our_rooms() for m in apps.get_app_config(label).get_models()]
    assert len(models) > 20
    missing = [m.__name__ for m in models if not all(known.get(m.__name__, [""])[:3])]
    assert missing == []


def test_every_state_and_role_stands_in_the_glossary() -> None:
    known = rows()
    states = set()
    for label in our_rooms():
        try:
            module = importlib.import_module(f"knutepunkt.{label}.lifecycle")
        except ModuleNotFoundError:
            continue
        for value in vars(module).values():
            if isinstance(value, Lifecycle):
                states |= set(value.states)
    assert {"open", "released", "running"} <= states
    wanted = states | {role.value for role in Role}
    assert sorted(word for word in wanted if not all(known.get(word, [""])[:3])) == []


def test_no_word_has_two_rows() -> None:
    names = re.findall(r"^\| ([^|]+?) \|", GLOSSARY.read_text("utf-8"), flags=re.M)
    names = [name for name in names if name not in {"Code name", "---"}]
    assert sorted(n for n in set(names) if names.count(n) > 1) == []
