"""Does an answer go in once, whole and on disk, whichever engine holds the vault?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from knutepunkt.responses import actions, queries, refusals
from knutepunkt.responses.actions import intake
from knutepunkt.responses.codes import code_digest
from knutepunkt.responses.codes import typed as bare_code
from knutepunkt.responses.models import CoveredAnswer, SealedRound, SlipCount, SlipMark
from knutepunkt.responses.receipts import new_words, receipt_digest
from tests.asked_round import Visit, ask, at_once, numbers
from tests.engines import Engine

pytestmark = pytest.mark.usefixtures("engine")
intake_insert = intake._insert


def test_the_vault_lies_on_the_engine_under_test(engine: Engine) -> None:
    vendor = {"sqlite": "sqlite", "postgres": "postgresql"}[engine.name]
    assert connections["vault"].vendor == connections["default"].vendor == vendor


def test_an_answer_comes_out_as_it_went_in() -> None:
    asked = ask()
    group, codes = list(asked.codes.items())[1]
    visit = Visit(codes[0], {"answers": {"FRI1": "Å møte andre – ærlig talt 🙂\n\0"}})
    assert not visit.send().is_repeat
    actions.close_round(round_ref=asked.ref)
    (answer,) = queries.opened_answers(asked.ref).answers
    assert (answer.content, answer.group_ref, answer.by_slip) == (visit.content, group, True)


def test_the_same_visit_fifty_times_at_once_counts_once() -> None:
    asked = ask(groups=1, slips=2)
    visit = asked.visits()[0]
    outcomes = at_once([visit.send] * 50)
    assert {type(outcome) for outcome in outcomes} == {actions.Delivery}
    assert [outcome.is_repeat for outcome in outcomes].count(False) == 1
    assert asked.close() == [0]


def test_one_slip_used_by_many_at_once_is_given_to_one_and_the_others_are_told() -> None:
    asked = ask(groups=1, slips=2)
    code = asked.visits()[0].code
    visits = [Visit(code, {"answers": {"NUM": at}}) for at in range(16)]
    outcomes = at_once([visit.send for visit in visits])
    taken = [at for at, outcome in enumerate(outcomes) if isinstance(outcome, actions.Delivery)]
    refused = [outcome for outcome in outcomes if isinstance(outcome, refusals.SlipUsed)]
    assert (len(taken), len(refused)) == (1, 15)
    assert asked.close() == taken


def test_different_visits_at_once_are_all_stored() -> None:
    asked = ask(groups=3, slips=8)
    outcomes = at_once([visit.send for visit in asked.visits()])
    assert [type(outcome) for outcome in outcomes] == [actions.Delivery] * 24
    assert sorted(asked.close()) == list(range(24))


def test_a_refusal_in_a_crowd_concerns_nobody_else() -> None:
    asked = ask(groups=1, slips=8)
    visits = asked.visits()
    visits[0].send()
    used = Visit(visits[0].code, {"answers": {"NUM": 99}})
    repeat = Visit(visits[7].code, visits[0].content, visits[0].words)
    outcomes = at_once([each.send for each in (*visits[1:7], used, repeat)])
    assert [type(outcome) for outcome in outcomes[:6]] == [actions.Delivery] * 6
    assert isinstance(outcomes[6], refusals.SlipUsed)
    assert outcomes[7].is_repeat
    # The repeated visit left the second slip unused.
    assert not visits[7].send().is_repeat
    assert sorted(asked.close()) == list(range(8))


def test_a_void_slip_is_refused_and_a_code_on_the_wall_never_used_up() -> None:
    asked = ask(groups=1, slips=1)
    spoiled = asked.visits()[0]
    actions.void(code=spoiled.code)
    with pytest.raises(refusals.SlipUsed):
        spoiled.send()
    group = next(iter(asked.codes))
    (wall,) = actions.hand_out(round_ref=asked.ref, group_ref=group, count=1, kind="wall")
    at_once([Visit(wall, {"answers": {"NUM": at}}).send for at in range(5)])
    assert sorted(asked.close()) == list(range(5))
    tallies = queries.slip_tallies(asked.ref)
    assert tallies == {group: queries.SlipTally(handed_out=1, used=0)}, "the spoiled slip's"


@pytest.mark.parametrize("sealed", [b"", b"plain", b"age-encryption.org/v1\n" + b"x" * 90_000])
def test_what_is_no_letter_is_refused_and_spends_no_slip(sealed: bytes) -> None:
    visit = ask(groups=1, slips=1).visits()[0]
    with pytest.raises((refusals.NotSealed, refusals.AnswerTooLong)):
        actions.receive(code=visit.code, sealed=sealed, receipt_digest=b"d" * 32)
    assert not SlipMark.objects.filter(is_used=True).exists()
    assert not CoveredAnswer.objects.exists()


@contextmanager
def mark_fails(engine: Engine, visit: Visit) -> Iterator[None]:
    """Let the database itself refuse to mark this visit's slip, after it took the answer."""
    table, digest = SlipMark._meta.db_table, code_digest(bare_code(visit.code)).hex()
    made = {
        "sqlite": [
            f"CREATE TRIGGER unlucky BEFORE UPDATE ON {table} WHEN OLD.code_digest = x'{digest}' "
            "BEGIN SELECT RAISE(FAIL, 'unlucky'); END"
        ],
        "postgres": [
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'unlucky'; END $$",
            f"CREATE TRIGGER unlucky BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (OLD.code_digest = '\\x{digest}') EXECUTE FUNCTION fail()",
        ],
    }[engine.name]
    ended = "DROP TRIGGER unlucky" + (f" ON {table}" if engine.name == "postgres" else "")
    for statement in made:
        connections["vault"].cursor().execute(statement)
    yield
    connections["vault"].cursor().execute(ended)


