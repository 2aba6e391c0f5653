"""Make a protected report from a file of answers: CSV, Excel, SPSS, Stata or Parquet.

    knutepunkt evaluate answers.csv --draft-design > design.toml
    knutepunkt evaluate answers.csv --design design.toml --out report

Or from sealed answers of a closed round, on the machine of whoever holds the key; nothing leaves it
but what passed the gate:

    knutepunkt evaluate --sealed sealed-answers.zip --identity key.txt --out report

Open answers are coded by two people in sheets, and come into the report by code:

    knutepunkt evaluate answers.csv --design design.toml --coding-sheets sheets
    knutepunkt evaluate answers.csv --design design.toml --coding first.xlsx second.xlsx --out report

Exit 0: released. 3: everything was withheld, and the report says so. 2: the file or the design
cannot be used; the message names file, row, column and remedy.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from knutepunkt.analysis.coding import words_of_names
from knutepunkt.analysis.disclosure import (
    Judgement,
    Kind,
    Ledger,
    LedgerEntry,
    append,
    policy_for,
)
from knutepunkt.analysis.disclosure.ledger import digest
from knutepunkt.analysis.instruments import InstrumentRefused
from knutepunkt.analysis.report import DesignFault, Report, build_report
from knutepunkt.analysis.report.plan import Tell, silent
from knutepunkt.cli import say, start_django
from knutepunkt.cli.existing.description import Description, read_description
from knutepunkt.cli.existing.drafting import draft_design
from knutepunkt.cli.existing.preparing import Prepared, prepare
from knutepunkt.cli.existing.problems import BadInput, Place
from knutepunkt.cli.existing.reading import read_table
from knutepunkt.cli.existing.remembering import Memory
from knutepunkt.cli.existing.study import design_of
from knutepunkt.cli.existing.texts import coded, write_sheets
from knutepunkt.shared.clock import today

RELEASED, BAD_INPUT, ALL_WITHHELD = 0, 2, 3
SHARED_FORMS = ("categories", "figures", "band", "class")
#: From so many answers on, whoever waits is told what is being worked on.
LONG = 20_000
#: What the odds of one question over rounds take for each answer, as measured (benchmarks).
SECONDS_OF_ODDS = 0.003
ABOUT_ANSWERS = (Kind.FREQUENCY, Kind.MEAN, Kind.MODEL)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the file, its design, and where the report goes."""
    parser.add_argument("data", type=Path, nargs="?", help="the file of answers")
    parser.add_argument("--sealed", type=Path, help="sealed answers, downloaded from the site")
    parser.add_argument(
        "--identity", type=Path, nargs="+", help="file with the key; two where two people hold it"
    )
    parser.add_argument("--design", type=Path, help="the design (TOML) that describes the file")
    parser.add_argument("--out", type=Path, help="folder for the report; made if it is missing")
    parser.add_argument("--language", choices=("nb", "nn", "en"), default="nb")
    parser.add_argument(
        "--ledger",
        type=Path,
        help="file that remembers what was told of these answers before; "
        "default: beside them, named after them with .ledger (beside the report where they lie read-only)",
    )
    parser.add_argument(
        "--calibrate",
        type=int,
        default=0,
        metavar="N",
        help="simulate N studies of this shape and print how often the method is wrong (table K1)",
    )
    parser.add_argument(
        "--coding-sheets", type=Path, metavar="FOLDER", help="write coding sheets and stop"
    )
    parser.add_argument(
        "--coding", type=Path, nargs="+", metavar="FILE", help="the sheets of one or two coders"
    )
    parser.add_argument("--settled", type=Path, help="a sheet of what the two settled on")
    parser.add_argument("--codebook", type=Path, help="the codes, one on each line")
    parser.add_argument(
        "--draft-design", action="store_true", help="write a first, commented design and stop"
    )


def run(options: argparse.Namespace) -> int:
    """Draft a design, or make the report."""
    start_django()
    try:
        if options.sealed is not None:
            from knutepunkt.cli.existing.sealed import report_of_sealed

            return report_of_sealed(options)
        if options.data is None:
            raise BadInput(
                Place("evaluate"), "No file was named.", "Name a file of answers, or --sealed."
            )
        table = read_table(options.data)
        if options.draft_design:
            say(draft_design(table, today()))
            return RELEASED
        if options.design is None or (options.out is None and options.coding_sheets is None):
            raise BadInput(
                Place(options.data.name),
                "Neither a design nor a folder was named.",
                "Give --design and --out, or --draft-design for a first design.",
            )
        description = read_description(options.design)
        prepared = prepare(table, description)
        for remark in prepared.remarks:
            sys.stderr.write(f"{remark}\n")
        if options.coding_sheets is not None:
            write_sheets(prepared.texts, options, {})
            return RELEASED
        design_hash = hashlib.sha256(options.design.read_bytes()).hexdigest()
        return _report(prepared, description, design_hash, options)
    except BadInput as problem:
        sys.stderr.write(f"{problem}\n")
        return BAD_INPUT


