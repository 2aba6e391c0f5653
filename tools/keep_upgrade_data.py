"""Keep a small installation of this version, so that later versions can prove they take it forward.

    python tools/keep_upgrade_data.py

Makes both databases from the migrations, gives a centre two people, three groups and a closed round
with answers, and writes them as SQL with the keys they need. Until the first release, run it again
whenever a first migration was made anew; from the release on the file is never written again.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sqlite3
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "tests" / "fixtures" / "upgrade"
#: Written into the data and looked for after the upgrade.
SURVEY, GROUPS, ANSWERS = "Oppgradering", 3, 12


def migrations_fingerprint() -> str:
    """Return a hash of all migrations' text; it tells whether the kept data is of this version."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src").rglob("migrations/0*.py")):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def main() -> int:
    """Build, dump, and say how large it became."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "KNUTEPUNKT_DATA_DIR": folder,
            "KNUTEPUNKT_ENVIRONMENT": "development",
            "DJANGO_SETTINGS_MODULE": "knutepunkt.config.settings",
        }
        sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
        import django

        django.setup()
        _build()
        KEPT.mkdir(parents=True, exist_ok=True)
        size = sum(_keep(Path(folder), name) for name in ("knutepunkt", "vault"))
        keys = {path.name: path.read_text() for path in sorted(Path(folder, "keys").iterdir())}
    about = {"migrations": migrations_fingerprint(), "keys": keys}
    (KEPT / "about.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")
    sys.stdout.write(f"Kept {size} bytes in {KEPT.relative_to(ROOT)}.\n")
    return 0


def _keep(folder: Path, name: str) -> int:
    connection = sqlite3.connect(folder / f"{name}.sqlite3")
    text = "\n".join(connection.iterdump()).encode()
    connection.close()
    packed = gzip.compress(text, 9, mtime=0)
    (KEPT / f"{name}.sql.gz").write_bytes(packed)
    return len(packed)


def _build() -> None:
    """Make the installation by the product's own actions, as its users would."""
    import datetime as dt

    from knutepunkt.cli.migrating import migrate_both
    from knutepunkt.directory import actions as directory
    from knutepunkt.people.models import Membership, Organisation, Person
    from knutepunkt.people.vocabulary import OrganisationKind, Role
    from knutepunkt.surveys.actions.planning import AskedGroup, SurveyPlan, plan_survey
    from knutepunkt.surveys.actions.protocols import lock_protocol
    from knutepunkt.surveys.actions.rounds import close_round, open_round
    from knutepunkt.surveys.actions.slips import print_slips

    migrate_both()
    centre = Organisation.objects.create(
        name="Naustet", short_name="Naustet", slug="naustet", kind=OrganisationKind.CENTRE
    )
    by = Person.objects.create_user("leder@example.org", None, name="Leder")
    day = dt.date(2026, 1, 1)
    Membership.objects.create(person=by, organisation=centre, role=Role.DIRECTOR, since=day)
    groups = []
    for number in range(GROUPS):
        facts = directory.GroupFacts(name=f"Gruppe {number}", members=4)
        group = directory.create_group(organisation=centre, facts=facts, by=by)
        groups.append(directory.start_group(group=group, on=dt.date(2026, 2, 1), by=by))
    plan = SurveyPlan(
        title=SURVEY,
        groups_from=day,
        groups_until=dt.date(2026, 12, 31),
        asked=tuple(AskedGroup(each, 4) for each in groups),
        opens_on=dt.date(2026, 3, 1),
        closes_on=dt.date(2026, 4, 1),
    )
    asked_round = open_round(asked_round=plan_survey(organisation=centre, plan=plan, by=by), by=by)
    for printed in print_slips(asked_round=asked_round, by=by):
        for code in printed.codes:
            _answer(code, asked_round.survey.instrument_id)
    lock_protocol(survey=asked_round.survey, by=by)
    close_round(asked_round=asked_round, by=by)


def _answer(code: str, instrument: str) -> None:
    from knutepunkt.responses import actions as vault
    from knutepunkt.responses.queries import slip_standing
    from knutepunkt.responses.sealing import seal_letter

    standing = slip_standing(code)
    content = {"form": 1, "instrument": instrument, "language": "nb", "answers": {"BEN1": 4}}
    sealed = seal_letter(content, standing.recipient, standing.size)
    vault.receive(code=code, sealed=sealed, receipt_digest=os.urandom(32))


if __name__ == "__main__":
    sys.exit(main())
