"""Which settings are there, what is each for, and which are unsafe in production?"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PRODUCTION = "production"
DEVELOPMENT = "development"
#: Good enough for a developer's own machine; refused in production.
DEVELOPMENT_KEY = "development-only-key-that-a-production-start-refuses"
SHORTEST_KEY = 50
OIDC_NEEDS = ("id", "name", "server_url", "client_id")


@dataclass(frozen=True)
class Setting:
    """One setting read from the environment, with the hint an operator reads."""

    name: str
    default: str
    hint: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "KNUTEPUNKT_ENVIRONMENT",
        DEVELOPMENT,
        "development or production. Production refuses unsafe settings.",
    ),
    Setting(
        "KNUTEPUNKT_SECRET_KEY",
        DEVELOPMENT_KEY,
        "At least 50 random characters, kept out of backups. Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
    ),
    Setting(
        "KNUTEPUNKT_DEBUG",
        "no",
        "yes shows error pages with code, to whoever changes the program; never in production.",
    ),
    Setting(
        "KNUTEPUNKT_HOSTS",
        "localhost,127.0.0.1,[::1]",
        "The names the site answers to, separated by commas. Never * in production.",
    ),
    Setting(
        "KNUTEPUNKT_SITE_URL",
        "http://127.0.0.1:8000",
        "The address printed on slips and in e-mails; https in production.",
    ),
    Setting(
        "KNUTEPUNKT_DATA_DIR", "var", "Where databases, uploaded files and static files are kept."
    ),
    Setting(
        "KNUTEPUNKT_DATABASE_URL",
        "",
        "Main database, for example postgres://user@host/knutepunkt. Default: SQLite in the data directory.",
    ),
    Setting(
        "KNUTEPUNKT_VAULT_URL",
        "",
        "The vault's database, always another one than the main database. Default: SQLite in the data directory.",
    ),
    Setting(
        "KNUTEPUNKT_DATABASE_WAIT",
        "20",
        "Whole seconds a write waits for a locked database before the visitor is told to try again.",
    ),
    Setting(
        "KNUTEPUNKT_KEY_DIR",
        "",
        "Where the server's key for opening closed rounds lies; back it up apart from the databases. Default: keys in the data directory.",
    ),
    Setting(
        "KNUTEPUNKT_TRANSPORT_DIR",
        "",
        "Where transport keys of open rounds lie; never in any backup. Default: transport in the data directory.",
    ),
    Setting(
        "KNUTEPUNKT_LEDGER_COPY",
        "",
        "A file that remembers every release outside the databases; in no backup of them, so that an older backup put back is noticed. Default: ledger/releases.jsonl in the data directory.",
    ),
    Setting(
        "KNUTEPUNKT_ESCROW_RECIPIENT",
        "",
        "An age recipient (age1...) that can also open rounds if the server's key is lost. Keep its identity offline.",
    ),
    Setting(
        "KNUTEPUNKT_POLICY_FILE",
        "",
        "A TOML file that makes the disclosure policy stricter: [all] and one table per organisation's short name, with numbers of KP-1. Laxer numbers are refused. Default: KP-1.",
    ),
    Setting(
        "KNUTEPUNKT_EMAIL_URL",
        "",
        "smtp://user:password@host:587 for sending e-mail. Default: e-mails are written to the console in development.",
    ),
    Setting("KNUTEPUNKT_EMAIL_FROM", "knutepunkt@localhost", "The sender of e-mails."),
    Setting(
        "KNUTEPUNKT_OIDC",
        "",
        "Sign-in through ID-porten, Feide or Entra: a JSON list of {id, name, server_url, client_id, secret}. "
        "Add trusts_email: true where the provider has made sure that the addresses it sends are right.",
    ),
    Setting(
        "KNUTEPUNKT_COOKIES",
        "",
        "secure or plain. Default: secure in production. Plain is refused in production.",
    ),
    Setting(
        "KNUTEPUNKT_PROXY",
        "no",
        "yes when a reverse proxy in front sets X-Forwarded-Proto and removes it from outside requests.",
    ),
    Setting("KNUTEPUNKT_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR."),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


def read(name: str, environ: Mapping[str, str] | None = None) -> str:
    """Return the setting's value, or its default where the environment has none."""
    source = os.environ if environ is None else environ
    value = source.get(name, "").strip()
    return value or _BY_NAME[name].default


def is_yes(value: str) -> bool:
    """Read yes/no settings; only a clear yes is a yes."""
    return value.lower() in {"yes", "true", "1", "on"}


def oidc_apps(text: str) -> list[dict[str, Any]]:
    """Return the providers people may sign in through, as allauth wants them.

    Raises ``ValueError`` with a sentence that says which provider lacks what.
    """
    try:
        listed = json.loads(text or "[]")
    except json.JSONDecodeError as problem:
        raise ValueError(
            f"KNUTEPUNKT_OIDC is not JSON (character {problem.pos}: {problem.msg}). "
            "Write a list of objects in straight quotes."
        ) from problem
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise ValueError(
            "KNUTEPUNKT_OIDC is not a list of objects. Begin it with [ and end with ]."
        )
    return [_oidc_app(number, each) for number, each in enumerate(listed, start=1)]


def _oidc_app(number: int, given: dict[str, Any]) -> dict[str, Any]:
    lacking = [name for name in OIDC_NEEDS if not str(given.get(name, "")).strip()]
    if lacking:
        raise ValueError(
            f"KNUTEPUNKT_OIDC: provider {number} lacks {', '.join(lacking)}. "
            f"Each needs {', '.join(OIDC_NEEDS)}."
        )
    return {
        "provider_id": given["id"],
        "name": given["name"],
        "client_id": given["client_id"],
        "secret": given.get("secret", ""),
        "settings": {
            "server_url": given["server_url"],
            # ID-porten demands it, and it costs nothing with the others.
            "oauth_pkce_enabled": True,
            "verified_email": bool(given.get("trusts_email", False)),
        },
    }


def unsafe_in_production(
    *, secret_key: str, debug: bool, hosts: list[str], cookies_secure: bool, site_url: str
) -> list[str]:
    """Return one sentence for each setting that a production start refuses."""
    problems: list[str] = []
    if secret_key == DEVELOPMENT_KEY or len(secret_key) < SHORTEST_KEY or len(set(secret_key)) < 10:
        problems.append(
            "The secret key is missing, short or easy to guess. "
            f"Set KNUTEPUNKT_SECRET_KEY to at least {SHORTEST_KEY} random characters."
        )
    if debug:
        problems.append("DEBUG shows code and settings to visitors. Set KNUTEPUNKT_DEBUG=no.")
    if not hosts or any(host.startswith(("*", ".")) for host in hosts):
        problems.append(
            "The site would answer to any host name. Set KNUTEPUNKT_HOSTS to the names it has."
        )
    if not cookies_secure:
        problems.append("Cookies would travel unencrypted. Set KNUTEPUNKT_COOKIES=secure.")
    if not site_url.startswith("https://"):
        problems.append(
            "Slips would point to an unencrypted address. Set KNUTEPUNKT_SITE_URL to https://..."
        )
    return problems
