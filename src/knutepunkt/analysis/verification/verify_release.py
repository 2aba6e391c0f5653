#!/usr/bin/env python3
"""Does a released report keep what its certificate says, as far as the two can tell?

    python verify_release.py certificate.json --release FOLDER

Exit 0: every check holds. 1: at least one does not. 2: something could not be read.

FOLDER holds release.json, entry.json, report.json and tables/*.json and *.csv, and may hold the
report as report.html, report.pdf, methods.pdf, summary.pdf, report.docx and figures. This file and
those beside it need Python's standard library alone, and pypdf where a PDF is to be read. They share
no code with the program that made the release.

How to read it. Each part trusts only what the parts before it have proved; parts 1 to 3 prove the
data, and whoever wants no more can stop there.

1. The chain (this file). The certificate is sealed; policy, release.json and the ledger's entry are
   the ones it was given for; no number of the policy is laxer than KP-1.
2. The figures (verify_figures.py). Each figure in release.json keeps what KP-1, stated anew, asks of
   what is told: how many, how finely, in which classes, nothing of a group's answers.
3. The report (verify_report.py). Every number and quotation in report.json is one of those figures,
   and every figure is there.
4. The pages (verify_files.py reads them, verify_pages.py compares). The tables as JSON and CSV are the
   report's, and no digit in anything people read stands where the report has none.
5. The words (verify_words.py). What part 4 compares with: the report's texts written anew.

What none of it can prove is said at the end of every run: NEEDS_VAULT, what only those can check who
hold the answers, and NOT_READ, what no part reads.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from verify_figures import FIGURE_CHECKS, FIXED, FLOOR, Case, Problems, name_of  # type: ignore[import-not-found]
from verify_files import FILES, files_in  # type: ignore[import-not-found]
from verify_pages import page_problems, sheet_problems  # type: ignore[import-not-found]
from verify_report import report_problems  # type: ignore[import-not-found]

NEEDS_VAULT = {
    "P1": "that every figure rests on enough participants from enough groups",
    "P3": "that no part of a population, found by subtraction, answered alike",
    "P4": "that no two sets of people in any two releases differ by a few",
    "P5": "that a coalition inside a group cannot work out what the others answered",
    "P6": "that a model left observations to spare, and groups enough for a variance",
    "P7": "that the rounds were closed",
    "P9": "that each quotation had consent and two readers",
}
NOT_READ = (
    "pixels: that a picture (PNG, also in Word) shows the drawing it is named like, only eyes can tell",
    "the coordinates of drawings, how a text looks, and numbers that are written as words",
    "names in report.json (of questions, themes, organisations): they are taken as they stand",
)


def digest(content: Any, but: str = "") -> str:
    """The hash of a content, but for the part that holds it: JSON, sorted keys, no spaces, UTF-8."""
    kept = {key: value for key, value in content.items() if key != but}
    text = json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


# 1. The chain.


def seal_holds(case: Case) -> Problems:
    """The certificate has not been changed since it was sealed."""
    if digest(case.certificate, but="seal") != case.certificate.get("seal"):
        yield "the seal is not the hash of the certificate"
    if case.certificate.get("format") != "knutepunkt-certificate-1":
        yield "the certificate has another format than this program reads"


def policy_holds(case: Case) -> Problems:
    """The policy is the one that was hashed, and no number is laxer than KP-1."""
    if digest(case.policy) != case.certificate["policy_hash"]:
        yield "the policy is not the one that was hashed"
    for name, (floor, direction) in FLOOR.items():
        if (case.policy[name] - floor) * direction < 0:
            yield f"{name} is {case.policy[name]}, laxer than {floor}"
    for name, wanted in FIXED.items():
        if case.policy[name] != wanted:
            yield f"{name} is not as KP-1 fixes it"


def threshold_holds(case: Case) -> Problems:
    """The threshold is the one for this audience; a sensitive theme takes the stricter one."""
    wanted = case.policy["threshold_centre"]
    if case.policy["sensitive_theme"] or not case.is_centre:
        wanted = max(wanted, case.policy["threshold_wide"])
    if case.t != wanted:
        yield f"the threshold is {case.t}, and should be {wanted}"


def document_is_the_one(case: Case) -> Problems:
    """release.json is what the certificate was given for."""
    if digest(case.document) != case.certificate["release_hash"]:
        yield "release.json is not the document that was hashed"
    told, withheld = case.document["figures"], case.document["withheld"]
    if len({name_of(each) for each in (*told, *withheld)}) != len(told) + len(withheld):
        yield "a figure stands twice"
    if (len(told), len(withheld)) != (case.certificate["figures"], case.certificate["withheld"]):
        yield "there are more or fewer figures than the certificate counts"


def entry_is_chained(case: Case) -> Problems:
    """The ledger's entry is unchanged, follows the root in the certificate, and names the seal."""
    if digest(case.entry, but="hash") != case.entry["hash"]:
        yield "the entry's hash is not the hash of the entry"
    before = case.certificate["ledger"]
    wanted = {"sequence": before["releases_before"] + 1, "previous": before["root_before"]}
    for name in ("audience", "policy_hash", "statements", "seal"):
        wanted[name] = case.certificate[name]
    for name, value in wanted.items():
        if case.entry.get(name) != value:
            yield f"the entry's {name} is not the certificate's"