def test_mark_and_answer_are_one_transaction(engine: Engine) -> None:
    """Stopped between the answer and its mark: neither is there."""
    asked = ask(groups=1, slips=8)
    visits = asked.visits()
    with mark_fails(engine, visits[0]), pytest.raises((DatabaseError, refusals.VaultBusy)):
        visits[0].send()
    assert not CoveredAnswer.objects.exists()
    assert [type(outcome) for outcome in at_once([visit.send for visit in visits[1:]])] == [
        actions.Delivery
    ] * 7
    assert SlipMark.objects.filter(is_used=True).count() == CoveredAnswer.objects.count() == 7
    assert not visits[0].send().is_repeat
    assert sorted(asked.close()) == list(range(8))


def test_one_unlucky_visit_takes_nobody_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is written in the same commit on SQLite is written all the same."""
    if connections["vault"].vendor != "sqlite":
        pytest.skip("only SQLite writes several visits in one commit of ours")
    asked = ask(groups=1, slips=8)
    visits = asked.visits()

    def stop(connection: Any, arrival: Any) -> bool:
        written = intake_insert(connection, arrival)
        if bytes(arrival.answer.receipt_digest) == unlucky:
            raise RuntimeError
        return written

    salt = queries.slip_standing(visits[0].code).receipt_salt
    unlucky = receipt_digest(visits[0].words, salt)
    with monkeypatch.context() as broken:
        broken.setattr(intake, "_insert", stop)
        outcomes = at_once([visit.send for visit in visits])
    assert isinstance(outcomes[0], RuntimeError)
    assert [type(outcome) for outcome in outcomes[1:]] == [actions.Delivery] * 7
    assert SlipMark.objects.filter(is_used=True).count() == CoveredAnswer.objects.count() == 7
    assert not visits[0].send().is_repeat
    assert sorted(asked.close()) == list(range(8))


def test_after_the_close_every_slip_says_closed() -> None:
    asked = ask(groups=1, slips=3)
    visits = asked.visits()
    visits[0].send()
    asked.close()
    for visit in visits:
        standing = queries.slip_standing(visit.code)
        assert (standing.is_open, standing.is_used) == (False, False)
        with pytest.raises(refusals.RoundClosed):
            visit.send()


def test_more_slips_than_one_statement_takes_are_handed_out_and_retired() -> None:
    """PostgreSQL refuses a statement with more than 65,535 values."""
    asked = ask(groups=1, slips=1)
    group = next(iter(asked.codes))
    codes = actions.hand_out(round_ref=asked.ref, group_ref=group, count=35_000)
    assert len(set(codes)) == 35_000
    asked.close()
    assert queries.slip_tallies(asked.ref)[group].handed_out == 35_001
    assert not queries.slip_standing(codes[-1]).is_open


def test_withdrawal_takes_effect_at_the_close_and_the_words_find_nothing_after() -> None:
    asked = ask(groups=1, slips=6)
    visits = asked.visits()
    for visit in visits:
        visit.send()
    at_once([lambda: actions.withdraw(words=" ".join(visits[2].words))] * 4)
    with pytest.raises(refusals.WordsUnknown):
        actions.withdraw(words=" ".join(new_words()))
    assert CoveredAnswer.objects.count() == 6
    assert sorted(asked.close()) == [0, 1, 3, 4, 5]
    assert {tally.used for tally in queries.slip_tallies(asked.ref).values()} == {6}
    for visit in visits:
        with pytest.raises(refusals.WordsUnknown):
            actions.withdraw(words=" ".join(visit.words))


def test_two_rounds_never_mix() -> None:
    first, second = ask(groups=2, slips=3), ask(groups=2, slips=2)
    for visit in (*first.visits(), *second.visits()):
        visit.send()
    assert sorted(first.close()) == list(range(6))
    assert sorted(second.close()) == list(range(4))
    actions.destroy_round(round_ref=first.ref)
    with pytest.raises(refusals.KeyMissing):
        numbers(first.ref)
    assert sorted(numbers(second.ref)) == list(range(4))


def test_the_database_itself_refuses_what_must_not_be() -> None:
    asked = ask(groups=1, slips=2)
    visits = asked.visits()
    visits[0].send()
    stored = CoveredAnswer.objects.get()
    slip = SlipMark.objects.filter(is_used=True).get()
    impossible = [
        lambda: CoveredAnswer.objects.create(
            round_ref=asked.ref, sealed=b"x", receipt_digest=bytes(stored.receipt_digest)
        ),
        lambda: SlipMark.objects.create(
            round_ref=asked.ref, group_ref=slip.group_ref, code_digest=bytes(slip.code_digest)
        ),
        lambda: SlipMark.objects.filter(pk=slip.pk).update(is_on_wall=True),
        lambda: SealedRound.objects.update(transport_recipient=""),
        lambda: SealedRound.objects.update(is_open=False),
        lambda: SlipCount.objects.create(
            round_ref=asked.ref, group_ref=slip.group_ref, handed_out=1, used=2
        ),
    ]
    for attempt in impossible:
        with pytest.raises(IntegrityError), transaction.atomic(using="vault"):
            attempt()
