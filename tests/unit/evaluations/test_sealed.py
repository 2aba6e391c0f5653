"""Can whoever holds the key make the report elsewhere, and can nobody without it?"""

from __future__ import annotations

import io
import json
import os
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.test import Client
from django.urls import reverse

from knutepunkt import cli
from knutepunkt.evaluations import actions
from knutepunkt.evaluations.extract.bundles import NotABundle, unpack
from knutepunkt.people.vocabulary import Role
from knutepunkt.responses.models import SealedAnswer
from knutepunkt.responses.refusals import KeyMissing
from knutepunkt.responses.sealing import USUAL_SIZE, envelope_size, open_together, seal_together
from knutepunkt.surveys.actions.keeping import hold_key
from knutepunkt.surveys.models import Survey
from knutepunkt.surveys.policies.refusals import KeyAlreadyChosen, NotAKey, TooManyKeys
from tests.unit.evaluations.conftest import Centre

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)

ONE_ANSWER = envelope_size(USUAL_SIZE)


@pytest.fixture
def holders() -> list[pyrage.x25519.Identity]:
    """Return two people's keys."""
    return [pyrage.x25519.Identity.generate() for _ in range(2)]


@pytest.fixture
def offline(
    make_centre: Callable[..., Centre],
    holders: list[pyrage.x25519.Identity],
    monkeypatch: pytest.MonkeyPatch,
) -> Centre:
    """Return a centre whose closed round opens only with both keys."""
    from tests.unit.evaluations import conftest

    plan = conftest.plan_survey

    def planned(**named: Any) -> Any:
        made = plan(**named)
        recipients = [str(each.to_public()) for each in holders]
        made.survey = hold_key(survey=made.survey, recipients=recipients, by=named["by"])
        return made

    monkeypatch.setattr(conftest, "plan_survey", planned)
    return make_centre("fjordhuset")


def bundle_of(centre: Centre, audience: str = "centre") -> bytes:
    asked = centre.asked_round
    return actions.hand_over(
        survey=asked.survey, rounds=[asked], audience=audience, by=centre.maker
    )


