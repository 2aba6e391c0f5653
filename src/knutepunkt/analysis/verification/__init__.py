"""The program that checks a release from outside; the product hands out its text and runs it apart.

Nothing here imports anything of the product, and nothing of the product imports the program's files.
The sentences of the report's catalogue go along as data, for the pages to be compared with.
"""

from importlib import resources

PROGRAM = (
    "verify_release.py",
    "verify_figures.py",
    "verify_report.py",
    "verify_files.py",
    "verify_pages.py",
    "verify_words.py",
)
WORDS = "words"


def program_files() -> dict[str, bytes]:
    """The verifier's files by name, as they are handed to whoever wants to check a report."""
    found = {name: (resources.files(__name__) / name).read_bytes() for name in PROGRAM}
    catalogue = resources.files("knutepunkt.analysis.report") / "catalogue"
    texts = (each for each in catalogue.iterdir() if each.name.endswith(".toml"))
    return found | {f"{WORDS}/{each.name}": each.read_bytes() for each in texts}
