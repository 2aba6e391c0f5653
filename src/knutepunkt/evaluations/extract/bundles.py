"""How are sealed answers carried to whoever holds their key, and opened there?

A bundle is a zip archive: ``bundle.json`` (whom was asked, with which questions, under which plan,
what has been released before) and, for each round, its sealed answers, sealed once more together. The
server that makes it cannot open it; whoever opens it needs no database and no network. Whoever has it
without the key cannot count the answers: its length follows from how many were asked.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl

from knutepunkt.analysis.coding import WrittenText
from knutepunkt.analysis.disclosure import Audience, Ledger, LedgerEntry, RecordSet, policy_for
from knutepunkt.analysis.instruments import Instrument, Texts
from knutepunkt.analysis.report import Conduct, Design, GroupInvited, Protocol, RoundDesign
from knutepunkt.evaluations.extract.laying import frame_of
from knutepunkt.evaluations.extract.texts import enough_wrote, texts_in
from knutepunkt.responses.queries import OpenedRound, SealedContent, open_carried

FORM = 2
CONTENTS = "bundle.json"


class NotABundle(ValueError):
    """The file is no bundle of sealed answers, or not a whole one; says what is wrong."""


@dataclass(frozen=True)
class OpenedBundle:
    """What a report is made of, on the machine of whoever holds the key."""

    design: Design
    frame: pl.DataFrame
    ledger: Ledger
    left_out: int
    texts: Mapping[str, tuple[WrittenText, ...]] = field(default_factory=dict, repr=False)
    names: frozenset[str] = frozenset()


def pack(
    design: Design,
    sealed: Sequence[SealedContent],
    asked: Mapping[UUID, Sequence[UUID]],
    ledger: Ledger,
    names: Iterable[str] = (),
) -> bytes:
    """Return the bundle of these rounds; ``asked`` names the groups each of them asked.

    ``names`` are words of groups, places and people, which no quotation may hold.
    """
    described = {
        "form": FORM,
        "design": _design_as_json(design),
        "names": sorted(names),
        "rounds": [
            {
                "id": str(content.round_ref),
                "wrapped_identity": base64.b64encode(content.wrapped_identity).decode(),
                "groups": [ref.hex for ref in asked[content.round_ref]],
            }
            for content in sealed
        ],
        "ledger": {
            "entries": [entry.as_json() for entry in ledger.entries],
            "contributors": {key: each.as_json() for key, each in ledger.contributors.items()},
            "forgotten_rounds": sorted(ledger.forgotten_rounds),
        },
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        # One date for all entries: when somebody downloads is nobody's business.
        archive.writestr(zipfile.ZipInfo(CONTENTS), json.dumps(described, ensure_ascii=False))
        for content in sealed:
            archive.writestr(zipfile.ZipInfo(_name(str(content.round_ref))), content.answers)
    return packed.getvalue()


def unpack(packed: bytes, identity: str) -> OpenedBundle:
    """Open a bundle with an age identity, or with several that are needed together.

    Raises ``NotABundle`` where the file is damaged, ``KeyMissing`` where the identity does not fit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            described = json.loads(archive.read(CONTENTS))
            rows = {each["id"]: archive.read(_name(each["id"])) for each in described["rounds"]}
        if described["form"] != FORM:
            raise NotABundle("It was made by another version of Knutepunkt. Download it again.")
        design = _design_from_json(described["design"])
    except (zipfile.BadZipFile, KeyError, TypeError, json.JSONDecodeError) as damaged:
        raise NotABundle("It is not a bundle of sealed answers, or not a whole one.") from damaged
    policy = policy_for(sensitive_theme=design.sensitive_theme)
    frames, left_out, texts = [], 0, {}
    for each in described["rounds"]:
        opened = _opened(each, rows[each["id"]], identity)
        known = {UUID(ref) for ref in each["groups"]}
        frame = frame_of(opened, each["id"], design.instrument, known)
        frames.append(frame)
        read = enough_wrote(frame, design.instrument, policy)
        texts[each["id"]] = texts_in(read, design.instrument, opened.naming_key)
        left_out += opened.left_out + len(opened.answers) - frame.height
    ledger = _ledger_from_json(described["ledger"])
    names = frozenset(described.get("names", ()))
    told = replace(_with_used(design, frames), left_out=left_out)
    whole = pl.concat(frames, how="diagonal_relaxed")
    return OpenedBundle(told, whole, ledger, left_out, texts, names)


