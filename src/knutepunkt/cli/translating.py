"""Give the survey one more language: write a file for each question, and say which still want work."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from knutepunkt.cli import say, start_django

if TYPE_CHECKING:
    from knutepunkt.analysis.instruments import Instrument

MOST_SHOWN = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the language."""
    parser.add_argument("language", help="the language's ISO code, for example se")


def run(options: argparse.Namespace) -> int:
    """Write the files that are not there yet; list what is left; exit 1 until nothing is."""
    start_django()
    from knutepunkt.analysis.instruments import PARTICIPANT_SURVEY, read_catalogue
    from knutepunkt.analysis.instruments.texts import REQUIRED_LANGUAGES
    from knutepunkt.analysis.instruments.translations import CODE
    from knutepunkt.surveys.queries.translations import (
        files_of,
        translation_problems,
        translations_folder,
    )

    if not CODE.fullmatch(options.language) or options.language in REQUIRED_LANGUAGES:
        sys.stderr.write(
            f"{options.language!r} is not the code of a further language. "
            "Write its ISO code in two or three small letters, for example se.\n"
        )
        return 2
    survey = read_catalogue()[PARTICIPANT_SURVEY]
    folder = translations_folder(survey) / options.language
    written = write_blank_files(survey, options.language, folder)
    if written:
        say(f"Wrote {written} files in {folder}. Fill in [translation] in each.")
    problems = translation_problems(survey, options.language, files_of(folder))
    for problem in problems[:MOST_SHOWN]:
        say(problem)
    if len(problems) > MOST_SHOWN:
        say(f"... and {len(problems) - MOST_SHOWN} more.")
    if not problems:
        say("Everything is translated. Surveys planned from now on are shown in this language too.")
    return 1 if problems else 0


def write_blank_files(survey: Instrument, language: str, folder: Path) -> int:
    """Write the pieces' files that are not there; never change one that is. Return how many."""
    from knutepunkt.analysis.instruments import blank_file, pieces

    folder.mkdir(parents=True, exist_ok=True)
    missing = [
        (folder / f"{piece.name}.toml", piece)
        for piece in pieces(survey)
        if not (folder / f"{piece.name}.toml").exists()
    ]
    for path, piece in missing:
        path.write_text(blank_file(piece, language), "utf-8")
    return len(missing)
