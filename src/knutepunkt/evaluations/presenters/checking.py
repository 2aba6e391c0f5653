"""What does somebody need who wants to check a report without seeing an answer?"""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from knutepunkt.analysis.disclosure.ledger import LedgerEntry
from knutepunkt.analysis.report import Report, to_json
from knutepunkt.analysis.verification import program_files
from knutepunkt.evaluations.presenters.files import files_of

#: The same for every file, so that an archive tells nothing about when anything happened.
NO_TIME = (1980, 1, 1, 0, 0, 0)
FOLDER = "release"


def proof_files(report: Report, judged: dict[str, Any], entry: LedgerEntry) -> dict[str, bytes]:
    """What the verifier reads besides the tables: the proof, the release and the report as data."""
    return {
        "certificate.json": json_of_proof(judged["certificate"]),
        "release.json": json_of_proof(judged["document"]),
        "entry.json": json_of_proof(entry.as_json()),
        "report.json": to_json(report).encode(),
    }


def json_of_proof(content: Any) -> bytes:
    """A part of the proof as JSON somebody can read."""
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True).encode()


def checking_archive(
    report: Report, judged: dict[str, Any], entry: LedgerEntry, language: str
) -> bytes:
    """A zip with the certificate, the release, every file people read, and the program that checks."""
    files = proof_files(report, judged, entry)
    found = {"certificate.json": files.pop("certificate.json"), **program_files()}
    found |= {f"{FOLDER}/{name}": content for name, content in files.items()}
    for name, content in files_of(report, language).items():
        if not name.endswith(".png"):  # pixels, which no program reads
            found[f"{FOLDER}/{name}"] = content
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(found.items()):
            archive.writestr(zipfile.ZipInfo(name, NO_TIME), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
