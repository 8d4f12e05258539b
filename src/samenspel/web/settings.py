"""Settings of the server, all from the environment, with defaults that are safe.

``SAMENSPEL_DATA``: the folder of the embedded database and of the secret key.
``SAMENSPEL_DATABASE``: ``postgresql://…`` for a database of one's own, else SQLite in that folder.
``SAMENSPEL_SECRET_KEY``: what cookies and links are signed with, else the file ``secret-key`` in
the folder, which ``samenspel serve`` makes once.
``SAMENSPEL_HOSTS``: the names by which others reach the server, with commas between; without,
only this machine reaches it.
``SAMENSPEL_HTTPS``: 1 where it is reached by https only, 0 where not; without, 1 once it has names.
``SAMENSPEL_PROXY``: the address of the proxy in front, whose word is taken for who asks.
``SAMENSPEL_JOBS_POLL``, ``_BEAT``, ``_KEEP``, ``_SWEEP``, ``_LIMIT``: seconds, the pace of the
worker (``register.jobs.pace``).
``SAMENSPEL_AUDIT_DAYS``: for how many days the audit keeps sign-ins.
``SAMENSPEL_OIDC_ISSUER``, ``_CLIENT_ID``, ``_CLIENT_SECRET_FILE``, ``_NAME``: sign-in elsewhere.
"""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from samenspel.web.environment import (
    answered,
    database,
    days,
    given_key,
    hosts,
    oidc,
    paces,
    proxy,
    stored_key,
)

HERE = Path(__file__).parent
DATA = Path(os.environ.get("SAMENSPEL_DATA") or "samenspel-data").absolute()

SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(DATA / "samenspel.sqlite3"),
    "OPTIONS": {
        # A writer takes its turn at the start, so that no two find out half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        "PRAGMA cache_size=-65536; PRAGMA mmap_size=1073741824;",  # a long history reads fast
    },
}
DATABASES: dict[str, Any] = {"default": database(os.environ) or SQLITE}

# Without a key that is kept, one for this process alone: nothing signed with it outlives it.
SECRET_KEY = given_key(os.environ) or stored_key(DATA) or secrets.token_urlsafe(50)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
NAMES = hosts(os.environ)
ALLOWED_HOSTS = [*LOOPBACK, *NAMES]
HTTPS = answered("SAMENSPEL_HTTPS", any(name not in LOOPBACK for name in NAMES))
PROXY = proxy(os.environ)
OIDC = oidc(os.environ)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "samenspel.register.apps.RegisterConfig",
    "samenspel.web.apps.WebConfig",
]
MIDDLEWARE = [
    "samenspel.web.middleware.Told",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "samenspel.web.middleware.Spoken",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "samenspel.web.middleware.Explained",
]
ROOT_URLCONF = "samenspel.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "environment": "samenspel.web.templating.environment",
            "context_processors": ["samenspel.web.templating.shown_everywhere"],
        },
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True  # nothing is gathered beforehand
WHITENOISE_ALLOW_ALL_ORIGINS = False

# The counts of attempts stand in the database, so that every process sees them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "web_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

AUTH_USER_MODEL = "register.Account"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "Europe/Brussels"
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]

# Passwords (status: choice): Argon2, at least twelve characters, none that many use.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LEAST_PASSWORD = 12
VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": f"{VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": LEAST_PASSWORD}},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATION}.NumericPasswordValidator"},
]

# Sign-ins tell where somebody was and when, so the audit keeps them for a year (status: choice).
AUDIT_SIGN_IN_DAYS = days("SAMENSPEL_AUDIT_DAYS", 365)

# Sessions (status: choice): a working day, and gone with the browser.
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "samenspel_session"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "samenspel_csrf"
CSRF_COOKIE_AGE = None  # gone with the browser
LANGUAGE_COOKIE_NAME = "samenspel_language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())

SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *([OIDC.origin] if OIDC else [])],
        "base-uri": [NONE],
    }
}

# What somebody may send (status: choice): a form, and at most a workbook.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
MOST_SENT = 50_000_000  # bytes of a whole request

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "samenspel.web.adapters.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # nobody signs up; the library wants to know
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator knows to whom the link is given
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_FORMS = {
    "login": "samenspel.web.forms.SignIn",
    "reauthenticate": "samenspel.web.forms.Again",
    "change_password": "samenspel.web.forms.ChangePassword",
    "set_password": "samenspel.web.forms.SetPassword",
}
# Attempts (status: choice), per address and per account.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/5m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
MFA_ADAPTER = "samenspel.web.adapters.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Samenspel"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off
MFA_FORMS = {
    "authenticate": "samenspel.web.forms.Code",
    "reauthenticate": "samenspel.web.forms.CodeAgain",
    "activate_totp": "samenspel.web.forms.FirstCode",
}
SOCIALACCOUNT_ADAPTER = "samenspel.web.adapters.Elsewhere"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OIDC.app], "OAUTH_PKCE_ENABLED": True}} if (
    OIDC
) else {}  # fmt: skip

SILENCED_SYSTEM_CHECKS: list[str] = []

# The pace of the worker of jobs; what is not said here, it chooses.
JOBS = paces(os.environ)
