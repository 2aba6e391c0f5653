"""Does a close leave nothing that joins an answer to a slip, in rows, pages, order or logs?

The answers of these tests carry their own number, so that the test knows what the attacker wants:
which of the stored rows came first. The last key is needed for that and for nothing else.
"""

from __future__ import annotations

import itertools
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from knutepunkt.responses import actions, keys, queries, refusals
from knutepunkt.responses.actions import closing
from knutepunkt.responses.models import (
    CoveredAnswer,
    RetiredCode,
    SealedAnswer,
    SealedRound,
    SlipCount,
    SlipMark,
)
from knutepunkt.responses.queries import OpenedAnswer
from knutepunkt.responses.sealing import open_envelope
from tests.asked_round import Asked, Visit, ask, at_once
from tests.engines import Engine

pytestmark = pytest.mark.usefixtures("engine")


def answered(*, groups: int = 4, slips: int = 10) -> tuple[Asked, list[Visit]]:
    """Return a round where every slip was used, in the order of the visits."""
    asked = ask(groups=groups, slips=slips)
    visits = asked.visits()
    for visit in visits:
        visit.send()
    return asked, visits


def physical_order(engine: Engine, asked: Asked) -> list[int]:
    """Return the answers' numbers in the order in which the engine keeps their rows."""
    place = "ctid" if engine.cluster else "rowid"
    table = SealedAnswer._meta.db_table
    with connections["vault"].cursor() as cursor:
        cursor.execute(f"SELECT id, sealed FROM {table} ORDER BY {place}")
        rows = cursor.fetchall()
    wrapped = SealedRound.objects.get(round_ref=asked.ref).wrapped_identity
    key = keys.unwrap_identity(bytes(wrapped))
    opened: list[OpenedAnswer] = [open_envelope(ref, bytes(sealed), key) for ref, sealed in rows]
    numbers: list[Any] = [answer.content["answers"] for answer in opened]
    return [each["NUM"] for each in numbers]


def rank_correlation(order: list[int]) -> float:
    """Return Spearman's rank correlation between an order and 0, 1, 2, ..."""
    n = len(order)
    return 1 - 6 * sum((at - was) ** 2 for at, was in enumerate(order)) / (n * (n * n - 1))


def test_rows_lie_in_an_order_that_says_nothing_about_arrival(engine: Engine) -> None:
    asked, visits = answered(groups=5, slips=40)
    actions.close_round(round_ref=asked.ref)
    order = physical_order(engine, asked)
    assert sorted(order) == list(range(len(visits)))
    # Four standard errors of the correlation of two unrelated orders of 200.
    assert abs(rank_correlation(order)) < 4 / (len(visits) - 1) ** 0.5
    pairs = sum(later == former + 1 for former, later in itertools.pairwise(order))
    assert pairs <= 8, "neighbours in time lie side by side; one pair is expected by chance"


def test_all_answers_of_a_round_carry_one_transaction(engine: Engine) -> None:
    if not engine.cluster:
        pytest.skip("SQLite keeps no transaction number with a row")
    asked, _visits = answered()
    actions.close_round(round_ref=asked.ref)
    with connections["vault"].cursor() as cursor:
        for kind in (SealedAnswer, RetiredCode, SlipCount):
            cursor.execute(f"SELECT count(DISTINCT xmin::text) FROM {kind._meta.db_table}")
            assert cursor.fetchone() == (1,), kind


def test_nothing_of_the_open_round_is_left_in_rows(settings: Any) -> None:
    asked, visits = answered(groups=3, slips=5)
    before = {row.id: bytes(row.sealed) for row in CoveredAnswer.objects.all()}
    actions.close_round(round_ref=asked.ref)
    after = list(SealedAnswer.objects.all())
    assert len(after) == len(visits)
    assert not before.keys() & {row.id for row in after}
    assert len({len(row.sealed) for row in after}) == 1
    assert not CoveredAnswer.objects.exists()
    assert not SlipMark.objects.exists()
    assert not list(Path(settings.TRANSPORT_DIR).iterdir())
    counts = SlipCount.objects.values_list("group_ref", "handed_out", "used")
    assert sorted(counts) == sorted((group, 5, 5) for group in asked.codes)


def test_nothing_of_the_open_round_is_left_in_any_file(engine: Engine) -> None:
    """The middle of every covered answer, every slip's row name, every receipt: not one is found.

    A second round stays open, so that tables are not simply empty.
    """
    other, other_visits = answered(groups=1, slips=30)
    asked, _visits = answered(groups=3, slips=20)
    gone = [
        *(
            bytes(row.sealed)[6000:6032]
            for row in CoveredAnswer.objects.filter(round_ref=asked.ref)
        ),
        *(_as_stored(row.pk, engine) for row in SlipMark.objects.filter(round_ref=asked.ref)),
    ]
    if engine.cluster:  # on SQLite the slack of a split page may keep these; they open nothing
        covered = CoveredAnswer.objects.filter(round_ref=asked.ref)
        gone += [bytes(row.receipt_digest) for row in covered]
    if engine.cluster:  # what it does by itself after a minute: it samples tables to plan queries
        connections["vault"].cursor().execute("ANALYZE")
    assert all(trace in engine.file_bytes() for trace in gone), "the test looks in the right files"
    actions.close_round(round_ref=asked.ref)
    kept = engine.file_bytes()
    assert not [trace for trace in gone if trace in kept]
    assert sorted(other.close()) == list(range(len(other_visits)))


