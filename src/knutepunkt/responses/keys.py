"""Which keys are there, where do they lie, and who can open a closed round?

Three kinds, none of them in a database:
- the server's age identity (``KEY_DIR``): opens the identities of closed rounds held on the server;
- the slip key (``KEY_DIR``): makes digests of codes useless to whoever has only the database;
- one transport identity per open round (``TRANSPORT_DIR``, outside every backup): destroyed at close.
"""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import pyrage
from django.conf import settings

from knutepunkt.responses.refusals import KeyMissing

SERVER_IDENTITY = "server.age-identity"
SLIP_KEY = "slips.key"
_BARE_IDENTITY = b"AGE-SECRET-KEY-"


def server_recipient() -> str:
    """Return the age recipient of this server; its identity is made on first use."""
    return str(_server_identity().to_public())


def slip_key() -> bytes:
    """Return the key under which codes are digested; made on first use."""
    return bytes.fromhex(_read_or_make(Path(settings.KEY_DIR) / SLIP_KEY, _random_hex))


def readers_of(evaluators: Sequence[str], escrow: str) -> list[list[str]]:
    """Return who opens: one layer for each evaluator (without any, for the server).

    Each layer must be opened, so that two evaluators are both needed; escrow alone opens them all.
    """
    holders = list(evaluators) or [server_recipient()]
    return [[holder, *([escrow] if escrow else [])] for holder in holders]


def is_recipient(text: str) -> bool:
    """Say whether this is an age recipient (``age1...``)."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except (pyrage.RecipientError, ValueError):
        return False
    return True


def wrap_identity(identity: pyrage.x25519.Identity, layers: Sequence[Sequence[str]]) -> bytes:
    """Seal a round's identity to those who may open the round after the close, layer by layer."""
    wrapped = str(identity).encode("ascii")
    for layer in layers:
        readers = [pyrage.x25519.Recipient.from_str(recipient) for recipient in layer]
        wrapped = bytes(pyrage.encrypt(wrapped, readers))
    return wrapped


def unwrap_identity(wrapped: bytes, identity: str | None = None) -> pyrage.x25519.Identity:
    """Return the round's identity, opened by the server's own or by what is handed in.

    ``identity`` is one age identity, or several with space between. Raises ``KeyMissing`` where a
    layer is left that none of them opens.
    """
    try:
        openers = [pyrage.x25519.Identity.from_str(each) for each in (identity or "").split()]
        while not wrapped.startswith(_BARE_IDENTITY):
            wrapped = bytes(pyrage.decrypt(wrapped, openers or [_server_identity()]))
        return pyrage.x25519.Identity.from_str(wrapped.decode("ascii"))
    except (pyrage.DecryptError, pyrage.IdentityError) as closed:
        raise KeyMissing() from closed


def renew_server_identity() -> str:
    """Make a new identity for this server, keep the old one beside it, and return the new recipient.

    The old one is kept because backups from before are wrapped to it; it is destroyed by hand when
    the last of them has expired.
    """
    path = Path(settings.KEY_DIR) / SERVER_IDENTITY
    if path.exists():
        old = path.with_name(f"{path.name}.until-{secrets.token_hex(4)}")
        path.rename(old)
    _remembered.cache_clear()
    return server_recipient()


def make_transport_key(round_ref: UUID) -> str:
    """Make the round's transport identity outside the database; return its recipient.

    Called again for the same round it returns the same one.
    """
    path = _transport_path(round_ref)
    identity = _read_or_make(path, lambda: str(pyrage.x25519.Identity.generate()))
    return str(pyrage.x25519.Identity.from_str(identity).to_public())


def transport_identity(round_ref: UUID) -> pyrage.x25519.Identity:
    """Return the round's transport identity, or raise ``KeyMissing``."""
    try:
        text = _transport_path(round_ref).read_text("ascii")
    except FileNotFoundError as missing:
        raise KeyMissing() from missing
    return pyrage.x25519.Identity.from_str(text.strip())


def destroy_transport_key(round_ref: UUID) -> None:
    """Overwrite and remove the round's transport identity; done twice is done."""
    path = _transport_path(round_ref)
    _remembered.cache_clear()
    with contextlib.suppress(FileNotFoundError):  # another close of the round has just done it
        with path.open("r+b", buffering=0) as file:
            file.write(os.urandom(os.fstat(file.fileno()).st_size))
            os.fsync(file.fileno())
        path.unlink()
        _sync_folder(path.parent)


def transport_keys() -> list[UUID]:
    """Return the rounds whose transport identity still exists."""
    folder = Path(settings.TRANSPORT_DIR)
    return sorted(UUID(path.stem) for path in folder.glob("*.age-identity"))


def _transport_path(round_ref: UUID) -> Path:
    return Path(settings.TRANSPORT_DIR) / f"{round_ref}.age-identity"


def _server_identity() -> pyrage.x25519.Identity:
    path = Path(settings.KEY_DIR) / SERVER_IDENTITY
    return pyrage.x25519.Identity.from_str(
        _read_or_make(path, lambda: str(pyrage.x25519.Identity.generate()))
    )


def server_identity_text() -> str:
    """Return the server's identity as it stands in its file."""
    return str(_server_identity())


def new_identity() -> tuple[str, str]:
    """Return a fresh identity and its recipient, for somebody who will keep it elsewhere."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def _random_hex() -> str:
    return secrets.token_hex(32)


@functools.lru_cache(maxsize=8)
def _remembered(path: Path, _changed: int) -> str:
    return path.read_text("ascii").strip()


def _read_or_make(path: Path, make: Callable[[], str]) -> str:
    """Return the file's text; where there is none, make it once, whole, readable by us alone."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another made it first: then that one counts
            os.link(draft, path)
        draft.unlink()
        _sync_folder(path.parent)
    return _remembered(path, path.stat().st_mtime_ns)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
