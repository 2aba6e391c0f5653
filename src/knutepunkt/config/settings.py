"""Django's settings, all from the environment; `environment.py` lists each with its hint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from knutepunkt.config.environment import (
    PRODUCTION,
    is_yes,
    oidc_apps,
    read,
    unsafe_in_production,
)

PACKAGE = Path(__file__).resolve().parents[1]
ENVIRONMENT = read("KNUTEPUNKT_ENVIRONMENT")
IS_PRODUCTION = ENVIRONMENT == PRODUCTION

DATA_DIR = Path(read("KNUTEPUNKT_DATA_DIR")).resolve()
KEY_DIR = Path(read("KNUTEPUNKT_KEY_DIR") or DATA_DIR / "keys").resolve()
TRANSPORT_DIR = Path(read("KNUTEPUNKT_TRANSPORT_DIR") or DATA_DIR / "transport").resolve()
LEDGER_COPY = Path(read("KNUTEPUNKT_LEDGER_COPY") or DATA_DIR / "ledger/releases.jsonl").resolve()
ESCROW_RECIPIENT = read("KNUTEPUNKT_ESCROW_RECIPIENT")
POLICY_FILE = Path(_policy).resolve() if (_policy := read("KNUTEPUNKT_POLICY_FILE")) else None
SITE_URL = read("KNUTEPUNKT_SITE_URL").rstrip("/")

SECRET_KEY = read("KNUTEPUNKT_SECRET_KEY")
DEBUG = is_yes(read("KNUTEPUNKT_DEBUG"))
ALLOWED_HOSTS = [host.strip() for host in read("KNUTEPUNKT_HOSTS").split(",") if host.strip()]
_COOKIES_SECURE = (
    read("KNUTEPUNKT_COOKIES") or ("secure" if IS_PRODUCTION else "plain")
) == "secure"

if IS_PRODUCTION:
    _problems = unsafe_in_production(
        secret_key=SECRET_KEY,
        debug=DEBUG,
        hosts=ALLOWED_HOSTS,
        cookies_secure=_COOKIES_SECURE,
        site_url=SITE_URL,
    )
    if _problems:
        raise ImproperlyConfigured("Not started.\n- " + "\n- ".join(_problems))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    # Before allauth, so that our sign-in pages and words stand in front of its own.
    "knutepunkt.people",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "knutepunkt.shared",
    "knutepunkt.audit",
    "knutepunkt.directory",
    "knutepunkt.responses",
    "knutepunkt.surveys",
    "knutepunkt.evaluations",
    "knutepunkt.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "knutepunkt.surveys.views.answering_alone.AnsweringAlone",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "knutepunkt.site.caches.NothingKept",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "knutepunkt.site.refusals.RefusalPage",
]

ROOT_URLCONF = "knutepunkt.config.urls"
WSGI_APPLICATION = "knutepunkt.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Databases: two, always. The vault holds sealed answers and nothing else. ---------------
# Writes are serialised (IMMEDIATE), durable (FULL) and leave no text in free pages (secure_delete).
_WAIT = int(read("KNUTEPUNKT_DATABASE_WAIT"))
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": _WAIT,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;"
        "PRAGMA temp_store=MEMORY;"
    ),
}


def _database(url: str, default_file: str) -> dict[str, Any]:
    config: dict[str, Any] = dict(
        dj_database_url.parse(url or f"sqlite:///{DATA_DIR / default_file}", conn_max_age=600)
    )
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["OPTIONS"] = {**config.get("OPTIONS", {}), **_SQLITE_OPTIONS}
        config["CONN_MAX_AGE"] = None
        config["TEST"] = {"NAME": None}
    elif config["ENGINE"] == "django.db.backends.postgresql":
        options = config.setdefault("OPTIONS", {})
        options.setdefault("options", f"-c lock_timeout={_WAIT}s")
    return config


def _vault(url: str) -> dict[str, Any]:
    """The vault's few statements are prepared, and answers travel as the bytes they are."""
    config = _database(url, "vault.sqlite3")
    if config["ENGINE"] == "django.db.backends.postgresql":
        options = config["OPTIONS"]
        options["server_side_binding"] = True
        options["prepare_threshold"] = int(options.get("prepare_threshold", 5))
    return config


DATABASES = {
    "default": _database(read("KNUTEPUNKT_DATABASE_URL"), "knutepunkt.sqlite3"),
    "vault": _vault(read("KNUTEPUNKT_VAULT_URL")),
}
DATABASE_ROUTERS = ["knutepunkt.config.routing.VaultRouter"]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# --- People -----------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "knutepunkt.people.adapters.ByInvitation"
SOCIALACCOUNT_ADAPTER = "knutepunkt.people.adapters.SignInOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# One address at a time; the new one takes over when the link sent to it has been opened.
ACCOUNT_CHANGE_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "add_webauthn": "knutepunkt.people.passkeys.AddPasskeyForm",
    "edit_webauthn": "knutepunkt.people.passkeys.EditPasskeyForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_PRODUCTION
try:
    SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": oidc_apps(read("KNUTEPUNKT_OIDC"))}}
except ValueError as _problem:
    raise ImproperlyConfigured(f"Not started.\n- {_problem}") from _problem
# A form that ends at another host is stopped by our own form-action; a link is not.
SOCIALACCOUNT_LOGIN_ON_GET = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "site:start"

# --- Language, time, files --------------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Bokmål")), ("nn", _("Nynorsk")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "site" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if IS_PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not IS_PRODUCTION

# --- E-mail -----------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = read("KNUTEPUNKT_EMAIL_FROM")
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if read("KNUTEPUNKT_EMAIL_URL"):
    from urllib.parse import unquote, urlsplit

    _mail = urlsplit(read("KNUTEPUNKT_EMAIL_URL"))
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = _mail.hostname or "localhost"
    EMAIL_PORT = _mail.port or 587
    EMAIL_HOST_USER = unquote(_mail.username or "")
    EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
    EMAIL_USE_SSL = _mail.scheme == "smtps"
    EMAIL_USE_TLS = _mail.scheme == "smtp+tls" or (_mail.scheme == "smtp" and EMAIL_PORT == 587)

# --- Browser security -------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# Not "no-referrer": browsers then call the origin of our own forms "null", and refuse to post them.
# Participants' pages need no such check and set "no-referrer" themselves.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _COOKIES_SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = IS_PRODUCTION
SECURE_HSTS_SECONDS = 31536000 if IS_PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_PRODUCTION
if is_yes(read("KNUTEPUNKT_PROXY")):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Logs: never a slip, an address, a length or a time finer than the hour on answering pages --
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "filters": {"quiet": {"()": "knutepunkt.config.logs.NothingOfAnswering"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["quiet"],
        }
    },
    # Django gives its own loggers a console of their own in development; ours is the only one.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        # A refused address can hold the secret of a link; refusals are not written down.
        "django.request": {"level": "ERROR"},
        # Whoever asks for another host name writes it himself, and could write anything.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
    "root": {"handlers": ["console"], "level": read("KNUTEPUNKT_LOG_LEVEL")},
}
