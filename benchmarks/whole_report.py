"""How long does the whole report of a centre take, and `evaluate` on seven thousand rows?

`python -m benchmarks.whole_report [FILE]`: 18 groups and three linked rounds, from the answers to
every format in three languages; and, where FILE (or KNUTEPUNKT_REFERENCE_DATA) has it, the command
on 7,382 people in 99 groups, in a process of its own with all its start-up.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

RUNS = 5


def whole_report() -> list[tuple[float, float]]:
    """Wall and processor seconds of each run, the first one with a cold start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knutepunkt.config.settings")
    import django

    django.setup()
    from knutepunkt.analysis.disclosure import Ledger, policy_for
    from knutepunkt.analysis.report import build_report
    from knutepunkt.evaluations.presenters.files import every_file
    from tests.unit.analysis.report.sample import centre

    design, frame = centre(rounds=3, groups=18)
    found = []
    for _run in range(RUNS):
        wall, processor = time.perf_counter(), time.process_time()
        report, _ = build_report(design, frame, Ledger(), policy_for())
        every_file(report)
        found.append((time.perf_counter() - wall, time.process_time() - processor))
    return found


def evaluate(file: Path) -> list[float]:
    """Wall seconds of each run of the command."""
    from tests.spec.test_released_reference import BH1996, STUDY

    found = []
    with tempfile.TemporaryDirectory() as folder:
        design = Path(folder) / "design.toml"
        design.write_text(STUDY + BH1996, encoding="utf-8")
        command = [sys.executable, "-m", "knutepunkt", "evaluate", str(file)]
        command += ["--design", str(design), "--out", f"{folder}/out"]
        for _run in range(RUNS):
            begun = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            found.append(time.perf_counter() - begun)
    return found


def main() -> None:
    runs = whole_report()
    walls, processors = zip(*runs, strict=True)
    sys.stdout.write(
        f"whole report, three languages: first {walls[0]:.1f} s, median {median(walls):.1f} s "
        f"(processor {median(processors):.1f} s)\n"
    )
    folder = Path(os.environ.get("KNUTEPUNKT_REFERENCE_DATA", "")) / "survey"
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else folder / "bh1996_wellbeing_groups.csv"
    if file.is_file():
        times = evaluate(file)
        sys.stdout.write(f"evaluate, 7,382 rows: median {median(times):.1f} s\n")


if __name__ == "__main__":
    main()
