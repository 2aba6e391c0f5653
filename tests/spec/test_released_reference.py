"""Do real files give the published figures, at the precision the gate lets out?

Each file goes through `knutepunkt evaluate`, and only its output folder is read. The figures were
computed with R, or published. Skipped by name without KNUTEPUNKT_REFERENCE_DATA.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pypdf
import pytest

from knutepunkt.cli import parser

STUDY = '[study]\ntitle = "A study"\ndated = 2026-03-01\n'


def _evaluated(file: Path, design: str, folder: Path) -> tuple[int, Path]:
    (folder / "design.toml").write_text(STUDY + design, encoding="utf-8")
    given = ["--design", str(folder / "design.toml"), "--out", str(folder / "out")]
    options = parser().parse_args(["evaluate", str(file), *given, "--language", "en"])
    return int(options.run(options)), folder / "out"


def _table(out: Path, name: str) -> dict[str, dict[str, Any]]:
    rows = json.loads((out / "tables" / f"{name}.json").read_text("utf-8"))["rows"]
    return {row["row"]: row for row in rows}


BFI = """
[columns]
group = "none"
""" + "\n".join(
    f"""
[[scales]]
id = "{letter}"
name = "{letter}"
items = [{", ".join(f'"{letter}{i}"' for i in range(1, 6))}]
reversed = [{", ".join(f'"{name}"' for name in turned)}]
low = 1
high = 6
"""
    for letter, turned in (
        ("A", ["A1"]),
        ("C", ["C4", "C5"]),
        ("E", ["E1", "E2"]),
        ("N", []),
        ("O", ["O2", "O5"]),
    )
)


def test_five_scales_have_their_published_alpha(reference: Path, tmp_path: Path) -> None:
    code, out = _evaluated(reference / "survey" / "bfi.csv", BFI, tmp_path)
    assert code == 0
    found = {row["scale"]: row["alpha"] for row in _table(out, "T5").values()}
    assert found == {"A": 0.70, "C": 0.73, "E": 0.76, "N": 0.81, "O": 0.60}
    # The policy for missing answers is named beside the figure.
    described = json.loads((out / "tables" / "T5.json").read_text("utf-8"))["columns"]
    assert "pairwise" in next(c["description"] for c in described if c["id"] == "alpha")


BH1996 = """
[columns]
group = "GRP"
[[scores]]
id = "wellbeing"
name = "Well-being"
column = "WBEING"
low = 0
high = 5
"""


def test_ninety_nine_groups_are_as_alike_as_published(reference: Path, tmp_path: Path) -> None:
    file = reference / "survey" / "bh1996_wellbeing_groups.csv"
    code, out = _evaluated(file, BH1996, tmp_path)
    assert code == 0
    assert _table(out, "T8")["wellbeing"]["icc"] == 0.04  # ICC1 .04337
    steps = {key: row["count"] for key, row in _table(out, "T1").items()}
    assert steps == {"1#groups": 99, "1#used": 7382}


SLEEP = """
[columns]
person = "Subject"
group = "none"
round = "Days"
[[scores]]
id = "reaction"
name = "Reaction"
column = "Reaction"
low = 0
high = 600
"""


def test_reaction_times_rise_as_published(reference: Path, tmp_path: Path) -> None:
    code, out = _evaluated(reference / "survey" / "sleepstudy.csv", SLEEP, tmp_path)
    assert code == 0
    found = _table(out, "T6-trend")["reaction"]
    # Random intercept, REML: 251.4051 and 10.4673. Eighteen people differ so little on a scale of
    # six hundred that an interval would tell how little, so it is not shown.
    assert (found["start"], found["per_time"]) == (251.4, 10.5)
    assert found["interval"] == {"state": "withheld"}


BTHEB = """
[columns]
person = "rowname"
group = "none"
[[scores]]
id = "bdi"
name = "Depression"
columns = { "0" = "bdi.pre", "2" = "bdi.2m", "3" = "bdi.3m", "5" = "bdi.5m", "8" = "bdi.8m" }
low = 0
high = 63
lower_is_better = true
reliability = 0.88
cutoff = 14
"""


def test_growing_dropout_is_told_and_change_has_its_model(reference: Path, tmp_path: Path) -> None:
    code, out = _evaluated(reference / "survey" / "BtheB.csv", BTHEB, tmp_path)
    assert code == 0
    flow = {key: row["count"] for key, row in _table(out, "T1").items() if "#used" in key}
    # 100, 97, 73, 58 and 52 answered. Three missing of a hundred would be told exactly, so it is
    # a class; below a hundred, counts go to the nearest five.
    assert flow["0#used"] == flow["2#used"] == {"from": 96.0, "to": None}
    assert [flow[f"{month}#used"] for month in (3, 5, 8)] == [75, 60, 50]
    change = _table(out, "T6")
    assert all(row["difference"] < 0 for row in change.values())
    assert change["bdi@8"]["from_mean"] == 23.3


def test_three_of_a_hundred_are_not_told_apart(reference: Path, tmp_path: Path) -> None:
    """Individual change to month two leaves out three people of the first round: P4 withholds."""
    _, out = _evaluated(reference / "survey" / "BtheB.csv", BTHEB, tmp_path)
    rows = _table(out, "T7")
    assert rows["bdi@2#worse-all"]["share"] == {"state": "withheld"}
    assert rows["bdi@3#worse-class"]["share"] == {"from": 0.0, "to": 4.0}


TINY = """
[columns]
group = "PLATOON"
[[scales]]
id = "cohesion"
name = "Cohesion"
items = ["COH01", "COH02", "COH03", "COH04", "COH05"]
low = 1
high = 5
"""


@pytest.mark.parametrize("column", ["PLATOON", "UNIT"])
def test_nothing_about_tiny_groups_appears_in_any_byte(
    reference: Path, tmp_path: Path, column: str
) -> None:
    file = reference / "survey" / "cohesion_tiny.csv"
    code, out = _evaluated(file, TINY.replace("PLATOON", column), tmp_path)
    assert code == 3
    names = {
        name
        for line in file.read_text("utf-8").splitlines()[1:]
        for name in re.findall(r'"([^"]+)"', line)
    }
    assert len(names) > 2
    for path in (each for each in out.rglob("*") if each.is_file()):
        content = _plain(path)
        assert not [name for name in names if re.search(rf"\b{re.escape(name)}\b", content)], path
    assert not {"T2", "T8"} & {each.stem for each in (out / "tables").iterdir()}
    assert set(_table(out, "T1")) == {"1#used"}


def _plain(path: Path) -> str:
    """The text of a file, unpacked where it is packed."""
    content = path.read_bytes()
    if path.suffix == ".docx":
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            return "".join(
                opened.read(name).decode("utf-8", "replace") for name in opened.namelist()
            )
    if path.suffix == ".pdf":
        reader = pypdf.PdfReader(io.BytesIO(content))
        return str(reader.metadata) + "".join(page.extract_text() for page in reader.pages)
    return content.decode("utf-8", "replace")
