"""May an organisation be stricter than KP-1, and never laxer?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knutepunkt.analysis.disclosure import Audience, kp1
from knutepunkt.shared.disclosure_policy import PolicyRefused, policy_of, policy_problem
from knutepunkt.surveys.queries.expectations import Telling, expectations, expected_counts

STRICT = """
[all]
threshold_centre = 7

[sildrehuset]
threshold_centre = 12
largest_share = 0.4
"""


@pytest.fixture
def policy_file(settings: Any, tmp_path: Path) -> Path:
    """Return the installation's policy file, still to be written."""
    settings.POLICY_FILE = tmp_path / "policy.toml"
    return tmp_path / "policy.toml"


def test_without_a_file_everybody_follows_kp_1(settings: Any) -> None:
    settings.POLICY_FILE = None
    assert policy_of("sildrehuset", sensitive=False) == kp1()
    assert policy_of("sildrehuset", sensitive=True).threshold(Audience.CENTRE) == 10


def test_an_organisation_may_be_stricter_than_the_rest(policy_file: Path) -> None:
    policy_file.write_text(STRICT)
    assert policy_of("naustet", sensitive=False).threshold(Audience.CENTRE) == 7
    own = policy_of("sildrehuset", sensitive=False)
    assert (own.threshold(Audience.CENTRE), own.largest_share) == (12, 0.4)
    # A wide audience never gets a lower threshold than the centre itself.
    assert own.threshold(Audience.PUBLIC) == 12
    assert own.hash != kp1().hash
    own.check_floor()
    assert policy_problem() == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[all]\nthreshold_centre = 4\n", "threshold_centre"),
        ("[sildrehuset]\ngroups = 2\n", "groups"),
        ("[all]\nlargest_share = 0.9\n", "largest_share"),
        ("[all]\nthreshold = 9\n", "threshold"),
        ("[all]\nband_tenths = [9.9]\n", "band_tenths"),
        ("[all]\nthreshold_centre = true\n", "threshold_centre"),
        ('[all]\nthreshold_centre = "9"\n', "threshold_centre"),
        ("[all]\nthreshold_centre = 9.5\n", "threshold_centre"),
        ("[all]\nthreshold_centre = 9\n[sildrehuset]\nthreshold_centre = 6\n", "threshold_centre"),
        ("threshold_centre = 9\n", "outside a table"),
        ("[all", "TOML"),
    ],
)
def test_whatever_is_laxer_or_unreadable_is_refused(
    policy_file: Path, text: str, named: str
) -> None:
    policy_file.write_text(text)
    with pytest.raises(PolicyRefused) as refusal:
        policy_of("sildrehuset", sensitive=False)
    assert named in refusal.value.reason
    assert named not in str(refusal.value)
    assert named in policy_problem()


def test_a_file_that_is_named_and_missing_is_refused(policy_file: Path) -> None:
    assert "policy.toml" in policy_problem()


@pytest.mark.parametrize(
    ("members", "counts"), [(130, (45, 65, 105)), (60, (20, 30, 50)), (12, (4, 6, 10)), (1, (1,))]
)
def test_so_many_answers_are_shown_as_may_come_of_those_who_are_asked(
    members: int, counts: tuple[int, ...]
) -> None:
    assert expected_counts(members) == counts
    told = expectations([members], policy=kp1())
    assert [each.answers for each in told] == list(counts)


def test_what_can_be_told_beforehand_follows_the_policy_and_the_groups() -> None:
    """Sixty in groups of six read a band at t = 5; thirty in three groups of ten only how many."""
    told = expectations([6] * 10, policy=kp1(), counts=(15, 30, 60))
    assert [each.benefit for each in told] == [Telling.ONLY_NUMBER, Telling.BAND, Telling.BAND]
    strict = kp1().stricter(threshold_centre=25)
    at_most = expectations([6] * 10, policy=strict, counts=(60,))
    assert at_most[0].benefit is Telling.ONLY_NUMBER
    few_groups = expectations([10, 10, 10], policy=kp1(), counts=(30,))
    assert few_groups[0].benefit is not Telling.FIVE
    many = expectations([7] * 60, policy=kp1(), counts=(400,))
    assert many[0].benefit in (Telling.THREE, Telling.TWO, Telling.FIVE)
