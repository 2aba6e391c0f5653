"""Run every check: format, lint, types, import contracts, migrations, translations, docs."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

CHECKS: tuple[tuple[str, list[str]], ...] = (
    ("format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("lint", [str(BIN / "ruff"), "check", "."]),
    ("types", [str(BIN / "mypy")]),
    ("import contracts", [str(BIN / "lint-imports"), "--no-cache"]),
    ("django", [sys.executable, "manage.py", "check", "--fail-level", "WARNING"]),
    ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("templates", [sys.executable, "tools/check_templates.py"]),
    ("assets", [sys.executable, "tools/check_assets.py"]),
    ("translations complete", [sys.executable, "tools/check_messages.py"]),
    ("docs true", [sys.executable, "-m", "pytest", "-q", "tests/docs", "-p", "no:cacheprovider"]),
)


def main() -> int:
    """Run all checks, print a line for each, and the output of those that fail."""
    failed = []
    for name, command in CHECKS:
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        verdict = "ok" if done.returncode == 0 else "FAILED"
        skipped = [line for line in done.stdout.splitlines() if line.startswith("SKIPPED")]
        sys.stdout.write(f"{verdict:7} {name} ({time.monotonic() - began:.0f} s)\n")
        sys.stdout.writelines(f"        {line}\n" for line in skipped)
        sys.stdout.flush()
        if done.returncode != 0:
            failed.append(name)
            sys.stdout.write(done.stdout[-6000:] + done.stderr[-3000:] + "\n")
    if failed:
        sys.stdout.write(f"Not in order: {', '.join(failed)}. `make fix` mends format and lint.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