def _report(
    prepared: Prepared, description: Description, design_hash: str, options: argparse.Namespace
) -> int:
    study = description.study
    day = study.dated or dt.date.fromtimestamp(options.data.stat().st_mtime)
    try:
        design = design_of(prepared, description, day=day, design_hash=design_hash)
        told = coded(prepared.texts, words_of_names(description.names), options)

        def built(ledger: Ledger) -> tuple[Report, Judgement]:
            return build_report(
                design,
                prepared.frame,
                ledger,
                policy_for(sensitive_theme=study.sensitive),
                calibrations=options.calibrate,
                coded=told,
                tell=progress(prepared, description),
            )

        everything = Memory.of(options.ledger, options.data, options.out)
        memory = everything.before(_made_of(options, day))
        report, judgement = built(memory.ledger())
        if memory.again and _entry(judgement, memory.entries).hash != memory.again.hash:
            # The program has changed since: what it says now is one more report.
            memory = everything
            report, judgement = built(memory.ledger())
    except (DesignFault, InstrumentRefused) as fault:
        raise BadInput(Place(options.design.name), f"{fault}", "Correct the design.") from fault
    return write_out(report, judgement, memory, options, made_of=_made_of(options, day))


def progress(prepared: Prepared, description: Description) -> Tell:
    """What tells whoever waits for a large file what is being worked on; nothing for a small one."""
    answers = prepared.frame.height
    if answers < LONG:
        return silent
    compared = sum(each.ordered and not each.harm for each in description.questions)
    if compared and len(prepared.rounds) > 1:
        minutes = max(1, round(compared * answers * SECONDS_OF_ODDS / 60))
        sys.stderr.write(
            "Single questions that are compared over rounds take longest: "
            f"{compared} here, about {minutes} minute{'s' if minutes > 1 else ''} in all. "
            "Leave out of the design what you do not need.\n"
        )

    def told(what: str) -> None:
        sys.stderr.write(f"{answers:,} answers: working on {what}\n")
        sys.stderr.flush()

    return told


def _made_of(options: argparse.Namespace, day: dt.date) -> str:
    """A digest of everything the report is made of: answers, design, coding, date, repetitions."""
    files = [options.data, options.design, *(options.coding or ())]
    files += [each for each in (options.settled, options.codebook) if each is not None]
    parts = [hashlib.sha256(each.read_bytes()).hexdigest() for each in files]
    return digest({"files": parts, "day": day.isoformat(), "calibrate": options.calibrate})


def write_out(
    report: Report,
    judgement: Judgement,
    memory: Memory,
    options: argparse.Namespace,
    *,
    made_of: str = "",
) -> int:
    """Write the report and its proof into the folder, and say what was told.

    The ledger is written first: a report that is there and not remembered could be subtracted.
    """
    # The renderers need Django's templates, which are ready once Django has started.
    from knutepunkt.evaluations.presenters.checking import proof_files
    from knutepunkt.evaluations.presenters.files import files_of

    judged = {"certificate": judgement.certificate, "document": judgement.document}
    entry = _entry(judgement, memory.entries)
    files = files_of(report, options.language) | proof_files(report, judged, entry)
    memory.remember(entry, judgement.contributors, made_of)
    _write(options.out, files)
    told = _about_answers(judgement)
    say(f"{told} figures released, {len(judgement.withheld)} withheld: {options.out}")
    say(f"Remembered in {memory.path}, so that two reports cannot be subtracted.")
    say("It says who is behind each figure: keep it with the answers, and never hand it on.")
    say(f"Check it: knutepunkt verify {options.out / 'certificate.json'} --release {options.out}")
    return RELEASED if told else ALL_WITHHELD


def _entry(judgement: Judgement, earlier: Sequence[LedgerEntry]) -> LedgerEntry:
    """The release as the next entry of the ledger."""
    proof = judgement.certificate
    return append(
        earlier,
        release=str(UUID(str(proof["seal"])[:32])),
        audience=str(proof["audience"]),
        policy_hash=str(proof["policy_hash"]),
        statements=judgement.statements,
        seal=str(proof["seal"]),
    )


def _about_answers(judgement: Judgement) -> int:
    """How many released figures say anything about what people answered."""
    return sum(
        each.kind in ABOUT_ANSWERS and str(each.rung) in SHARED_FORMS for each in judgement.released
    )


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
