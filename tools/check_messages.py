"""Check that every text a person reads exists in bokmål and nynorsk."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "knutepunkt"
LANGUAGES = ("nb", "nn")
_CALLS = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy", "ngettext", "ngettext_lazy"}
_TRANSLATE = re.compile(r"{%\s*(?:translate|trans)\s+([\"'])(.*?)\1")
_BLOCK = re.compile(
    r"{%\s*blocktrans(?:late)?\b([^%]*)%}(.*?){%\s*endblocktrans(?:late)?\s*%}", re.S
)
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")


def used_in_code(source: Path) -> Iterator[tuple[str, str]]:
    """Yield (message, place) for every translated string in Python."""
    for path in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            if name not in _CALLS:
                continue
            position = 1 if name.startswith("pgettext") else 0
            if len(node.args) > position and isinstance(node.args[position], ast.Constant):
                value = node.args[position].value
                if isinstance(value, str):
                    yield value, f"{path.relative_to(ROOT)}:{node.lineno}"


def used_in_templates(source: Path) -> Iterator[tuple[str, str]]:
    """Yield (message, place) for every translated string in templates."""
    for path in sorted([*source.rglob("templates/**/*.html"), *source.rglob("templates/**/*.txt")]):
        text = path.read_text("utf-8")
        for match in _TRANSLATE.finditer(text):
            yield match.group(2), str(path.relative_to(ROOT))
        for match in _BLOCK.finditer(text):
            body = _PLURAL.split(match.group(2))[0]
            if "trimmed" in match.group(1):
                body = " ".join(line.strip() for line in body.splitlines() if line.strip())
            body = body.replace("%", "%%") if "%" in body else body
            yield _VARIABLE.sub(r"%(\1)s", body), str(path.relative_to(ROOT))


def catalogue(language: str, source: Path) -> dict[str, str]:
    """Return message to translation over all rooms; fuzzy entries do not count."""
    known: dict[str, str] = {}
    for path in sorted(source.rglob(f"locale/{language}/LC_MESSAGES/*.po")):
        for entry in polib.pofile(str(path)):
            text = entry.msgstr or (entry.msgstr_plural or {}).get(0, "")
            if text and not entry.fuzzy and not entry.obsolete:
                known[entry.msgid] = text
    return known


def missing(source: Path = SOURCE) -> list[str]:
    """Return one sentence for each message without a translation."""
    used = dict(used_in_code(source)) | dict(used_in_templates(source))
    found = []
    for language in LANGUAGES:
        known = catalogue(language, source)
        found += [
            f"{place}: no {language} for {message!r}"
            for message, place in sorted(used.items(), key=lambda pair: pair[1])
            if message.strip() and message not in known
        ]
    return found


if __name__ == "__main__":
    sentences = missing()
    sys.stdout.write("\n".join(sentences) + ("\n" if sentences else ""))
    sys.exit(1 if sentences else 0)
