"""Does every command the help promises exist, and teach?"""

from __future__ import annotations

import subprocess
import sys

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


def test_a_reader_who_has_heard_enough_stops_nothing() -> None:
    said = "from knutepunkt.cli import say; [say('x' * 5000) for _ in range(200)]; print('end', file=__import__('sys').stderr)"
    writer = subprocess.Popen(
        [sys.executable, "-c", said], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.readline()
    writer.stdout.close()
    assert writer.stderr.read().split() == ["end"]
    assert writer.wait(timeout=30) == 0