def statements_match(case: Case) -> Problems:
    """Each figure has the statement that the ledger remembers, about the same categories."""
    statements = case.certificate["statements"]
    if [name_of(statement) for statement in statements] != list(case.figures):
        yield "the statements do not name the figures of the release"
        return
    place = case.certificate["ledger"]["releases_before"] + 1
    for statement, (name, figure) in zip(statements, case.figures.items(), strict=True):
        told = [cell["codes"] for cell in figure["categories"]]
        told += [figure[part]["codes"] for part in ("band", "class") if figure[part]]
        kept = [row["codes"] for row in statement["sets"] if row["codes"] is not None]
        if (statement["rung"], statement["kind"], kept) != (figure["rung"], figure["kind"], told):
            yield f"{name}: the ledger remembers something else"
        own = f"{place}:{figure['table']}:{figure['cell']}:"
        if not all(row["key"].startswith(own) for row in statement["sets"]):
            yield f"{name}: a set has a key that is not its own"


# 2 to 5 are in files of their own; here is where they are called.


def report_holds(case: Case) -> Problems:
    """Every number in the report is one of the release, and every figure is in the report."""
    yield from report_problems(case.report, case.figures, case.certificate["seal"])


def tables_hold(case: Case) -> Problems:
    """Each table, as JSON and as CSV, says what the report says and no more."""
    yield from sheet_problems(case.report, case.language, case.release / "tables")


def pages_hold(case: Case) -> Problems:
    """What people read (web page, PDF, Word, drawings) holds the report's numbers and no others."""
    yield from page_problems(case.report, case.language, case.release)


def not_read(release: Path) -> Iterator[str]:
    """What no check has read: besides NOT_READ, files that are missing, unknown or PDF."""
    yield from NOT_READ
    missing = [name for name in FILES if "*" not in name and not (release / name).is_file()]
    if missing:
        yield f"files that are not there: {', '.join(missing)}"
    proof = (release / f"{name}.json" for name in ("certificate", "release", "entry", "report"))
    known = {*proof, *files_in(release), *(release / "tables").iterdir()}
    others = sorted(path for path in release.rglob("*") if path.is_file() and path not in known)
    if others:
        names = ", ".join(path.relative_to(release).as_posix() for path in others)
        yield f"files that are none of a release's, and PDF where pypdf is not installed: {names}"


CHECKS: tuple[Callable[[Case], Problems], ...] = (
    seal_holds, policy_holds, threshold_holds, document_is_the_one, entry_is_chained,
    statements_match, *FIGURE_CHECKS, report_holds, tables_hold, pages_hold,
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("certificate", type=Path)
    parser.add_argument("--release", type=Path, required=True, help="the folder of the release")
    options = parser.parse_args(arguments)
    try:
        case = Case(options.certificate, options.release)
        found = [((check.__doc__ or "").strip(), list(check(case))) for check in CHECKS]
    except Exception as problem:  # whatever is wrong with it, it could not be read
        sys.stderr.write(f"This could not be read as a release: {problem!r}\n")
        return 2
    for sentence, problems in found:
        sys.stdout.write(f"{'FAILS' if problems else 'holds'}  {sentence}\n")
        sys.stdout.writelines(f"         {problem}\n" for problem in problems)
    sys.stdout.write("\nNot checked here, because it needs the vault:\n")
    sys.stdout.writelines(f"  {clause}: {words}\n" for clause, words in NEEDS_VAULT.items())
    sys.stdout.write("Not read:\n")
    sys.stdout.writelines(f"  {words}\n" for words in not_read(options.release))
    return 1 if any(problems for _, problems in found) else 0


if __name__ == "__main__":
    sys.exit(main())
