"""Does an answer go in once, come out whole after the close, and leave nothing behind?"""

from __future__ import annotations

import stat
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest

from knutepunkt.responses import actions, keys, queries, refusals
from knutepunkt.responses.models import (
    CoveredAnswer,
    RetiredCode,
    SealedAnswer,
    SealedRound,
    SlipCount,
    SlipMark,
)
from tests.asked_round import Asked, Visit, ask

pytestmark = pytest.mark.django_db(databases=["default", "vault"], transaction=True)


def contents(round_ref: uuid.UUID) -> list[dict[str, object]]:
    return [answer.content for answer in queries.opened_answers(round_ref).answers]


def test_an_answer_comes_out_as_it_went_in(asked: Asked) -> None:
    visit = asked.visit(group=1, answers={"FRI1": "Å møte andre – ærlig talt 🙂"})
    assert not visit.send().is_repeat
    actions.close_round(round_ref=asked.ref)
    (answer,) = queries.opened_answers(asked.ref).answers
    assert answer.content == visit.content
    assert answer.group_ref == list(asked.codes)[1]
    assert answer.by_slip


def test_the_same_visit_counts_once_and_another_is_refused(asked: Asked) -> None:
    visit = asked.visit()
    visit.send()
    assert visit.send().is_repeat
    with pytest.raises(refusals.SlipUsed):
        Visit(visit.code, {"answers": {}}).send()
    assert CoveredAnswer.objects.count() == 1


def test_a_visit_repeated_with_a_second_slip_spends_only_the_first(asked: Asked) -> None:
    first = asked.visit()
    first.send()
    second = asked.visit(slip=1)
    assert Visit(second.code, first.content, first.words).send().is_repeat
    assert not second.send().is_repeat


def test_a_code_on_the_wall_is_never_used_up_and_never_counts(asked: Asked) -> None:
    group = next(iter(asked.codes))
    (wall,) = actions.hand_out(round_ref=asked.ref, group_ref=group, count=1, kind="wall")
    for at in range(3):
        Visit(wall, {"answers": {"BEN1": at}}).send()
    again = Visit(wall, {"answers": {}})
    again.send()
    assert again.send().is_repeat
    actions.close_round(round_ref=asked.ref)
    opened = queries.opened_answers(asked.ref).answers
    assert [answer.by_slip for answer in opened] == [False] * 4
    assert queries.slip_tallies(asked.ref)[group] == queries.SlipTally(handed_out=8, used=0)


