"""Does this version take an installation of the kept version forward, answers and all?"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from knutepunkt.cli import COMMANDS
from tools.keep_upgrade_data import ANSWERS, GROUPS, KEPT, ROOT, SURVEY, migrations_fingerprint

LOOK = f"""
import json, django
django.setup()
from knutepunkt.directory.models import Group
from knutepunkt.people.models import Membership
from knutepunkt.responses.queries import opened_answers
from knutepunkt.surveys.models import Round
asked = Round.objects.select_related("survey").get(survey__title="{SURVEY}")
opened = opened_answers(asked.pk)
print(json.dumps(dict(groups=Group.objects.filter(state="running").count(),
    roles=list(Membership.objects.values_list("role", flat=True)), state=asked.state,
    answers=[each.content["answers"] for each in opened.answers], left_out=opened.left_out)))
"""


def test_the_kept_installation_is_migrated_opened_and_in_order(tmp_path: Path) -> None:
    assert "migrate" in {command.name for command in COMMANDS}
    environment = unpack(tmp_path)
    migrated = knutepunkt("migrate", environment)
    assert migrated.returncode == 0, migrated.stderr
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["groups"] == GROUPS
    assert seen["roles"] == ["director"]
    assert seen["state"] == "closed"
    assert seen["answers"] == [{"BEN1": 4}] * ANSWERS
    assert not seen["left_out"]
    checked = knutepunkt("check", environment)
    assert "ok           databases" in checked.stdout, checked.stdout + checked.stderr
    assert "ok           release ledger" in checked.stdout


def test_the_kept_data_is_of_the_version_it_claims() -> None:
    """Before the first release a first migration may be made anew; then the data must be too."""
    about = json.loads((KEPT / "about.json").read_text("utf-8"))
    unchanged = about["migrations"] == migrations_fingerprint()
    is_released = "(unreleased)" not in (ROOT / "CHANGELOG.md").read_text("utf-8").split("##")[1]
    assert unchanged or is_released, "Run: python tools/keep_upgrade_data.py"


def unpack(folder: Path) -> dict[str, str]:
    """Write the kept databases and keys; return the environment that points to them."""
    for name in ("knutepunkt", "vault"):
        connection = sqlite3.connect(folder / f"{name}.sqlite3")
        connection.executescript(gzip.decompress((KEPT / f"{name}.sql.gz").read_bytes()).decode())
        connection.close()
    keys = folder / "keys"
    keys.mkdir(mode=0o700)
    for name, text in json.loads((KEPT / "about.json").read_text("utf-8"))["keys"].items():
        (keys / name).write_text(text)
    return os.environ | {
        "KNUTEPUNKT_DATA_DIR": str(folder),
        "KNUTEPUNKT_KEY_DIR": str(keys),
        "KNUTEPUNKT_ENVIRONMENT": "development",
        "DJANGO_SETTINGS_MODULE": "knutepunkt.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }


def knutepunkt(command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command as an operator would."""
    return subprocess.run(
        [sys.executable, "-m", "knutepunkt", command],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