def part_of(bundle: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        return archive.read(name)


def both(holders: list[pyrage.x25519.Identity]) -> str:
    return " ".join(str(each) for each in holders)


def test_the_server_cannot_make_the_report_and_says_where_the_key_is(offline: Centre) -> None:
    with pytest.raises(KeyMissing):
        actions.make_evaluation(
            survey=offline.asked_round.survey,
            rounds=[offline.asked_round],
            audience="centre",
            by=offline.maker,
        )


def test_both_keys_open_and_one_alone_does_not(
    offline: Centre, holders: list[pyrage.x25519.Identity]
) -> None:
    bundle = bundle_of(offline)
    opened = unpack(bundle, both(holders))
    assert opened.frame.height > 50
    assert opened.left_out == 0
    assert unpack(bundle, both(holders[::-1])).frame.height == opened.frame.height
    for alone in (*holders, pyrage.x25519.Identity.generate()):
        with pytest.raises(KeyMissing):
            unpack(bundle, str(alone))


def test_whoever_downloads_the_bundle_without_the_key_learns_nothing_of_any_group(
    offline: Centre, holders: list[pyrage.x25519.Identity]
) -> None:
    """How many of each group answered is counted of the answers, by whoever can open them."""
    bundle = bundle_of(offline)
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        described = json.loads(archive.read("bundle.json"))
    [asked] = described["design"]["rounds"]
    assert asked["groups"]
    assert not any("used" in group for group in asked["groups"])
    assert described["ledger"]["contributors"] == {}
    [opened] = unpack(bundle, both(holders)).design.rounds
    assert sum(group.used for group in opened.groups) > 50
    assert all(group.used <= group.handed_out for group in opened.groups)


def test_the_bundle_says_what_the_server_would_have_used(
    centre: Centre, holders: list[pyrage.x25519.Identity]
) -> None:
    """Of a round the server can open: the same design, and the same figures from the same answers."""
    from knutepunkt.analysis.disclosure import Ledger, policy_for
    from knutepunkt.analysis.report import build_report, to_json
    from knutepunkt.responses import keys

    made = actions.make_evaluation(
        survey=centre.asked_round.survey,
        rounds=[centre.asked_round],
        audience="centre",
        by=centre.maker,
    )
    opened = unpack(bundle_of(centre), keys.server_identity_text())
    policy = policy_for(sensitive_theme=opened.design.sensitive_theme)
    report, judgement = build_report(opened.design, opened.frame, Ledger(), policy)
    assert judgement.document["figures"] == made.judged["document"]["figures"]
    assert json.loads(to_json(report)) == made.report


def test_a_bundle_holds_nothing_that_can_be_read(offline: Centre) -> None:
    bundle = bundle_of(offline)
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        described = archive.read("bundle.json").decode()
        dates = {entry.date_time for entry in archive.infolist()}
    assert dates == {(1980, 1, 1, 0, 0, 0)}
    assert "AGE-SECRET-KEY" not in described
    for group in offline.asked_round.asked_groups.select_related("group"):
        assert group.group.name not in described


def test_nobody_without_the_key_can_count_the_answers(
    offline: Centre, holders: list[pyrage.x25519.Identity]
) -> None:
    """Ten answers fewer, and the bundle is as long; fetched twice, no part of it is the same."""
    whole = bundle_of(offline)
    before = unpack(whole, both(holders)).frame.height
    again = bundle_of(offline)
    kept = list(SealedAnswer.objects.order_by("id").values_list("id", flat=True))[10:]
    SealedAnswer.objects.exclude(pk__in=kept).delete()
    fewer = bundle_of(offline)
    assert unpack(fewer, both(holders)).frame.height == before - 10
    # An age file may have a stanza of random length in its head.
    lengths = [len(each) for each in (whole, again, fewer)]
    assert max(lengths) - min(lengths) < ONE_ANSWER / 4
    for name in ("bundle.json", f"{offline.asked_round.pk}.sealed"):
        first, second, third = (part_of(each, name) for each in (whole, again, fewer))
        if name == "bundle.json":
            assert first == second == third
        else:
            pieces = {first[at : at + 512] for at in range(0, len(first), 512)}
            assert not any(second[at : at + 512] in pieces for at in range(0, len(second), 512))


def test_more_answers_than_were_asked_find_room() -> None:
    key = pyrage.x25519.Identity.generate()
    rows = [(uuid.uuid4(), os.urandom(envelope_size(8192))) for _ in range(5)]
    lengths = set()
    for count, room in ((3, 2), (4, 2), (4, 4), (1, 4), (0, 4)):
        sealed = seal_together(rows[:count], recipient=str(key.to_public()), size=8192, room=room)
        assert open_together(sealed, key) == rows[:count]
        lengths.add(len(sealed) // 8192)
    assert len(lengths) == 1


@pytest.mark.parametrize("damage", ["no zip", "cut", "rows"])
def test_a_damaged_bundle_is_refused(
    offline: Centre, holders: list[pyrage.x25519.Identity], damage: str
) -> None:
    bundle = bundle_of(offline)
    if damage == "no zip":
        bundle = b"age"
    elif damage == "cut":
        bundle = bundle[: len(bundle) // 2]
    else:
        packed = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(bundle)) as old, zipfile.ZipFile(packed, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                new.writestr(name, content if name.endswith(".json") else content[:-7])
        bundle = packed.getvalue()
    with pytest.raises(NotABundle):
        unpack(bundle, both(holders))


def test_the_whole_report_is_made_where_the_key_is(
    offline: Centre,
    holders: list[pyrage.x25519.Identity],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Page, download, command: only released figures are written, and they can be checked."""
    client = Client()
    client.force_login(offline.maker)
    page = reverse("evaluations:report-make", args=[offline.asked_round.survey_id])
    assert "sealed-answers.zip" in client.get(page).content.decode()
    posted = {"rounds": [str(offline.asked_round.pk)], "audience": "centre"}
    answer = client.post(page, posted)
    assert answer["Content-Disposition"] == 'attachment; filename="sealed-answers.zip"'
    assert "no-store" in answer["Cache-Control"]
    (tmp_path / "sealed.zip").write_bytes(answer.content)
    for at, holder in enumerate(holders):
        (tmp_path / f"{at}.txt").write_text(f"# key\n{holder}\n")
    command = ["evaluate", "--sealed", str(tmp_path / "sealed.zip"), "--out", str(tmp_path / "out")]
    alone = [*command, "--identity", str(tmp_path / "0.txt")]
    assert cli.main(alone) == 2
    assert "does not open" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert cli.main([*alone, str(tmp_path / "1.txt")]) == 0
    assert "figures released" in capsys.readouterr().out
    written = {path.name for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {"report.html", "report.pdf", "certificate.json"} <= written
    opened = unpack(answer.content, both(holders))
    everything = b"".join(p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert not [ref for ref in opened.frame["participant"] if ref.encode() in everything]


def test_who_holds_the_key_is_settled_before_the_survey_opens(
    centre: Centre, holders: list[pyrage.x25519.Identity]
) -> None:
    survey = centre.asked_round.survey
    public = [str(each.to_public()) for each in holders]
    with pytest.raises(KeyAlreadyChosen):
        hold_key(survey=survey, recipients=public, by=centre.maker)
    assert Survey.objects.get(pk=survey.pk).key_recipients == []


def test_a_key_is_chosen_on_the_survey_s_page(
    make_centre: Callable[..., Centre], holders: list[pyrage.x25519.Identity]
) -> None:
    from tests.architecture.samples import build_centre

    made = build_centre("Fjord")
    asked, by = made.objects["round"], made.people[Role.COORDINATOR]
    client = Client()
    client.force_login(by)
    page = reverse("surveys:round-key", args=[asked.pk])  # type: ignore[attr-defined]
    public = [str(each.to_public()) for each in holders]
    for typed, refusal in (("age1nothing", NotAKey), ("\n".join([public[0]] * 2), TooManyKeys)):
        refused = client.post(page, {"recipients": typed})
        assert refused.status_code == 200, refusal
        assert "kp-error" in refused.content.decode() or "aria-invalid" in refused.content.decode()
    assert client.post(page, {"recipients": "\n".join(public)}).status_code == 302
    survey = Survey.objects.get(pk=made.objects["survey"].pk)  # type: ignore[attr-defined]
    assert (survey.key_holding, survey.key_recipients) == ("offline", public)
    assert client.post(page, {"recipients": ""}).status_code == 302
    survey.refresh_from_db()
    assert (survey.key_holding, survey.key_recipients) == ("server", [])