def test_no_code_is_handed_out_that_another_slip_has_or_had(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_slip = asked.visit().code
    earlier = ask(groups=1, slips=1)
    retired = earlier.visit().code
    actions.close_round(round_ref=earlier.ref)
    one, other = "K7M-4PX-9AC", "B2D-3FG-4HJ"
    drawn = iter([on_a_slip, retired, one, one, other])
    monkeypatch.setattr("knutepunkt.responses.actions.slips.new_code", lambda: next(drawn))
    codes = actions.hand_out(round_ref=asked.ref, group_ref=uuid.uuid4(), count=2)
    assert codes == [one, other]
    actions.close_round(round_ref=asked.ref)
    assert RetiredCode.objects.filter(round_ref=asked.ref).count() == 26


def test_a_void_slip_and_an_unknown_code_are_refused(asked: Asked) -> None:
    visit = asked.visit()
    actions.void(code=visit.code)
    with pytest.raises(refusals.SlipUsed):
        visit.send()
    with pytest.raises(refusals.SlipUnknown):
        queries.slip_standing("K7M-4PX-222")
    with pytest.raises(refusals.SlipUnknown):
        actions.void(code="nonsense")


def test_what_is_not_sealed_or_too_long_is_refused_and_spends_no_slip(asked: Asked) -> None:
    visit = asked.visit()
    for sealed in (b"", b"plain text", b"age-encryption.org/v1\n" + b"x" * 100):
        with pytest.raises(refusals.NotSealed):
            actions.receive(code=visit.code, sealed=sealed, receipt_digest=b"d" * 32)
    with pytest.raises(refusals.AnswerTooLong):
        asked.visit(answers={"FRI1": "x" * 20_000}).send()
    with pytest.raises(refusals.NotSealed):
        actions.receive(code=visit.code, sealed=b"", receipt_digest=b"short")
    assert not SlipMark.objects.filter(is_used=True).exists()


def test_withdrawal_takes_effect_at_the_close(asked: Asked) -> None:
    keep, regret = asked.visit(answers={"BEN1": 1}), asked.visit(slip=1, answers={"BEN1": 5})
    keep.send()
    regret.send()
    assert actions.withdraw(words=" ".join(regret.words)) == asked.ref
    assert actions.withdraw(words=" ".join(regret.words).upper(), round_ref=asked.ref)
    assert CoveredAnswer.objects.count() == 2
    actions.close_round(round_ref=asked.ref)
    assert contents(asked.ref) == [keep.content]
    with pytest.raises(refusals.WordsUnknown):
        actions.withdraw(words=" ".join(keep.words))


@pytest.mark.parametrize("words", ["", "sol", "sol " * 7, "xyz " * 7, "\0" * 50])
def test_words_nobody_has_are_refused(asked: Asked, words: str) -> None:
    with pytest.raises(refusals.WordsUnknown):
        actions.withdraw(words=words)


def test_the_close_leaves_counts_and_nothing_that_joins(asked: Asked, settings: Any) -> None:
    before = {}
    for slip in range(5):
        asked.visit(slip=slip, answers={"BEN1": slip}).send()
    before = {row.id: bytes(row.sealed) for row in CoveredAnswer.objects.all()}
    report = actions.close_round(round_ref=asked.ref)
    assert not report.was_closed_before
    assert actions.close_round(round_ref=asked.ref).was_closed_before
    after = list(SealedAnswer.objects.all())
    assert len(after) == 5
    assert not before.keys() & {row.id for row in after}
    assert not set(before.values()) & {bytes(row.sealed) for row in after}
    assert not CoveredAnswer.objects.exists()
    assert len({len(row.sealed) for row in after}) == 1
    assert not SlipMark.objects.exists()
    assert not list(Path(settings.TRANSPORT_DIR).iterdir())
    tallies = queries.slip_tallies(asked.ref)
    assert sorted(tally.used for tally in tallies.values()) == [0, 0, 5]
    assert {tally.handed_out for tally in tallies.values()} == {8}
    closed = SealedRound.objects.get()
    assert closed.is_swept
    assert closed.transport_recipient == ""


def test_after_the_close_a_code_says_closed_whether_it_was_used_or_not(asked: Asked) -> None:
    used, unused = asked.visit(), asked.visit(slip=1)
    used.send()
    actions.close_round(round_ref=asked.ref)
    standings = [queries.slip_standing(visit.code) for visit in (used, unused)]
    assert [(s.is_open, s.is_used) for s in standings] == [(False, False)] * 2
    with pytest.raises(refusals.RoundClosed):
        unused.send()
    with pytest.raises(refusals.RoundClosed):
        actions.hand_out(round_ref=asked.ref, group_ref=uuid.uuid4(), count=1)
    with pytest.raises(refusals.RoundClosed):
        actions.open_round(round_ref=asked.ref)
    assert RetiredCode.objects.count() == 24


def test_a_kill_between_commit_and_sweep_is_made_good(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    asked.visit().send()
    with monkeypatch.context() as killed:
        killed.setattr(
            "knutepunkt.responses.actions.closing.keys.destroy_transport_key",
            lambda _ref: (_ for _ in ()).throw(KeyboardInterrupt),
        )
        with pytest.raises(KeyboardInterrupt):
            actions.close_round(round_ref=asked.ref)
    assert list(Path(settings.TRANSPORT_DIR).iterdir())
    assert actions.finish_closing() == [asked.ref]
    assert not list(Path(settings.TRANSPORT_DIR).iterdir())
    assert actions.finish_closing() == []
    assert len(contents(asked.ref)) == 1


def test_a_kill_within_the_close_changes_nothing(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = asked.visit()
    visit.send()
    with monkeypatch.context() as killed:
        killed.setattr(
            "knutepunkt.responses.actions.closing._reduce_slips",
            lambda *_: (_ for _ in ()).throw(KeyboardInterrupt),
        )
        with pytest.raises(KeyboardInterrupt):
            actions.close_round(round_ref=asked.ref)
    assert queries.slip_standing(visit.code).is_open
    asked.visit(slip=2).send()
    actions.close_round(round_ref=asked.ref)
    assert len(contents(asked.ref)) == 2


def test_without_the_transport_key_the_close_refuses_and_loses_nothing(
    asked: Asked, settings: Any
) -> None:
    asked.visit().send()
    keys.destroy_transport_key(asked.ref)
    with pytest.raises(refusals.KeyMissing):
        actions.close_round(round_ref=asked.ref)
    assert CoveredAnswer.objects.count() == 1
    assert SlipMark.objects.filter(is_used=True).count() == 1


def test_answers_are_opened_only_after_the_close_and_never_without_a_key(asked: Asked) -> None:
    asked.visit().send()
    with pytest.raises(refusals.RoundStillOpen):
        queries.opened_answers(asked.ref)
    actions.close_round(round_ref=asked.ref)
    actions.destroy_round(round_ref=asked.ref)
    with pytest.raises(refusals.KeyMissing):
        queries.opened_answers(asked.ref)
    assert not SealedAnswer.objects.exists()
    assert not SlipCount.objects.exists()


def test_a_round_held_offline_opens_for_evaluator_and_escrow_and_not_for_the_server() -> None:
    evaluator, escrow = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    ref = uuid.uuid4()
    actions.open_round(
        round_ref=ref, escrow=str(escrow.to_public()), evaluators=[str(evaluator.to_public())]
    )
    (code,) = actions.hand_out(round_ref=ref, group_ref=uuid.uuid4(), count=1)
    Visit(code, {"answers": {}}).send()
    actions.close_round(round_ref=ref)
    with pytest.raises(refusals.KeyMissing):
        queries.opened_answers(ref)
    for holder in (evaluator, escrow):
        assert len(queries.opened_answers(ref, str(holder)).answers) == 1


def test_a_letter_sealed_to_somebody_else_is_counted_and_left_out(asked: Asked) -> None:
    stranger = str(pyrage.x25519.Identity.generate().to_public())
    visit = asked.visit()
    standing = queries.slip_standing(visit.code)
    from knutepunkt.responses.sealing import seal_letter

    actions.receive(
        code=visit.code,
        sealed=seal_letter({"answers": {}}, stranger, standing.size),
        receipt_digest=b"d" * 32,
    )
    asked.visit(slip=1).send()
    actions.close_round(round_ref=asked.ref)
    opened = queries.opened_answers(asked.ref)
    assert (len(opened.answers), opened.left_out) == (1, 1)


def test_enough_is_looked_up_once_a_day(asked: Asked) -> None:
    today = date(2026, 11, 2)
    assert not actions.enough_answers(asked.ref, today=today)
    for group in range(3):
        for slip in range(4):
            asked.visit(group=group, slip=slip).send()
    assert not actions.enough_answers(asked.ref, today=today)
    assert actions.enough_answers(asked.ref, today=today + timedelta(days=1))


def test_one_group_alone_is_never_enough(asked: Asked) -> None:
    for slip in range(8):
        asked.visit(group=0, slip=slip).send()
    for group in (1, 2):
        asked.visit(group=group).send()
    assert not actions.enough_answers(asked.ref)


def test_contributors_are_kept_and_die_with_the_answers(asked: Asked) -> None:
    asked.visit().send()
    actions.close_round(round_ref=asked.ref)
    (answer,) = queries.opened_answers(asked.ref).answers
    release = uuid.uuid4()
    everyone = {"participants": [str(answer.answer_ref)], "low": 1, "high": 1}
    for _ in range(2):
        actions.remember_contributors(
            release_ref=release, round_ref=asked.ref, record_sets={"1:T4:BEN1:all": everyone}
        )
    assert queries.contributors([release], [asked.ref]) == {"1:T4:BEN1:all": everyone}
    assert queries.contributors([release], [uuid.uuid4()]) == {}
    actions.destroy_round(round_ref=asked.ref)
    assert queries.contributors([release], [asked.ref]) == {}


def test_keys_are_readable_by_us_alone(asked: Asked, settings: Any) -> None:
    files = [*Path(settings.KEY_DIR).iterdir(), *Path(settings.TRANSPORT_DIR).iterdir()]
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
