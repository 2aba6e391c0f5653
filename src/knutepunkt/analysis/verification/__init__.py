"""The program that checks a release from outside; the product hands out its text and runs it apart.

Nothing here imports anything of the product, and nothing of the product imports the two files.
"""

from importlib import resources

PROGRAM = ("verify_release.py", "verify_report.py")


def program_files() -> dict[str, bytes]:
    """The verifier's files by name, as they are handed to whoever wants to check a report."""
    return {name: (resources.files(__name__) / name).read_bytes() for name in PROGRAM}
