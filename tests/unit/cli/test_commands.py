"""Does every command the help promises exist, and teach?"""

from __future__ import annotations

import pytest

from knutepunkt.cli import COMMANDS, parser


@pytest.mark.parametrize("command", [each.name for each in COMMANDS])
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([command, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out) > 100


def test_the_demo_is_among_them() -> None:
    assert "demo" in [each.name for each in COMMANDS]