def test_the_engine_samples_nothing_that_joins(engine: Engine) -> None:
    """PostgreSQL keeps sampled values where no close of ours reaches them."""
    if not engine.cluster:
        pytest.skip("SQLite samples only where it is asked to, and nobody asks")
    answered(groups=3, slips=20)
    with connections["vault"].cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT DISTINCT tablename FROM pg_stats WHERE tablename LIKE 'responses_%'")
        sampled = {name for (name,) in cursor.fetchall()}
    assert SealedRound._meta.db_table in sampled, "other tables are sampled"
    assert not sampled & {CoveredAnswer._meta.db_table, SlipMark._meta.db_table}


def _as_stored(pk: Any, engine: Engine) -> bytes:
    return bytes(pk.bytes) if engine.cluster else pk.hex.encode()


def test_the_log_beside_the_database_is_emptied(engine: Engine) -> None:
    if engine.cluster:
        pytest.skip("PostgreSQL keeps its log for the whole cluster; covers in it stay shut")
    asked, _visits = answered()
    log = Path(f"{connections['vault'].settings_dict['NAME']}-wal")
    assert log.stat().st_size > 0
    actions.close_round(round_ref=asked.ref)
    # The mark that the round is swept, a page or two, is written after the emptying.
    assert log.stat().st_size < 40_000


def test_an_open_round_goes_on_while_another_closes() -> None:
    asked, _visits = answered(groups=2, slips=5)
    other = ask(groups=2, slips=20)
    visits = other.visits()
    outcomes = at_once(
        [lambda: actions.close_round(round_ref=asked.ref), *(visit.send for visit in visits)]
    )
    assert [type(outcome) for outcome in outcomes[1:]] == [actions.Delivery] * len(visits)
    assert sorted(other.close()) == list(range(len(visits)))


def test_answers_that_arrive_during_the_close_are_in_or_refused() -> None:
    asked = ask(groups=3, slips=20)
    visits = asked.visits()
    for visit in visits[:20]:
        visit.send()
    closing_done = threading.Event()

    def close() -> None:
        time.sleep(0.05)
        actions.close_round(round_ref=asked.ref)
        closing_done.set()

    outcomes = at_once([close, *(visit.send for visit in visits[20:])])[1:]
    assert closing_done.is_set()
    taken = {at for at, each in enumerate(outcomes, 20) if isinstance(each, actions.Delivery)}
    refused = [each for each in outcomes if not isinstance(each, actions.Delivery)]
    assert {type(each) for each in refused} <= {refusals.RoundClosed, refusals.VaultBusy}
    assert sorted(asked.close()) == sorted({*range(20), *taken})


def test_two_who_close_at_once_close_once() -> None:
    asked, visits = answered(groups=2, slips=5)
    outcomes = at_once([lambda: actions.close_round(round_ref=asked.ref)] * 2)
    reports = [each for each in outcomes if isinstance(each, actions.CloseReport)]
    assert len(reports) == 2, outcomes
    assert sorted(report.was_closed_before for report in reports) == [False, True]
    assert sorted(asked.close()) == list(range(len(visits)))


def test_a_kill_inside_the_close_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, visits = answered(groups=2, slips=5)
    with monkeypatch.context() as killed:
        killed.setattr(closing, "_reduce_slips", _killed)
        with pytest.raises(KeyboardInterrupt):
            actions.close_round(round_ref=asked.ref)
    assert not SealedAnswer.objects.exists()
    assert queries.slip_standing(visits[0].code).is_open
    assert sorted(asked.close()) == list(range(len(visits)))


def test_a_kill_between_commit_and_clearing_is_made_good(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    asked, visits = answered(groups=2, slips=5)
    with monkeypatch.context() as killed:
        killed.setattr(closing.keys, "destroy_transport_key", _killed)
        with pytest.raises(KeyboardInterrupt):
            actions.close_round(round_ref=asked.ref)
    assert list(Path(settings.TRANSPORT_DIR).iterdir())
    assert actions.finish_closing() == [asked.ref]
    assert not list(Path(settings.TRANSPORT_DIR).iterdir())
    assert SealedRound.objects.get().is_swept
    assert actions.finish_closing() == []
    assert sorted(asked.close()) == list(range(len(visits)))


def _killed(*_args: object) -> None:
    raise KeyboardInterrupt


def test_a_destroyed_round_leaves_no_answer_and_no_key(engine: Engine) -> None:
    asked, _visits = answered(groups=1, slips=5)
    actions.close_round(round_ref=asked.ref)
    wrapped = bytes(SealedRound.objects.get().wrapped_identity)
    actions.destroy_round(round_ref=asked.ref)
    assert not SealedAnswer.objects.exists()
    assert not SlipCount.objects.exists()
    assert wrapped[200:260] not in engine.file_bytes()
    actions.destroy_round(round_ref=asked.ref)
