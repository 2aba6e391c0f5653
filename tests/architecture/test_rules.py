"""Does the house keep its own rules, and would each rule notice a violation?"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.architecture import rules

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src"

Rule = Callable[[Path], list[str]]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the source tree to plant violations in."""
    shutil.copytree(SOURCE, tmp_path / "src", ignore=_no_module)
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def _no_module(folder: str, names: list[str]) -> list[str]:
    """Name what is neither a folder nor Python, for ``copytree`` to leave out."""
    return [each for each in names if not (each.endswith(".py") or Path(folder, each).is_dir())]


def plant(tree: Path, module: str, line: str) -> None:
    """Add a line at the end of a module, making the module where it does not exist."""
    path = tree / "src" / "knutepunkt" / (module.replace(".", "/") + ".py")
    package = path.with_suffix("") / "__init__.py"
    path = package if package.exists() else path
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text("utf-8") if path.exists() else '"""Planted."""\n'
    path.write_text(before + "\n" + line + "\n", "utf-8")


ALL_RULES: list[Rule] = [
    rules.writes_outside_actions,
    rules.long_files,
    rules.modules_without_a_sentence,
    rules.foreign_layers_used,
    rules.vault_back_doors,
]


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule: Rule) -> None:
    assert found_in_the_house(rule) == []


@cache
def found_in_the_house(rule: Rule) -> list[str]:
    """What the rule finds in the tree as it is, which is also what it finds in an unchanged copy."""
    return rule(SOURCE)


PLANTED: list[tuple[Rule, str, str]] = [
    (rules.writes_outside_actions, "people.views", "def f(p):\n    p.save()"),
    (
        rules.writes_outside_actions,
        "people.forms",
        "def f(p):\n    Person.objects.create(name='x')",
    ),
    (
        rules.writes_outside_actions,
        "people.queries",
        "def f(p):\n    Person.objects.filter(a=1).delete()",
    ),
    (
        rules.writes_outside_actions,
        "surveys.presenters",
        "def f(p):\n    Round.objects.update(a=1)",
    ),
    (rules.long_files, "people.lines", "x = 1\n" * 400),
    (rules.foreign_layers_used, "surveys.actions", "from knutepunkt.people.views import x"),
    (rules.foreign_layers_used, "site.views", "from knutepunkt.surveys import forms"),
    (rules.vault_back_doors, "site.views", "apps.get_model('responses', 'SealedAnswer')"),
    (rules.vault_back_doors, "site.views", "apps.get_model('responses.SealedAnswer')"),
    (
        rules.vault_back_doors,
        "evaluations.models",
        "x = models.ForeignKey('responses.SealedRound')",
    ),
    (rules.vault_back_doors, "responses.models", "x = models.ForeignKey('surveys.Round')"),
    (
        rules.vault_back_doors,
        "evaluations.queries",
        "cursor.execute('select * from responses_sealedanswer')",
    ),
    (rules.vault_back_doors, "evaluations.queries", "c = connections['vault']"),
    (rules.vault_back_doors, "evaluations.queries", "q = x.objects.using('vault')"),
    (
        rules.vault_back_doors,
        "surveys.queries",
        "importlib.import_module('knutepunkt.responses.models')",
    ),
]


@pytest.mark.parametrize(
    ("rule", "module", "line"),
    PLANTED,
    ids=[f"{rule.__name__}-{number}" for number, (rule, _m, _l) in enumerate(PLANTED)],
)
def test_a_planted_violation_is_caught(copy: Path, rule: Rule, module: str, line: str) -> None:
    plant(copy, module, line)
    assert len(rule(copy / "src")) > len(found_in_the_house(rule))


def test_a_name_passed_on_by_a_door_is_caught(copy: Path) -> None:
    plant(copy, "evaluations.extract", "from knutepunkt.responses.models import SealedAnswer")
    plant(copy, "evaluations.views", "from knutepunkt.evaluations.extract import SealedAnswer")
    assert any("passed on" in sentence for sentence in rules.vault_back_doors(copy / "src"))


def test_a_module_without_its_sentence_is_caught(copy: Path) -> None:
    (copy / "src" / "knutepunkt" / "people" / "silent.py").write_text("x = 1\n")
    assert rules.modules_without_a_sentence(copy / "src")


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Run every import contract over the tree."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.path.insert(0, 'src');"
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--config",
            "pyproject.toml",
            "--no-cache",
        ],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )


#: The contract's name, the module that breaks it, and what it then imports.
CONTRACTS = [
    ("Rooms depend in one direction", "people.planted", "knutepunkt.surveys.models"),
    ("Layers inside a room depend in one direction", "people.models", "knutepunkt.people.queries"),
    ("The analysis knows no framework, database or network", "analysis.planted", "django"),
    ("The vault has two doors", "site.planted", "knutepunkt.responses.models"),
    ("The vault has two doors", "evaluations.queries", "knutepunkt.responses.models"),
    ("No library that the licence or the method rules out", "surveys.planted", "pandas"),
]
#: How a report on a contract begins, under its name and a line below it.
REPORT = re.compile(r"^(?P<name>.+)\n-+\n", re.MULTILINE)


def test_the_import_contracts_are_kept_by_the_house_and_notice_violations(copy: Path) -> None:
    """All are planted in one tree: each is named, under the contract that it breaks."""
    kept = lint(copy)
    assert kept.returncode == 0, kept.stdout + kept.stderr
    assert "BROKEN" not in kept.stdout
    for _contract, module, imported in CONTRACTS:
        plant(copy, module, f"import {imported}")
    broken = lint(copy)
    assert broken.returncode == 1, broken.stdout + broken.stderr
    parts = REPORT.split(broken.stdout)
    reports = dict(zip(parts[1::2], parts[2::2], strict=True))
    for contract, module, imported in CONTRACTS:
        assert f"{contract} BROKEN" in broken.stdout
        told = [line for line in reports[contract].splitlines() if f"knutepunkt.{module}" in line]
        assert any(imported in line for line in told), (contract, module, reports[contract])


def test_second_letters_are_opened_only_to_link() -> None:
    users = {
        dotted
        for dotted, path, _tree in rules.sources(SOURCE)
        if re.search(r"\b(opened_cards|open_card|kept_links)\b", path.read_text("utf-8"))
    }
    assert {name for name in users if not name.startswith("responses.")} == {
        "evaluations.extract.following"
    }
