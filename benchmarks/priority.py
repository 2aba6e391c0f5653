"""How does what is measured get the processor on a machine with neighbours?"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def lend_priority() -> None:
    """Let a priority given to this process reach the processes it started, if the kernel allows.

    Linux shares a processor between sessions before it looks at ``nice``; the server and each of
    PostgreSQL's processes are sessions of their own. On a machine with neighbours, ``nice -n -15``
    would otherwise do nothing for them.
    """
    mine = os.nice(0)
    if mine >= 0:
        return
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    lent = [os.getpid(), *_postgres()]
    for pid in lent:
        lent += children.get(pid, [])
        with suppress(OSError):
            Path(f"/proc/{pid}/autogroup").write_text(str(mine))
            os.setpriority(os.PRIO_PROCESS, pid, mine)


def _postgres() -> list[int]:
    """Return the processes of clusters that this program started: they are nobody's children."""
    found = []
    for pid_file in Path(tempfile.gettempdir()).glob("kp-pg-*/data/postmaster.pid"):
        with suppress(OSError):
            found.append(int(pid_file.read_text().split()[0]))
    return found
