"""The real server on databases of its own, for tests that kill it, time it, or read what it leaves."""

from __future__ import annotations

import atexit
import base64
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from knutepunkt.responses.receipts import new_words, receipt_digest
from knutepunkt.responses.sealing import seal_letter

ROOT = Path(__file__).resolve().parents[1]
START = """
import json, django
django.setup()
from django.core.management import call_command
"""
MIGRATE = (
    START
    + """
call_command("migrate", verbosity=0)
call_command("migrate", database="vault", verbosity=0)
"""
)
SEED = (
    START
    + """
from tests.answering_case import asking_centre
from knutepunkt.responses.queries import slip_standing
case = asking_centre(groups={groups}, slips={slips})
standing = slip_standing(case.codes[0])
print(json.dumps(dict(codes=case.codes, ref=str(case.ref), recipient=standing.recipient,
    size=standing.size, salt=standing.receipt_salt.hex(),
    instrument=case.round.survey.instrument_id)))
"""
)
CLOSE = (
    START
    + """
import uuid
from knutepunkt.responses import actions, queries
ref = uuid.UUID("{ref}")
actions.close_round(round_ref=ref)
opened = queries.opened_answers(ref)
print(json.dumps(dict(contents=[answer.content for answer in opened.answers],
    left_out=opened.left_out,
    used=sum(tally.used for tally in queries.slip_tallies(ref).values()))))
"""
)


@dataclass(frozen=True)
class Seeded:
    """What a participant's browser knows of an open round, and the slips."""

    codes: list[str]
    ref: str
    recipient: str
    size: int
    salt: bytes
    instrument: str

    def letter(self, answers: dict[str, Any]) -> bytes:
        """Return the body a browser posts: a sealed answer with a fresh receipt."""
        content = {"form": 1, "instrument": self.instrument, "language": "nb", "answers": answers}
        sealed = seal_letter(content, self.recipient, self.size)
        digest = receipt_digest(new_words(), self.salt)
        posted = {"letter": base64.b64encode(sealed), "digest": base64.b64encode(digest)}
        return json.dumps({name: value.decode() for name, value in posted.items()}).encode()


@cache
def _migrated_files() -> Path:
    """Return a folder with both databases as migrating leaves them; made once in a run."""
    folder = Path(tempfile.mkdtemp(prefix="kp-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    Served(folder, is_migrated=True).run(MIGRATE)
    return folder


@dataclass
class Served:
    """One server process with its own folder; ``url`` names a PostgreSQL database for the vault."""

    folder: Path
    vault_url: str = ""
    threads: int = 8
    workers: int = 2
    environment: dict[str, str] = field(default_factory=dict)
    is_migrated: bool = False
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.environment = os.environ | {
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "knutepunkt.config.settings",
            "KNUTEPUNKT_ENVIRONMENT": "development",
            "KNUTEPUNKT_DEBUG": "no",
            "KNUTEPUNKT_DATA_DIR": str(self.folder),
            "KNUTEPUNKT_VAULT_URL": self.vault_url,
            "KNUTEPUNKT_SECRET_KEY": secrets.token_urlsafe(48),
            "KNUTEPUNKT_LOG_LEVEL": "INFO",
            **self.environment,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        if not self.is_migrated:
            self._migrate()

    def _migrate(self) -> None:
        """Make the tables: in files by copying, for migrating takes longer than most that follows."""
        in_files = {
            "knutepunkt.sqlite3": not self.environment.get("KNUTEPUNKT_DATABASE_URL"),
            "vault.sqlite3": not self.vault_url,
        }
        for name in (name for name, is_file in in_files.items() if is_file):
            shutil.copyfile(_migrated_files() / name, self.folder / name)
        if not all(in_files.values()):
            self.run(MIGRATE)

    @property
    def log(self) -> Path:
        """Where everything the server says is written."""
        return self.folder / "server.log"

    def run(self, script: str, *, timeout: float = 600) -> str:
        """Run a script against the server's databases; return what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=self.environment, capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return done.stdout

    def seed(self, *, groups: int = 3, slips: int = 20) -> Seeded:
        """Open a round with slips."""
        seen = json.loads(self.run(SEED.format(groups=groups, slips=slips)))
        return Seeded(**{**seen, "salt": bytes.fromhex(seen["salt"])})

    def close(self, seeded: Seeded) -> dict[str, Any]:
        """Close the round and return what was in it."""
        found: dict[str, Any] = json.loads(self.run(CLOSE.format(ref=uuid.UUID(seeded.ref))))
        return found

    def start(self) -> None:
        """Start the server as it is shipped, and wait until it answers."""
        command = [
            sys.executable, "-m", "granian", "knutepunkt.config.wsgi:application",
            "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port),
            "--workers", str(self.workers), "--blocking-threads", str(self.threads),
            "--no-access-log", "--log-level", "warning", "--no-ws", "--backlog", "2048",
        ]  # fmt: skip
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            try:
                if self.get("/s/")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError(self.log.read_text()[-2000:])

    def kill(self) -> None:
        """Kill the server and its children at once, as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def get(self, path: str) -> tuple[int, str]:
        """Get a page over a connection of its own."""
        return self._ask("GET", path, b"", {})

    def post(self, path: str, body: bytes, content_type: str) -> tuple[int, str]:
        """Post over a connection of its own."""
        return self._ask("POST", path, body, {"Content-Type": content_type})

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        except http.client.HTTPException as cut:
            raise ConnectionError(str(cut)) from cut
        finally:
            connection.close()