def _opened(described: dict[str, Any], sealed: bytes, identity: str) -> OpenedRound:
    opened = open_carried(base64.b64decode(described["wrapped_identity"]), sealed, identity)
    if opened is None:
        raise NotABundle("The sealed answers are not whole. Download it again.")
    return opened


def _name(round_id: str) -> str:
    return f"{UUID(round_id)}.sealed"


def _texts(text: Texts) -> dict[str, str]:
    return {"nb": text.nb, "nn": text.nn, "en": text.en}


def _design_as_json(design: Design) -> dict[str, Any]:
    protocol = design.protocol
    return {
        "title": _texts(design.title),
        "organisation": _texts(design.organisation),
        "instrument": design.instrument.to_json(),
        "rounds": [
            {
                "id": each.id,
                "label": _texts(each.label),
                "opened": each.opened.isoformat() if each.opened else None,
                "closed": each.closed.isoformat() if each.closed else None,
                # Without how many of each answered: whoever downloads this may not have the key.
                "groups": [_group_as_json(group) for group in each.groups],
                "asked": None if each.asked is None else sorted(each.asked),
            }
            for each in design.rounds
        ],
        "protocol": {
            "hash": protocol.hash,
            "locked_on": protocol.locked_on.isoformat(),
            "dated": protocol.dated.isoformat(),
            "primary": protocol.primary,
            "deviations": [_texts(each) for each in protocol.deviations],
        },
        "audience": str(design.audience),
        "attendance": design.attendance,
        "sensitive_theme": design.sensitive_theme,
        "example": design.example,
        "conduct": _conduct_as_json(design.conduct),
    }


def _group_as_json(group: GroupInvited) -> dict[str, Any]:
    return {name: value for name, value in asdict(group).items() if name != "used"}


def _with_used(design: Design, frames: Sequence[pl.DataFrame]) -> Design:
    """Count of the opened answers how many of each group answered by a slip."""
    rounds = []
    for each, frame in zip(design.rounds, frames, strict=True):
        by_slip = frame.filter(pl.col("with_slip"))
        used = dict(by_slip.group_by("group").len().iter_rows())
        groups = tuple(replace(group, used=used.get(group.id, 0)) for group in each.groups)
        rounds.append(replace(each, groups=groups))
    return replace(design, rounds=tuple(rounds))


def _conduct_as_json(conduct: Conduct | None) -> dict[str, Any] | None:
    if conduct is None:
        return None
    days = {
        name: day.isoformat() if day else None
        for name, day in (
            ("started_from", conduct.started_from),
            ("started_until", conduct.started_until),
        )
    }
    return {**asdict(conduct), **days}


def _conduct_from_json(told: dict[str, Any] | None) -> Conduct | None:
    if told is None:
        return None
    days = {name: _day(told[name]) for name in ("started_from", "started_until")}
    return Conduct(**{**told, **days, "channels": tuple(told["channels"])})


def _design_from_json(told: dict[str, Any]) -> Design:
    protocol = told["protocol"]
    return Design(
        title=Texts(**told["title"]),
        organisation=Texts(**told["organisation"]),
        instrument=Instrument.from_json(told["instrument"]),
        rounds=tuple(
            RoundDesign(
                id=each["id"],
                label=Texts(**each["label"]),
                opened=_day(each["opened"]),
                closed=_day(each["closed"]),
                groups=tuple(GroupInvited(**{**group, "used": 0}) for group in each["groups"]),
                asked=None if each.get("asked") is None else frozenset(each["asked"]),
            )
            for each in told["rounds"]
        ),
        protocol=Protocol(
            hash=protocol["hash"],
            locked_on=date.fromisoformat(protocol["locked_on"]),
            dated=date.fromisoformat(protocol["dated"]),
            primary=protocol["primary"],
            deviations=tuple(Texts(**each) for each in protocol["deviations"]),
        ),
        audience=Audience(told["audience"]),
        attendance=told["attendance"],
        sensitive_theme=told["sensitive_theme"],
        example=told["example"],
        conduct=_conduct_from_json(told.get("conduct")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _ledger_from_json(told: dict[str, Any]) -> Ledger:
    entries = tuple(
        LedgerEntry(**{**each, "statements": tuple(each["statements"])}) for each in told["entries"]
    )
    kept = {key: RecordSet.from_json(each) for key, each in told["contributors"].items()}
    return Ledger(entries, kept, frozenset(told["forgotten_rounds"]))
