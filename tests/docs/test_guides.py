"""Do the guides name pages and buttons by the words that stand on them?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from knutepunkt.people.vocabulary import Role
from tools.check_messages import SOURCE, used_in_code, used_in_templates

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
LONGEST = 60
#: Roles that have work to do, and the guide that says how.
GUIDE_OF = {
    Role.STARTER: "starter",
    Role.COORDINATOR: "centre",
    Role.DIRECTOR: "centre",
    Role.RESEARCHER: "researcher",
    Role.APPROVER: "approver",
    Role.OPERATOR: "operator",
}
OF_ROLES = {*GUIDE_OF.values(), "participant"}


def on_pages() -> set[str]:
    """Return the English words of every page."""
    return set(dict(used_in_code(SOURCE)) | dict(used_in_templates(SOURCE)))


@pytest.mark.parametrize(
    "guide", [each for each in GUIDES if each.stem != "README"], ids=lambda guide: guide.stem
)
def test_bold_words_stand_on_a_page(guide: Path) -> None:
    named = re.findall(r"\*\*(.+?)\*\*", guide.read_text("utf-8"))
    assert named or guide.stem not in OF_ROLES
    known = on_pages()
    assert [words for words in named if words not in known] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_is_one_short_page(guide: Path) -> None:
    assert len(guide.read_text("utf-8").splitlines()) <= LONGEST


def test_each_role_that_has_work_to_do_has_a_guide() -> None:
    listed = (ROOT / "docs" / "guides" / "README.md").read_text("utf-8")
    assert all(f"({guide.name})" in listed for guide in GUIDES if guide.stem != "README")
    assert {guide.stem for guide in GUIDES} >= OF_ROLES
