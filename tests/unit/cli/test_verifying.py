"""Can a report made from a file be checked with the command, and is a changed file found?"""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path
from subprocess import run
from sys import executable

import numpy as np
import pytest

from knutepunkt.cli import main

DESIGN = """
[study]
title = "Nytte"
organisation = "Sildrehuset"
audience = "{audience}"

[columns]
group = "gruppe"

[[scales]]
id = "nytte"
name = "Nytte"
items = ["q1", "q2"]
low = 1
high = 5
"""


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """The folder of a report made by ``knutepunkt evaluate``."""
    rng = np.random.default_rng(4)
    rows = [
        f"g{g},{rng.choice([1, 2, 3, 4, 5])},{rng.choice([1, 2, 3, 4, 5], p=[0.05, 0.05, 0.1, 0.4, 0.4])}"
        for g in range(14)
        for _ in range(7)
    ]
    (tmp_path / "answers.csv").write_text("\n".join(["gruppe,q1,q2", *rows]) + "\n")
    (tmp_path / "design.toml").write_text(DESIGN.format(audience="public"))
    arguments = ["evaluate", str(tmp_path / "answers.csv"), "--design"]
    folder = tmp_path / "report"
    assert main([*arguments, str(tmp_path / "design.toml"), "--out", str(folder)]) == 0
    return folder


def test_what_evaluate_makes_is_what_verify_checks(
    made: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = ["verify", str(made / "certificate.json"), "--release", str(made)]
    assert main(arguments) == 0
    assert "FAILS" not in capfd.readouterr().out
    released = json.loads((made / "release.json").read_text())
    released["figures"][0]["n"] = 3
    (made / "release.json").write_text(json.dumps(released))
    assert main(arguments) == 1
    assert "FAILS  release.json is what the certificate was given for." in capfd.readouterr().out


def test_the_archive_checks_itself_without_the_product(made: Path, tmp_path: Path) -> None:
    from knutepunkt.analysis.disclosure import LedgerEntry
    from knutepunkt.analysis.report import from_json
    from knutepunkt.evaluations.presenters.checking import checking_archive

    report = from_json((made / "report.json").read_text())
    entry = json.loads((made / "entry.json").read_text())
    judged = {
        "certificate": json.loads((made / "certificate.json").read_text()),
        "document": json.loads((made / "release.json").read_text()),
    }
    entry["statements"] = tuple(entry["statements"])
    content = checking_archive(report, judged, LedgerEntry(**entry), "nn")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        archive.extractall(tmp_path / "apart")
    program = [executable, "-S", "verify_release.py", "certificate.json", "--release", "release"]
    checked = run(program, cwd=tmp_path / "apart", capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
