"""Is what the documents name really there: files, targets, commands, settings?"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from knutepunkt.cli import COMMANDS
from knutepunkt.config.environment import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
_SKIPPED = {".venv", "node_modules", "var", ".git"}


def _documents() -> list[Path]:
    return sorted(
        path
        for path in ROOT.rglob("*.md")
        if not _SKIPPED & set(path.relative_to(ROOT).parts) and "LICENSE" not in path.name
    )


DOCUMENTS = _documents()


def _names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("document", DOCUMENTS, ids=_names(DOCUMENTS))
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.S)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    inside = [target.split("#")[0] for target in targets if "://" not in target]
    missing = [one for one in inside if one and not (document.parent / one).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=_names(DOCUMENTS))
def test_named_targets_commands_and_settings_exist(document: Path) -> None:
    text = document.read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    commands = {command.name for command in COMMANDS}
    settings = {setting.name for setting in SETTINGS} | {
        "KNUTEPUNKT_REFERENCE_DATA",
        "KNUTEPUNKT_REQUIRE",
    }
    code = " ".join(re.findall(r"```.*?```|`[^`]+`", text, re.S))
    assert set(re.findall(r"\bmake ([a-z-]+)", code)) <= targets
    assert set(re.findall(r"\bknutepunkt ([a-z]+)\b", code)) <= commands
    assert set(re.findall(r"\bKNUTEPUNKT_[A-Z_]*[A-Z]\b", text)) <= settings


def test_each_decision_has_its_number_a_date_and_a_reason() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = Counter(record.name[:4] for record in records)
    assert [number for number, times in numbers.items() if times > 1] == []
    for record in records:
        text = record.read_text("utf-8")
        assert text.startswith(f"# {int(record.name[:4])}. "), record.name
        assert re.search(r"^20\d\d-\d\d-\d\d · (accepted|superseded by \d+)", text, re.M), record
        assert "**Why.**" in text, record.name
        assert "**Decision.**" in text, record.name


def _tracked() -> list[str]:
    found = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if found.returncode != 0:
        pytest.skip("not a git checkout: nothing says which files belong to the project")
    return found.stdout.split()


#: Written in two pieces, so that this file does not name them either.
_NEVER = [
    "pypi" + ".org",
    "pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "deb.debian" + ".org",
    "/home" + "/",
    "/root" + "/",
]


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = []
    for name in _tracked():
        path = ROOT / name
        if path.suffix in {".woff2", ".otf", ".png", ".pdf"} or not path.is_file():
            continue
        text = path.read_text("utf-8", errors="ignore")
        found += [f"{name}: {word}" for word in _NEVER if word in text]
    assert found == []


def test_every_document_for_newcomers_is_there() -> None:
    for name in ("README", "CONTRIBUTING", "GLOSSARY", "SECURITY", "CHANGELOG"):
        assert (ROOT / f"{name}.md").stat().st_size > 500
    assert "MIT License" in (ROOT / "LICENSE").read_text("utf-8")
