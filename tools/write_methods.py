"""Write the method manual, docs/methods, from the specification tests."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "methods"
NOTE = "<!-- Written by tools/write_methods.py from tests/spec/statistics. Change it there. -->"


def pages() -> dict[str, str]:
    """Return each generated page by its file name."""
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    from tests.spec.statistics import chapters

    found = {}
    index = [NOTE, "", "# The method manual", "",
             "Each statistic with its formula, its source and a worked example that is tested.", ""]  # fmt: skip
    for module in chapters():
        name = f"{module.__name__.rsplit('.', 1)[-1].replace('_', '-')}.md"
        index.append(
            f"- [{module.TITLE}]({name}): {', '.join(one.name for one in module.STATISTICS)}."
        )
        found[name] = _chapter(module)
    return found | {"README.md": "\n".join(index) + "\n"}


def _chapter(module: object) -> str:
    lines = [NOTE, "", f"# {module.TITLE}", ""]  # type: ignore[attr-defined]
    for one in module.STATISTICS:  # type: ignore[attr-defined]
        lines += [f"## {one.name}", "", one.question, "", "```text", one.formula, "```", ""]
        lines += [f"Source: {one.sources} Code: `{one.code}`.", ""]
        if one.notes:
            lines += [one.notes, ""]
        lines += [f"Worked example. {one.setting}", "", "| figure | value |", "|---|---|"]
        lines += [f"| {each.label} | {each.expected:.6g} |" for each in one.worked]
        lines.append("")
    if hasattr(module, "extra"):
        lines += [*module.extra(), ""]
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    """Write every page."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
