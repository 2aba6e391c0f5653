"""Check that every template is formatted as djade formats it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run djade in check mode over all templates."""
    templates = sorted(str(path) for path in (ROOT / "src").rglob("templates/**/*.html"))
    if not templates:
        return 0
    djade = Path(sys.executable).parent / "djade"
    return subprocess.run(
        [str(djade), "--check", "--target-version", "5.2", *templates], check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
