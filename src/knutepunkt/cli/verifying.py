"""Check a released report against its certificate, with a program that knows nothing of the gate.

    knutepunkt verify report/certificate.json --release report

Exit 0: every check holds. 1: at least one does not. 2: something could not be read.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from importlib import resources
from pathlib import Path

from knutepunkt.analysis.verification import PROGRAM


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the certificate and the folder of the release."""
    parser.add_argument("certificate", type=Path, help="certificate.json of the release")
    parser.add_argument("--release", type=Path, required=True, help="the folder of the release")


def run(options: argparse.Namespace) -> int:
    """Run the program apart from everything else: the same files a checker downloads."""
    with resources.as_file(resources.files("knutepunkt.analysis.verification")) as folder:
        command = [sys.executable, "-I", "-c", _START, str(folder), PROGRAM[0]]
        paths = [str(options.certificate), "--release", str(options.release)]
        return subprocess.run([*command, *paths], check=False).returncode


#: -I keeps the product and its libraries off the path; only the program's own folder is on it.
_START = (
    "import runpy, sys; folder, name = sys.argv[1:3]; sys.path.insert(0, folder); "
    "sys.argv = [name, *sys.argv[3:]]; runpy.run_path(folder + '/' + name, run_name='__main__')"
)
