"""Write the method manual, docs/methods, from the specification tests."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "methods"
NOTE = "<!-- Written by tools/write_methods.py from tests/spec/statistics. Change it there. -->"

FUNCTIONS = """\
One function for each statistic. Each docstring gives shapes, units, errors, formula and source. They \
compute at full precision, for checking us and for data you may see in full. What is shown about \
people goes through the gate instead: `knutepunkt evaluate`.

```python
import polars as pl
from knutepunkt.analysis.models import Inference, fit_mixed

rows = pl.read_csv("answers.csv")
fit = fit_mixed("y ~ wave + (1 | group/person)", rows)
for row in Inference(fit).coefficients():  # Kenward-Roger
    print(row.name, row.value, row.se, row.df, row.low, row.high)
```

Formulas are R's: `+ - : * / ^ %in%`, `0 +`, `factor(x)`, `I(x^2)`, `log`, `sqrt`, `exp`, and lme4's \
`(1 | g)`, `(x | g)`, `(x || g)`, `(1 | g/h)`. Rows with a missing value are left out and counted. A \
model that cannot be had raises `ModelRefusal`, a statistic `MeasurementRefused`: each has a code, and \
says what is wrong."""


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
    index.append("- [Functions](functions.md): what to import, statistic by statistic.")
    index.append(
        "- [What the report holds](what_the_report_holds.md): each table, figure and row of the model "
        "table beside what was promised, with its code, its test and what lacks."
    )
    found["functions.md"] = _functions()
    return found | {"README.md": "\n".join(index) + "\n"}


def _functions() -> str:
    lines = [NOTE, "", "# Functions", "", FUNCTIONS]
    for room in ("measurement", "models"):
        package = importlib.import_module(f"knutepunkt.analysis.{room}")
        lines += ["", f"## From `knutepunkt.analysis.{room}`", "", "| function | what it gives |"]
        lines.append("|---|---|")
        for name in package.__all__:
            function = getattr(package, name)
            if inspect.isfunction(function):
                first = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
                lines.append(f"| `{name}` | {first.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


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
