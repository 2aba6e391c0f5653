"""A10, A21, A22: every file of a report, in every language, down to the last byte.

Two centres differ in what a report must not tell: how few were harmed and how, one answer more or
less, the order in which answers came, who is called what, and every word that was written. The gate
tells the same of both. The attacker has all files of one of them and wonders which centre it is;
a single byte that differs, in a coordinate, a hidden part, an alternative text or a time, tells him.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

import numpy as np
import polars as pl
import pytest

from knutepunkt.analysis.disclosure import Judgement, Ledger, Policy, kp1
from knutepunkt.analysis.report import Report, build_report
from knutepunkt.evaluations.presenters.files import every_file
from tests.attacks.measured import Measured, assert_harmless, assert_succeeds
from tests.attacks.releases.weakened import without
from tests.unit.analysis.report.sample import centre

HARM = "NEG3"
WORDS = ("Ragnhild fra Ytterøya", "begravelsen i mars", "zyklodramatisk")


@dataclass(frozen=True)
class Told:
    """What a centre's report is, and the files it comes as."""

    report: Report
    judgement: Judgement
    files: dict[str, bytes]


def two_centres() -> tuple[pl.DataFrame, pl.DataFrame]:
    """A centre, and another one that a report may not tell from it."""
    _, one = centre(groups=12, rounds=1)
    rng = np.random.default_rng(10)
    one = one.with_columns(pl.lit("Det var fint.").alias("FRI1"))
    one = one.with_columns(without_the_last(one[HARM], (one[HARM].count() - 4) % 5))
    # 64 and 63 answers are both told as about 65: one answer can be left out unseen.
    mild = without_the_last(one[HARM].set(one[HARM] > 2, 1), 1)
    names = [f"x{code}" for code in rng.permutation(one.height)]
    other = one.with_columns(
        mild,
        pl.Series("participant", names),
        pl.Series("FRI1", [WORDS[i % 3] for i in range(one.height)]),
    )
    return one, other.sample(fraction=1.0, shuffle=True, seed=10)


def without_the_last(answers: pl.Series, so_many: int) -> pl.Series:
    """The answers, so many of them fewer."""
    answered = np.flatnonzero(answers.is_not_null().to_numpy())
    gone = set(answered[answered.size - so_many :].tolist())
    kept = [None if i in gone else value for i, value in enumerate(answers.to_list())]
    return pl.Series(answers.name, kept, dtype=answers.dtype)


def told(frame: pl.DataFrame, policy: Policy, languages: tuple[str, ...]) -> Told:
    design, _ = centre(groups=12, rounds=1)
    report, judgement = build_report(design, frame, Ledger(), policy)
    return Told(report, judgement, every_file(report, languages))


@pytest.fixture(scope="module")
def both() -> tuple[Told, Told]:
    one, other = two_centres()
    assert one[HARM].to_list() != other[HARM].to_list()
    return told(one, kp1(), ("nb", "nn", "en")), told(other, kp1(), ("nb", "nn", "en"))


def compared(one: Told, other: Told, says: str, against: str, name: str) -> Measured:
    files = sorted(one.files.keys() | other.files.keys())
    differ = [f for f in files if one.files.get(f) != other.files.get(f)]
    return Measured(name, says, len(files), len(differ), 0.0, len(differ), against)


def test_a10_every_file_in_every_language_is_the_same(both: tuple[Told, Told]) -> None:
    says = "tell two centres apart by any byte of any format and language"
    assert both[0].judgement.document == both[1].judgement.document
    assert_harmless(compared(*both, says, "KP-1", "A10"))


def test_a10_works_without_p6() -> None:
    """Where n is told as it is, the same comparison sees the answer that was left out."""
    one, other = two_centres()
    pair = [told(frame, without("P6"), ("en",)) for frame in (one, other)]
    says = "tell two centres apart by any byte of any format and language"
    assert_succeeds(compared(*pair, says, "KP-1 without P6", "A10"))


def test_a10_certificate_and_release_are_the_same(both: tuple[Told, Told]) -> None:
    assert both[0].judgement.certificate == both[1].judgement.certificate
    assert both[0].judgement.findings == both[1].judgement.findings


def test_a21_no_written_word_is_in_any_file(both: tuple[Told, Told]) -> None:
    """Words of an open answer; inside zipped files too. Rare words and names alike."""
    found = tries = 0
    for content in (unpacked(f) for f in both[1].files.values()):
        for word in " ".join(WORDS).split():
            if len(word) > 4:
                tries += 1
                found += word.encode() in content
    says = "search every file for names and rare words of open answers"
    assert_harmless(Measured("A21", says, tries, found, 0.0, found))


def test_a21_finds_a_word_that_is_there() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "Ytterøya " * 50)
    assert b"Ytter" not in packed.getvalue()
    found = "Ytterøya".encode() in unpacked(packed.getvalue())
    says = "search every file for names and rare words of open answers"
    measured = Measured("A21", says, 1, int(found), 0.0, int(found), "a quotation in a Word file")
    assert_succeeds(measured)


def unpacked(content: bytes) -> bytes:
    """The bytes of a file, or of everything inside it where it is a zip."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\0".join(archive.read(name) for name in archive.namelist())


def test_a22_exports_keep_neither_order_nor_time(both: tuple[Told, Told]) -> None:
    """Rows, levels nobody chose, and the times in zip files: CSV, JSON and Word."""
    tries = found = 0
    for name in both[0].files:
        if name.endswith((".csv", ".json", ".docx")):
            tries += 1
            found += both[0].files[name] != both[1].files[name] or times(both[0].files[name]) > 1
    says = "read order of answers, unused levels or times out of exported files"
    assert_harmless(Measured("A22", says, tries, found, 0.0, found))


def test_a22_works_against_rows_in_order_of_arrival() -> None:
    one, other = two_centres()
    exports = [frame.select("group", HARM).write_csv() for frame in (one, other)]
    says = "read order of answers, unused levels or times out of exported files"
    found = exports[0] != exports[1]
    assert_succeeds(Measured("A22", says, 1, int(found), 0.0, int(found), "an export of rows"))


def times(content: bytes) -> int:
    """How many different times stand in a zip file."""
    if not content.startswith(b"PK"):
        return 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return len({entry.date_time for entry in archive.infolist()})
