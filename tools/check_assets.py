"""Check that what browsers get is what assets/ builds; where Node or its packages are not to be had, say so."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ASSETS = Path(__file__).resolve().parents[1] / "assets"
SKIPPED = "SKIPPED"


def is_installed() -> bool:
    """Say whether the packages of the lock file lie in node_modules already."""
    lock, installed = ASSETS / "package-lock.json", ASSETS / "node_modules" / ".package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime


def main() -> int:
    """Install what the lock file names, build in memory, compare; 1 where something differs."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        sys.stdout.write(f"{SKIPPED}: there is no Node here, so the assets were not rebuilt.\n")
        return 0
    if not is_installed():
        installed = subprocess.run(
            [npm, "ci", "--ignore-scripts", "--silent"], cwd=ASSETS, check=False
        )
        if installed.returncode:
            sys.stdout.write(f"{SKIPPED}: npm cannot fetch the packages of assets/ from here.\n")
            return 0
    return subprocess.run([npm, "run", "--silent", "check"], cwd=ASSETS, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
