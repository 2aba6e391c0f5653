"""Does the house keep its own rules, and would each rule notice a violation?"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import rules

REPOSITORY = Path(__file__).resolve().parents[2]
SOURCE = REPOSITORY / "src"

Rule = Callable[[Path], list[str]]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the source tree to plant violations in."""
    shutil.copytree(
        SOURCE, tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "static", "locale")
    )
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


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
    assert rule(SOURCE) == []


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
    before = len(rule(copy / "src"))
    plant(copy, module, line)
    assert len(rule(copy / "src")) > before


def test_a_name_passed_on_by_a_door_is_caught(copy: Path) -> None:
    plant(copy, "evaluations.extract", "from knutepunkt.responses.models import SealedAnswer")
    plant(copy, "evaluations.views", "from knutepunkt.evaluations.extract import SealedAnswer")
    assert any("passed on" in sentence for sentence in rules.vault_back_doors(copy / "src"))


def test_a_module_without_its_sentence_is_caught(copy: Path) -> None:
    (copy / "src" / "knutepunkt" / "people" / "silent.py").write_text("x = 1\n")
    assert rules.modules_without_a_sentence(copy / "src")


def lint(tree: Path, contract: str) -> subprocess.CompletedProcess[str]:
    """Run one import contract over the tree."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.path.insert(0, 'src');"
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--config",
            "pyproject.toml",
            "--contract",
            contract,
            "--no-cache",
        ],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )


CONTRACTS = [
    ("rooms", "people.planted", "import knutepunkt.surveys.models"),
    ("layers", "people.models", "import knutepunkt.people.queries"),
    ("pure", "analysis.planted", "import django"),
    ("vault", "site.planted", "import knutepunkt.responses.models"),
    ("vault", "evaluations.queries", "import knutepunkt.responses.models"),
    ("forbidden-libraries", "surveys.planted", "import pandas"),
]


@pytest.mark.parametrize(("contract", "module", "line"), CONTRACTS)
def test_an_import_contract_notices_a_violation(
    copy: Path, contract: str, module: str, line: str
) -> None:
    for present in ("people.queries", "surveys.actions", "evaluations.extract"):
        plant(copy, present, "")
    kept = lint(copy, contract)
    assert kept.returncode == 0, kept.stdout + kept.stderr
    plant(copy, module, line)
    broken = lint(copy, contract)
    assert broken.returncode == 1, broken.stdout + broken.stderr
    assert "BROKEN" in broken.stdout


def test_second_letters_are_opened_only_to_link() -> None:
    users = {
        dotted
        for dotted, path, _tree in rules.sources(SOURCE)
        if re.search(r"\b(opened_cards|open_card|kept_links)\b", path.read_text("utf-8"))
    }
    assert {name for name in users if not name.startswith("responses.")} == {
        "evaluations.extract.following"
    }
