"""In which further languages does this installation have the survey, as files its owner has filled in?

A folder per questionnaire and language below the data directory's ``translations``, with a file for
each piece. A language counts when all its files are there and fit; a half translated survey is shown
to nobody.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from knutepunkt.analysis.instruments import Instrument, InstrumentRefused, with_translations

ENDING = ".toml"


def translations_folder(instrument: Instrument) -> Path:
    """Return where the files of this questionnaire lie, a folder per language."""
    return Path(settings.DATA_DIR) / "translations" / instrument.id


def files_of(folder: Path) -> dict[str, str]:
    """Return the text of each piece's file in a language's folder."""
    return {path.stem: path.read_text("utf-8") for path in sorted(folder.glob(f"*{ENDING}"))}


def translated(instrument: Instrument) -> Instrument:
    """Return the questionnaire with every further language that is complete."""
    root = translations_folder(instrument)
    complete = {}
    for folder in sorted(root.iterdir()) if root.is_dir() else []:
        files = files_of(folder) if folder.is_dir() else {}
        if files and not translation_problems(instrument, folder.name, files):
            complete[folder.name] = files
    return with_translations(instrument, complete)


def translation_problems(
    instrument: Instrument, language: str, files: dict[str, str]
) -> tuple[str, ...]:
    """Return what is missing or out of date in a language, a sentence for each place."""
    try:
        with_translations(instrument, {language: files})
    except InstrumentRefused as refused:
        return tuple(problem.sentence for problem in refused.problems)
    return ()
