"""Whole histories of a centre: nobody's answer certain, and P5's bound for coalitions up to two."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tests.attacks.histories.life import History, lived
from tests.attacks.histories.run import (
    audited,
    done,
    fails,
    hasty,
    keep,
    kept,
    live,
    rows_of,
    shrunk,
    summary,
)
from tests.attacks.measured import Measured
from tests.attacks.releases.weakened import without

SHARDS, IN_EACH = 10, 30


@pytest.mark.parametrize("shard", range(SHARDS))
def test_histories(shard: int) -> None:
    """Three hundred in all; a failing seed is named, and shrunk by the run that is made for it."""
    seeds = range(shard * IN_EACH, (shard + 1) * IN_EACH)
    sys.stdout.write(f"seeds {seeds.start} to {seeds.stop - 1}\n")
    looked = broken = exact = three = three_of = 0
    failing = {}
    for seed in seeds:
        found = audited(History(seed), hasty())
        looked += found.looked_at - found.three_of
        broken += len(found.bounds) + len(found.exact)
        exact += len(found.exact)
        three, three_of = three + found.three, three_of + found.three_of
        if not found.is_safe:
            failing[seed] = (found.exact + found.bounds)[:3]
    says = "whole histories: bound the others of a group, coalitions of up to two"
    pairs = Measured("A4", says, looked, broken, 0.0, exact, "KP-1, histories")
    pairs.write_down(f"part{shard}", kind="promised")
    says = "whole histories: coalitions of three, no promise made"
    Measured("A4", says, three_of, three, 0.0, 0, "KP-1, histories").write_down(f"part{shard}")
    assert not failing, failing


def test_the_audit_finds_what_weaker_rules_let_out() -> None:
    """Without P1, P3, P4 and P5 nearly every history tells on somebody."""
    weak = without("P1 P3 P4 P5")
    assert sum(fails(History(seed), weak) for seed in range(10)) >= 8


def test_a_history_takes_a_second_at_most() -> None:
    started = time.process_time()
    for seed in range(5):
        audited(History(seed), hasty())
    assert time.process_time() - started < 5


def test_the_same_history_is_the_same_twice() -> None:
    first, second = (lived(History(7), hasty()) for _ in range(2))
    assert first.shown == second.shown
    assert first.entries == second.entries


def test_histories_have_what_they_should() -> None:
    """Turnover, false joiners, several audiences, corrections, linked rounds, many rungs."""
    lives = [lived(History(seed), hasty()) for seed in range(12)]
    shown = [each for life in lives for each in life.shown]
    assert {each.audience for each in shown} == {"centre", "public"}
    assert {"categories", "band", "class", "figures"} <= {each.figure["rung"] for each in shown}
    assert {"T4", "T5", "T15"} <= {each.figure["table"] for each in shown}
    people = {p for life in lives for groups in life.groups.values() for p in groups}
    assert any(p.startswith("false") for p in people)
    assert any("'4" in p for p in people)
    releases = [len(life.entries) for life in lives]
    assert max(releases) > 8


@pytest.mark.parametrize("history", kept(), ids=lambda h: f"seed {h.seed}")
def test_histories_that_once_failed(history: History) -> None:
    assert not fails(history, hasty())


def test_a_failing_history_is_shrunk_and_kept(tmp_path: Path) -> None:
    weak = without("P1 P3 P4 P5")
    found = shrunk(History(0), weak)
    assert fails(found, weak)
    assert (found.rounds, bool(found.skipped)) == (1, True)
    keep(found, tmp_path)
    assert kept(tmp_path) == [found]


def test_a_run_goes_on_where_it_was(tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    live(range(2), state, hasty())
    first = state.read_text()
    with state.open("a") as log:
        log.write('{"seed": 2, "sa')  # the power went while this was written
    assert live(range(3), state, hasty()) == []
    assert state.read_text().startswith(first)
    assert set(done(state)) == {0, 1, 2}


def test_a_run_ends_after_its_minutes_and_tells_of_all_that_were_lived(tmp_path: Path) -> None:
    state = tmp_path / "state.jsonl"
    assert live(range(3), state, hasty(), minutes=0) == []
    assert not rows_of(state)
    live(range(3), state, hasty())
    rows = rows_of(state)
    told = summary(rows)
    assert "| histories | 3 |" in told
    assert "| histories in which something was exposed | 0 |" in told
    assert f"{sum(row['three'][1] for row in rows):,} |" in told
    assert "exposed | 1 [1] |" in summary([{**row, "safe": row["seed"] != 1} for row in rows])


@pytest.mark.nightly
def test_ten_thousand_histories() -> None:
    """Resumable: what is done stands in var/histories.jsonl."""
    assert live(range(10_000), Path("var/histories.jsonl"), hasty()) == []
