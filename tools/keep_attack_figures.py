"""Keep the figures of the attack suite where the privacy papers read them.

    KNUTEPUNKT_ATTACK_FIGURES=FOLDER pytest tests/attacks
    python tools/keep_attack_figures.py FOLDER

Only attacks on the product itself are kept, not those on the weaker ways it is compared with.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

KEPT = (
    Path(__file__).resolve().parents[1] / "src" / "knutepunkt" / "surveys" / "attack_figures.json"
)


def figures(folder: Path) -> list[dict[str, object]]:
    """Read the rows the suite wrote, in the order of the attacks."""
    rows = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    ours = [row for row in rows if "without" not in row["against"] and row["against"][:4] == "KP-1"]
    kept = [
        {
            "attack": row["attack"],
            "tries": row["tries"],
            "points": round(100 * row["advantage"], 2),
            "uncertain": round(100 * row["half_width"], 2),
            "exact": row["exact"],
            "is_promised": _is_promised(row),
        }
        for row in ours
    ]
    return sorted(kept, key=lambda row: (int(str(row["attack"])[1:]), -float(str(row["points"]))))


def _is_promised(row: dict[str, object]) -> bool:
    """Three members together, and what the suite itself says no promise is made about."""
    return "no promise" not in str(row["against"]) and not str(row["tries_to"]).startswith(
        "3 members"
    )


def main(folder: str) -> int:
    """Write the file; say how many figures it holds."""
    found = figures(Path(folder))
    if not found:
        sys.stderr.write(f"{folder} holds no figures. Run the attack suite first, see above.\n")
        return 1
    content = {"measured_on": dt.date.today().isoformat(), "figures": found}
    KEPT.write_text(json.dumps(content, indent=1) + "\n", "utf-8")
    sys.stdout.write(f"{len(found)} figures kept in {KEPT.name}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
