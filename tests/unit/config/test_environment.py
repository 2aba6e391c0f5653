"""Does an unsafe production start refuse, and say what to set?"""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from knutepunkt.config import environment

SAFE = {
    "KNUTEPUNKT_ENVIRONMENT": "production",
    "KNUTEPUNKT_SECRET_KEY": "kJ3-9sdQ_vLw7Zx2TnB8fHy5RmC1pGu4AeW6oXtYqSiDbNzKj0",
    "KNUTEPUNKT_HOSTS": "senter.example",
    "KNUTEPUNKT_SITE_URL": "https://senter.example",
}


def start(**changed: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of its own."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KNUTEPUNKT_")}
    return subprocess.run(
        [sys.executable, "-c", "import knutepunkt.config.settings"],
        env=kept | SAFE | changed | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_passwords_are_hashed_at_the_full_cost() -> None:
    """In a process of its own: the tests here hash at the least."""
    asked = (
        "import django; django.setup()\n"
        "from django.contrib.auth.hashers import make_password\n"
        "print(make_password('hemmelig-nok-passord'))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "knutepunkt.config.settings"}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$"), done.stderr


def test_a_safe_production_start_goes_through() -> None:
    started = start()
    assert started.returncode == 0, started.stderr


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("KNUTEPUNKT_SECRET_KEY", environment.DEVELOPMENT_KEY, "KNUTEPUNKT_SECRET_KEY"),
        ("KNUTEPUNKT_SECRET_KEY", "short", "KNUTEPUNKT_SECRET_KEY"),
        ("KNUTEPUNKT_SECRET_KEY", "a" * 60, "KNUTEPUNKT_SECRET_KEY"),
        ("KNUTEPUNKT_DEBUG", "yes", "KNUTEPUNKT_DEBUG=no"),
        ("KNUTEPUNKT_HOSTS", "*", "KNUTEPUNKT_HOSTS"),
        ("KNUTEPUNKT_HOSTS", ".example", "KNUTEPUNKT_HOSTS"),
        ("KNUTEPUNKT_COOKIES", "plain", "KNUTEPUNKT_COOKIES=secure"),
        ("KNUTEPUNKT_SITE_URL", "http://senter.example", "KNUTEPUNKT_SITE_URL"),
    ],
)
def test_an_unsafe_production_start_refuses_and_says_what_to_set(
    name: str, value: str, told: str
) -> None:
    refused = start(**{name: value})
    assert refused.returncode != 0
    assert "Not started." in refused.stderr
    assert told in refused.stderr


def test_every_problem_is_named_at_once() -> None:
    problems = environment.unsafe_in_production(
        secret_key="x", debug=True, hosts=["*"], cookies_secure=False, site_url="http://a"
    )
    assert len(problems) == 5


def test_every_setting_has_a_hint_and_a_name_of_ours() -> None:
    for setting in environment.SETTINGS:
        assert setting.name.startswith("KNUTEPUNKT_")
        assert len(setting.hint) > 20


def test_blank_counts_as_unset() -> None:
    assert environment.read("KNUTEPUNKT_DATA_DIR", {"KNUTEPUNKT_DATA_DIR": "  "}) == "var"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{not json", "not JSON"),
        ('{"id": "feide"}', "not a list"),
        ('[{"id": "feide", "name": "Feide"}]', "lacks server_url, client_id"),
    ],
)
def test_a_provider_written_wrong_is_named_and_stops_the_start(text: str, told: str) -> None:
    refused = start(KNUTEPUNKT_OIDC=text)
    assert refused.returncode != 0
    assert told in refused.stderr


def test_providers_are_read_with_what_they_need() -> None:
    (app,) = environment.oidc_apps(
        '[{"id": "feide", "name": "Feide", "server_url": "https://a.example", "client_id": "x"}]'
    )
    assert app["settings"]["oauth_pkce_enabled"] is True
    assert app["settings"]["verified_email"] is False
