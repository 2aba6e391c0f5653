"""Do the commands for keys make, list, renew, recover and destroy them?"""

from __future__ import annotations

import datetime as dt
import stat
import uuid
from pathlib import Path
from typing import Any

import pyrage
import pytest

from knutepunkt import cli
from knutepunkt.responses import actions, queries
from knutepunkt.responses.receipts import new_words, receipt_digest
from knutepunkt.responses.refusals import KeyMissing
from knutepunkt.responses.sealing import seal_letter
from knutepunkt.surveys.lifecycle import CLOSED
from tests.answering_case import asking_centre

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)
ESCROW = pyrage.x25519.Identity.generate()


@pytest.fixture(autouse=True)
def _keys_apart(settings: Any, tmp_path: Path) -> None:
    settings.KEY_DIR, settings.TRANSPORT_DIR = tmp_path / "keys", tmp_path / "transport"
    settings.ESCROW_RECIPIENT = str(ESCROW.to_public())


def closed_round(*, evaluators: tuple[str, ...] = ()) -> uuid.UUID:
    """Return a closed round with one answer."""
    ref = uuid.uuid4()
    actions.open_round(round_ref=ref, escrow=str(ESCROW.to_public()), evaluators=evaluators)
    (code,) = actions.hand_out(round_ref=ref, group_ref=uuid.uuid4(), count=1)
    standing = queries.slip_standing(code)
    actions.receive(
        code=code,
        sealed=seal_letter({"answers": {}}, standing.recipient, standing.size),
        receipt_digest=receipt_digest(new_words(), standing.receipt_salt),
    )
    actions.close_round(round_ref=ref)
    return ref


def opens(ref: uuid.UUID) -> bool:
    """Say whether this server opens the round."""
    try:
        return len(queries.opened_answers(ref).answers) == 1
    except KeyMissing:
        return False


def test_a_new_key_is_written_for_its_owner_alone_and_its_public_part_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "key.txt"
    assert cli.main(["keys", "new", str(file)]) == 0
    public = capsys.readouterr().out.split()[-1]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    private = file.read_text().split()[-1]
    assert str(pyrage.x25519.Identity.from_str(private).to_public()) == public
    assert private not in public
    assert cli.main(["keys", "new", str(file)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert file.read_text().split()[-1] == private


def test_the_list_says_who_opens_what(capsys: pytest.CaptureFixture[str]) -> None:
    here, gone = closed_round(), closed_round()
    away = closed_round(evaluators=(str(pyrage.x25519.Identity.generate().to_public()),))
    actions.destroy_round(round_ref=gone)
    assert cli.main(["keys", "list"]) == 0
    told = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert "opens with the key on this server" in told[str(here)]
    assert "held outside this server" in told[str(away)]
    assert "destroyed" in told[str(gone)]


def test_a_renewed_key_opens_what_the_old_one_did_and_no_more(
    capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    here = closed_round()
    away = closed_round(evaluators=(str(pyrage.x25519.Identity.generate().to_public()),))
    before = {path.name: path.read_text() for path in Path(settings.KEY_DIR).iterdir()}
    assert cli.main(["keys", "renew"]) == 0
    assert "1 rounds and studies" in capsys.readouterr().out
    after = {path.name: path.read_text() for path in Path(settings.KEY_DIR).iterdir()}
    assert after["server.age-identity"] != before["server.age-identity"]
    assert before["server.age-identity"] in after.values(), "kept for backups from before"
    assert opens(here)
    assert not opens(away)


def test_the_escrow_key_recovers_a_server_that_lost_its_own(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    ref = closed_round()
    for path in Path(settings.KEY_DIR).glob("server*"):
        path.unlink()
    from knutepunkt.responses import keys

    keys._remembered.cache_clear()
    assert not opens(ref)
    (tmp_path / "escrow.txt").write_text(f"# public key: x\n{ESCROW}\n")
    assert cli.main(["keys", "recover", str(tmp_path / "escrow.txt")]) == 0
    assert opens(ref)
    (tmp_path / "wrong.txt").write_text("no key")
    assert cli.main(["keys", "recover", str(tmp_path / "wrong.txt")]) == 2
    assert "no age identity" in capsys.readouterr().err
    assert opens(ref), "a file without a key changes nothing"


def test_one_round_is_destroyed_before_its_time_and_no_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended, other = closed_round(), closed_round()
    assert cli.main(["keys", "destroy", str(ended)]) == 1
    assert "add --for-good" in capsys.readouterr().err
    assert opens(ended), "nothing happens unless it is said twice"
    assert cli.main(["keys", "destroy", str(ended), "--for-good"]) == 0
    assert not opens(ended)
    assert opens(other)
    assert cli.main(["keys", "destroy", str(ended), "--for-good"]) == 0
    assert "before" in capsys.readouterr().out


def test_an_open_or_unknown_round_is_not_destroyed(capsys: pytest.CaptureFixture[str]) -> None:
    ref = uuid.uuid4()
    assert cli.main(["keys", "destroy", str(ref), "--for-good"]) == 2
    assert "has not been opened" in capsys.readouterr().err
    actions.open_round(round_ref=ref)
    assert cli.main(["keys", "destroy", str(ref), "--for-good"]) == 2
    assert "still open" in capsys.readouterr().err


def test_a_survey_s_round_ends_with_a_record_of_it() -> None:
    from knutepunkt.audit.models import Deletion
    from knutepunkt.shared.clock import today

    case = asking_centre(groups=1, slips=1)
    actions.close_round(round_ref=case.ref)
    case.round.state, case.round.closed_on = CLOSED, today() - dt.timedelta(days=9)
    case.round.save()
    assert cli.main(["keys", "destroy", str(case.ref), "--for-good"]) == 0
    case.round.refresh_from_db()
    assert case.round.answers_destroyed_on == today()
    (written,) = Deletion.objects.all()
    assert (written.kind, written.days, written.subject_id) == ("answers", 9, str(case.ref))
