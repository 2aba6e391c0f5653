"""How do many visits share one durable commit?

SQLite writes one transaction at a time, and each waits for the disk. Visits that wait at the same
moment are therefore written by one thread in one transaction, each with its own refusal, and nobody
is answered before the commit is on disk. PostgreSQL groups commits itself: there each statement of a
job is a transaction of its own, and a job that needs several to hold together opens one.

Several server processes take turns by a lock on a file beside the database: SQLite's own way of
waiting is to sleep and try again, and whoever sleeps longest waits longest.

A job that refuses has written nothing: that is why it needs no savepoint of its own, which would
cost more than the job. Where a job fails in any other way, nothing of its batch is kept, and each
job of the batch is done again by itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import DatabaseError, connections, transaction

from knutepunkt.shared.errors import Refusal

VAULT = "vault"
LARGEST_BATCH = 64
#: The thread ends when nothing has come for so long, and gives its connection back.
IDLE_SECONDS = 2.0

Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class _Waiting:
    job: Callable[[], Any]
    outcome: Future[Any] = field(default_factory=Future)


class Writer:
    """Runs jobs in durable transactions of the vault; many at once where that helps."""

    def __init__(self) -> None:
        self._wake = threading.Condition()
        self._queue: list[_Waiting] = []
        self._thread: threading.Thread | None = None

    def write(self, job: Callable[[], Outcome]) -> Outcome:
        """Run the job durably in the vault; return or raise as it does, after the commit."""
        connection: Any = connections[VAULT]
        if connection.vendor != "sqlite":
            return job()
        if connection.is_in_memory_db() or connection.in_atomic_block:
            with transaction.atomic(using=VAULT):
                return job()
        waiting = _Waiting(job)
        with self._wake:
            self._queue.append(waiting)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="vault", daemon=True)
                self._thread.start()
            self._wake.notify()
        result: Outcome = waiting.outcome.result()
        return result

    def _run(self) -> None:
        try:
            while batch := self._next_batch():
                _commit(batch)
        finally:
            connections[VAULT].close()

    def _next_batch(self) -> list[_Waiting]:
        with self._wake:
            if not self._queue:
                self._wake.wait(IDLE_SECONDS)
            batch = self._queue[:LARGEST_BATCH]
            del self._queue[:LARGEST_BATCH]
            if not batch:
                self._thread = None
            return batch


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    """Wait until no other process of this server writes."""
    path = f"{connections[VAULT].settings_dict['NAME']}.turn"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class _Failed(Exception):
    """A job failed in a way that is no refusal, perhaps after it had written."""


def _commit(batch: list[_Waiting]) -> None:
    try:
        with _turn(), transaction.atomic(using=VAULT):
            outcomes = [_attempt(waiting.job, is_alone=len(batch) == 1) for waiting in batch]
    except _Failed:
        for waiting in batch:
            _commit([waiting])
        return
    except BaseException as error:  # not committed: nothing of the batch was stored, say so to all
        for waiting in batch:
            waiting.outcome.set_exception(error)
        connections[VAULT].close()
        return
    for waiting, (result, refusal) in zip(batch, outcomes, strict=True):
        if refusal is not None:
            waiting.outcome.set_exception(refusal)
        else:
            waiting.outcome.set_result(result)


def _attempt(job: Callable[[], Any], *, is_alone: bool) -> tuple[Any, Refusal | None]:
    """Run one job; what it refuses concerns nobody else in the batch."""
    try:
        return job(), None
    except Refusal as refusal:
        return None, refusal
    except DatabaseError:
        raise
    except Exception as failed:
        if is_alone:
            raise
        raise _Failed from failed


writer = Writer()
# A forked child has the object without its thread, and perhaps with its lock taken.
os.register_at_fork(after_in_child=writer.__init__)  # type: ignore[misc]
